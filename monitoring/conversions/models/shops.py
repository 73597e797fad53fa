"""Shops whose orders we read, and what they sent us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.encryption import seal, unseal
from accounts.models import Organization
from accounts.sealed import SealedField


class ShopConnection(models.Model):
    """One shop of the organization. Its credentials and the secret of its webhooks are sealed."""

    class Status(models.TextChoices):
        OK = "ok", _("Connected")
        NEEDS_RECONNECTION = "needs_reconnection", _("Needs to be connected again")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="shops")
    shop = models.CharField(max_length=20)  # the slug of the connector
    address = models.CharField(max_length=255, blank=True)  # its host, where each shop has its own
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=32, unique=True)  # stands in the address of its webhooks
    sealed_credentials = SealedField()
    sealed_webhook_secret = SealedField()
    status = models.CharField(max_length=20, choices=Status, default=Status.OK)
    last_error = models.TextField(blank=True)
    cursor = models.JSONField(default=dict, blank=True)
    due_at = models.DateTimeField(null=True)  # empty: it is not polled
    lease_until = models.DateTimeField(null=True)
    last_polled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "shop", "address"], name="one_connection_per_shop"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=~models.Q(due_at=None), name="shops_to_poll"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def credentials(self) -> Mapping[str, str]:
        return unseal(self.sealed_credentials)

    @credentials.setter
    def credentials(self, value: Mapping[str, str]) -> None:
        self.sealed_credentials = seal(value)

    @property
    def webhook_secret(self) -> str:
        return unseal(self.sealed_webhook_secret).get("secret", "") if self.sealed_webhook_secret else ""

    @webhook_secret.setter
    def webhook_secret(self, value: str) -> None:
        self.sealed_webhook_secret = seal({"secret": value}) if value else ""


class SeenOrder(models.Model):
    """The newest version of an order that a shop told us, whether it counts or not: what is older changes nothing."""

    connection = models.ForeignKey(
        ShopConnection, on_delete=models.CASCADE, related_name="seen_orders", db_index=False
    )
    external_id = models.CharField(max_length=100)
    told_at = models.DateTimeField(null=True)  # as the shop dates this version
    digest = models.CharField(max_length=32)  # of what it said

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "external_id"], name="one_version_per_order"),
        ]

    def __str__(self) -> str:
        return self.external_id


class Delivery(models.Model):
    """One webhook call: stored as it came, then worked on. The body goes when it is old; the line stays longer."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RECORDED = "recorded", _("Recorded")
        NOTHING_NEW = "nothing_new", _("Known already")
        IGNORED = "ignored", _("Not needed")
        TEST = "test", _("Test")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Not understood")

    connection = models.ForeignKey(
        ShopConnection, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    # What the sender calls it, or for a refused one, which may claim anything, a text of our own.
    delivery_id = models.CharField(max_length=200)
    topic = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    body = models.BinaryField(default=b"")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    processed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "delivery_id"], name="one_delivery_per_id"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "-received_at", "-id"], name="latest_deliveries"),
            models.Index(
                fields=["received_at"], condition=models.Q(outcome="waiting"), name="deliveries_to_work_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.received_at:%Y-%m-%d %H:%M}"
