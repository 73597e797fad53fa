"""A conversion: an order, a lead, a sign-up, a call, wherever it was told to us; and what was taken back of it."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from django.core.validators import RegexValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.links import TrackedLink
from monitoring.conversions.models.shops import ShopConnection

# Four decimals hold every ISO 4217 currency.
DIGITS: Final = 18
DECIMALS: Final = 4
LONGEST_KIND: Final = 40


class Kind(models.TextChoices):
    """What counts everywhere. An organization may name events of its own: a kind that is none of these.

    Visits are clicks on tracked links, tagged visits to the site, and visits a program reported; store visits are those
    entered at the counter.
    """

    ORDER = "order", _("Orders")
    LEAD = "lead", _("Leads")
    VISIT = "visit", _("Visits")
    SIGNUP = "signup", _("Sign-ups")
    CALL = "call", _("Calls")
    BOOKING = "booking", _("Bookings")
    STORE_VISIT = "store_visit", _("Store visits")


# These are worth no money at the moment they happen. Named events may be.
WORTH_NO_MONEY = (Kind.VISIT, Kind.STORE_VISIT, Kind.SIGNUP, Kind.CALL)
ONE_OF_A_KIND: dict[str, str | Promise] = {
    Kind.ORDER: _("Order"),
    Kind.LEAD: _("Lead"),
    Kind.VISIT: _("Visit"),
    Kind.SIGNUP: _("Sign-up"),
    Kind.CALL: _("Call"),
    Kind.BOOKING: _("Booking"),
    Kind.STORE_VISIT: _("Store visit"),
}
_KIND = re.compile(r"[a-z][a-z0-9_-]{0,39}")
validate_kind = RegexValidator(
    rf"\A{_KIND.pattern}\Z", _("Small letters, digits, - and _, and a letter first.")
)


def is_kind(text: str) -> bool:
    """Whether it is one of ours, or could be the name of an event of somebody's own."""
    return bool(_KIND.fullmatch(text))


def kind_label(kind: str) -> str:
    """What many of a kind are called; a named event is called by its name."""
    return str(Kind(kind).label) if kind in Kind.values else kind


class Origin(models.TextChoices):
    """Who told us."""

    COUNTER = "counter", _("Counter")
    API = "api", _("Your systems")
    SITE = "site", _("Your site")
    SHOP = "shop", _("Your shop")
    IMPORT = "import", _("A file")


class Conversion(models.Model):
    """One entry of the ledger, kept as it was told: own currency, exact amount.

    A refund or cancellation is an entry of its own, on its own date, that reverses another: `number` is -1 where the
    whole conversion is taken back and 0 where only money is, and the amount is not above zero. It has its original's
    kind, channel and currency. Voiding takes an entry out of every count and can be taken back.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=LONGEST_KIND, validators=[validate_kind])
    occurred_at = models.DateTimeField()
    number = models.SmallIntegerField(default=1)
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMALS, null=True)
    currency = models.CharField(max_length=3, blank=True)  # empty where there is no amount
    reverses = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="reversals")
    heard_of_us_from = models.CharField(max_length=20, choices=Channel, blank=True)  # what the customer said
    tracked_link = models.ForeignKey(
        TrackedLink, on_delete=models.SET_NULL, null=True, related_name="conversions"
    )
    # What it is counted under: what the customer said, or else its last touch.
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    connection = models.ForeignKey(
        ShopConnection, on_delete=models.SET_NULL, null=True, related_name="conversions"
    )
    idempotency_key = models.CharField(max_length=200)
    order_number = models.CharField(max_length=100, blank=True)  # as people at the shop call it
    note = models.CharField(max_length=300, blank=True)
    # What may tell where it came from: see crediting.evidence. Empty once there is nothing more to learn from it.
    evidence = models.JSONField(default=dict, blank=True)
    # When to look for its touches; empty when they are known.
    touches_due_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "idempotency_key"], name="one_conversion_per_key"
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=models.Q(number=-1), name="taken_back_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None, currency="")
                | (~models.Q(amount=None) & ~models.Q(currency="")),
                name="conversion_amount_has_currency",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses=None, number=1)
                & (models.Q(amount=None) | models.Q(amount__gte=0))
                | models.Q(reverses__isnull=False, number__in=(-1, 0))
                & (models.Q(amount=None) | models.Q(amount__lte=0)),
                name="only_reversals_subtract",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-occurred_at", "-id"], name="latest_conversions"),
            models.Index(
                fields=["touches_due_at"], condition=~models.Q(touches_due_at=None), name="touches_to_find"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%Y-%m-%d %H:%M}"

    @property
    def kind_label(self) -> str:
        return str(ONE_OF_A_KIND.get(self.kind, self.kind))
