"""What lets programs in, and the first owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organizations import Organization

EXPIRES_SOON: Final = timedelta(days=14)


class TokenScope(models.TextChoices):
    """What a program may do with a token."""

    CONVERSIONS = "conversions", _("Report conversions")


class ApiToken(models.Model):
    """Lets a program act for an organization. Only a hash is kept; the token itself is shown once."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(max_length=40, choices=TokenScope)
    hint = models.CharField(max_length=12, help_text="The first characters, so that people recognize it.")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # None: works until it is revoked
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def expires_soon(self) -> bool:
        """While there still is time to make another one."""
        return (
            self.expires_at is not None
            and not self.is_expired
            and self.expires_at <= timezone.now() + EXPIRES_SOON
        )


class SetupLink(models.Model):
    """The one-time link by which the first owner claims a fresh instance. Only a hash is kept."""

    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
