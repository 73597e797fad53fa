"""What leaves the house: the weekly letter, and months that are shared by link."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Membership, Organization, User


class LetterChoice(models.Model):
    """Whether a member wants the weekly letter. Who never chose gets it."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="letter_choice")
    wants = models.BooleanField(default=True)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.wants}"


class Letter(models.Model):
    """One member's letter of one week. Written before it is sent; a letter without `sent_at` is tried again."""

    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="letters", db_index=False
    )
    monday = models.DateField()  # on which it is due, where the reader lives
    sent_at = models.DateTimeField(null=True)
    # Why the mail server did not take it, last time.
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["membership", "monday"], name="one_letter_a_week"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.monday}"


class SharedMonth(models.Model):
    """A month that whoever holds the link may read. Only a hash of the link is kept."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="shared_months")
    first_day = models.DateField()
    digest = models.CharField(max_length=64, unique=True)
    shows_money = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.first_day:%Y-%m}"
