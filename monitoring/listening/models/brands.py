"""Whom or what an organization listens for, and by which words."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.analysis.queries import MAX_LENGTH
from monitoring.platforms.models import ConnectedAccount


class BrandKind(models.TextChoices):
    OWN = "own", _("Our own")
    COMPETITOR = "competitor", _("Competitor")
    PRODUCT = "product", _("Product")
    TOPIC = "topic", _("Topic")


class Brand(models.Model):
    """Whom or what we listen for."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="brands")
    kind = models.CharField(_("kind"), max_length=12, choices=BrandKind, default=BrandKind.OWN)
    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_brand_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Keyword(models.Model):
    """One tracked query of a brand. Its text lives in versions, because a mention names what it matched."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="keywords")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="keywords")
    platforms = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # empty: everywhere
    paused_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Keyword {self.pk}"


class KeywordVersion(models.Model):
    """A keyword's query as it stood for a while. At most one version of a keyword is current."""

    keyword = models.ForeignKey(Keyword, on_delete=models.CASCADE, related_name="versions")
    query = models.CharField(_("query"), max_length=MAX_LENGTH)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["keyword"], condition=models.Q(replaced_at=None), name="one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return self.query


class TrackedProfile(models.Model):
    """A profile on a platform whose followers and posts a brand wants to know: ours, or a competitor's."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tracked_profiles")
    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="profiles")
    platform = models.CharField(max_length=40)
    server = models.CharField(max_length=255, blank=True)
    handle = models.CharField(max_length=500)
    account = models.ForeignKey(
        ConnectedAccount, on_delete=models.SET_NULL, null=True, related_name="profiles"
    )
    external_id = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["brand", "platform", "server", "handle"], name="one_profile_per_brand_and_handle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle} ({self.platform})"

    @property
    def web_address(self) -> str:
        """Where anybody can see it, if that is a web page."""
        return self.url if self.url.startswith(("https://", "http://")) else ""
