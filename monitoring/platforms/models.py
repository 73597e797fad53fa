"""The organization's own profiles on platforms, and what asking a paid platform has cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import seal, unseal
from accounts.models import Organization
from accounts.sealed import SealedField


class ConnectedAccount(models.Model):
    """An organization's profile on a platform, with the credentials to act as it, sealed; or a further server."""

    class Status(models.TextChoices):
        OK = "ok", _("Connected")
        NEEDS_RECONNECTION = "needs_reconnection", _("Needs to be connected again")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="connected_accounts"
    )
    platform = models.CharField(_("platform"), max_length=30)
    server = models.CharField(_("server"), max_length=255, blank=True)
    handle = models.CharField(_("handle"), max_length=255)
    sealed_credentials = SealedField()
    sealed_session = SealedField()
    status = models.CharField(max_length=20, choices=Status, default=Status.OK)
    last_error = models.TextField(blank=True)
    monthly_spend_limit = models.DecimalField(
        _("monthly limit in US dollars"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    # Whether posts are asked for again once a month, where each one asked for costs money.
    rechecks_posts = models.BooleanField(
        _("look every month whether stored posts still exist"), default=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "platform", "server", "handle"], name="one_account_per_profile"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handle} · {self.platform}"

    @property
    def has_credentials(self) -> bool:
        """Without any it stands for a server, or a feed, that is read as anybody may."""
        return bool(self.sealed_credentials)

    @property
    def credentials(self) -> Mapping[str, str]:
        """As typed when the account was connected; WrongKey if they cannot be opened."""
        return unseal(self.sealed_credentials)

    @credentials.setter
    def credentials(self, value: Mapping[str, str]) -> None:
        """New credentials end the log-in that the old ones began."""
        self.sealed_credentials = seal(value)
        self.sealed_session = ""


class Spending(models.Model):
    """What requests to a paid platform cost in one month (UTC), money set aside included."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="platform_spending")
    account = models.ForeignKey(
        ConnectedAccount, on_delete=models.SET_NULL, null=True, related_name="spending"
    )
    platform = models.CharField(max_length=30)
    month = models.DateField(help_text="Its first day.")
    amount = models.DecimalField(max_digits=12, decimal_places=4, help_text="US dollars.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "month"], name="one_spending_per_month"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="spending_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} · {self.month:%Y-%m} · {self.amount}"
