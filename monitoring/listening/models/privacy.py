"""What an organization owes to those who speak: how long it keeps their words, and whose it does not keep at all."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.sealed import SealedField


class RetentionLimit(models.Model):
    """An organization keeps a platform's mentions no longer than this, counted from when they were collected.

    Without one they stay as long as the platform allows. The platform's own limit holds in any case.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="retention_limits")
    platform = models.CharField(max_length=40)
    days = models.PositiveIntegerField(_("days"), validators=[MinValueValidator(1)])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "platform"], name="one_limit_per_platform"),
        ]

    def __str__(self) -> str:
        return f"{self.platform}: {self.days}"


class ErasureKey(models.Model):
    """With this key an organization's erased authors are hashed. Random, sealed like a credential, never changed:

    so the hashes survive new secrets of the instance, and nobody can compare them between organizations.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="erasure_key"
    )
    sealed_key = SealedField()

    def __str__(self) -> str:
        return f"Erasure key of {self.organization_id}"


class ErasedAuthor(models.Model):
    """Somebody whose posts are not kept again. Only a keyed hash tells who it is."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="erased_authors", db_index=False
    )
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "digest"], name="one_hash_per_erased_author"),
        ]

    def __str__(self) -> str:
        return f"Erased on {self.erased_at:%Y-%m-%d}"
