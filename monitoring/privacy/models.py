"""What an organization tells those who speak about it, what they ask of it, and what was erased for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User

LONGEST_TEXT = 20_000


class PrivacyPage(models.Model):
    """The organization's public privacy page. Nobody sees it before somebody published it."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="privacy_page")
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)  # Markdown
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Privacy page of {self.organization_id}"

    def get_absolute_url(self) -> str:
        return f"/privacy/{self.organization.slug}/"


class Erasure(models.Model):
    """An author whose posts are being deleted, or were. Who it was is forgotten with the last post; a hint stays."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="erasures")
    platform = models.CharField(max_length=40)
    author_key = models.CharField(max_length=600, blank=True)  # empty once it is done
    handle = models.CharField(max_length=500, blank=True)  # empty once it is done
    hint = models.CharField(max_length=40)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["created_at"], condition=models.Q(finished_at=None), name="erasures_to_do"),
        ]

    def __str__(self) -> str:
        return self.hint

    @property
    def share_done(self) -> float:
        if self.finished_at:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0


class AuthorRequest(models.Model):
    """Somebody who wrote about the organization asks to see or erase what it stores. The address is confirmed first."""

    class Wish(models.TextChoices):
        SEE = "see", _("See what is stored about me")
        ERASE = "erase", _("Erase what is stored about me")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("Answered")
        ERASED = "erased", _("Erased")
        REFUSED = "refused", _("Refused: not proven to be the author")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="author_requests")
    wish = models.CharField(_("what you ask for"), max_length=10, choices=Wish)
    platform = models.CharField(_("platform"), max_length=40)
    handle = models.CharField(_("your handle there"), max_length=200)
    email = models.EmailField(_("e-mail for the answer"))
    message = models.TextField(_("message"), max_length=2000, blank=True)
    language = models.CharField(max_length=10)
    code = models.CharField(
        max_length=12
    )  # proves the author: posted from the account, or put into its profile
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "confirmed_at"], name="requests_of_authors"),
        ]

    def __str__(self) -> str:
        return f"{self.wish} {self.handle}"

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is not None and self.closed_at is None
