"""A conversion: an order, a lead, a visit or a sign-up, wherever it was told to us."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.links import TrackedLink

# Four decimals hold every ISO 4217 currency.
DIGITS: Final = 18
DECIMALS: Final = 4


class Kind(models.TextChoices):
    """What counts. Visits are clicks on tracked links and visits entered at the counter."""

    ORDER = "order", _("Orders")
    LEAD = "lead", _("Leads")
    VISIT = "visit", _("Visits")
    SIGNUP = "signup", _("Sign-ups")


# Only these are worth money at the moment they happen.
WORTH_MONEY = (Kind.ORDER, Kind.LEAD)
ONE_OF_A_KIND = {
    Kind.ORDER: _("Order"),
    Kind.LEAD: _("Lead"),
    Kind.VISIT: _("Visit"),
    Kind.SIGNUP: _("Sign-up"),
}


class Origin(models.TextChoices):
    """Who told us."""

    COUNTER = "counter", _("Counter")
    API = "api", _("Your systems")


class Conversion(models.Model):
    """Kept as it was told: own currency, exact amount. Voiding takes it out of every count and can be taken back."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    occurred_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    currency = models.CharField(max_length=3, blank=True)  # empty where there is no amount
    heard_of_us_from = models.CharField(max_length=20, choices=Channel, blank=True)  # what the customer said
    tracked_link = models.ForeignKey(
        TrackedLink, on_delete=models.SET_NULL, null=True, related_name="conversions"
    )
    # What it is counted under: what the customer said, or else where the link was put.
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    idempotency_key = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "idempotency_key"], name="one_conversion_per_key"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None, currency="")
                | (models.Q(amount__gte=0) & ~models.Q(currency="")),
                name="conversion_amount_has_currency",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-occurred_at", "-id"], name="latest_conversions"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"

    @property
    def kind_label(self) -> str:
        return str(ONE_OF_A_KIND[Kind(self.kind)])
