"""What it took: money, and minutes of people; and what the return is computed with."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models.campaigns import Campaign
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.conversions import DECIMALS, DIGITS


class Spend(models.Model):
    """Money spent each day from the first to the last: an advertisement, a boosted post, samples."""

    class Kind(models.TextChoices):
        ADS = "ads", _("Advertisement")
        BOOST = "boost", _("Boosted post")
        SAMPLES = "samples", _("Samples and gifts")
        OTHER = "other", _("Something else")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="spend")
    kind = models.CharField(_("for what"), max_length=10, choices=Kind, default=Kind.ADS)
    channel = models.CharField(_("where"), max_length=20, choices=Channel, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="spend"
    )
    post = models.ForeignKey(
        PublishedPost, on_delete=models.SET_NULL, null=True, blank=True, related_name="spend"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    amount_a_day = models.DecimalField(_("a day"), max_digits=DIGITS, decimal_places=DECIMALS)
    currency = models.CharField(_("currency"), max_length=3)
    note = models.CharField(_("note"), max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=200)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "idempotency_key"], name="one_spend_per_key"),
            models.CheckConstraint(condition=models.Q(amount_a_day__gte=0), name="spend_not_negative"),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="spend_ends_after_it_starts"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "first_day", "last_day"], name="spend_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_a_day} {self.currency} · {self.first_day} to {self.last_day}"


class TimeSpent(models.Model):
    """Minutes somebody worked for social media. While a timer runs there are none yet."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="time_spent")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    day = models.DateField(_("day"))  # the organization's local day
    minutes = models.PositiveIntegerField(_("minutes"), null=True, validators=[MaxValueValidator(24 * 60)])
    started_at = models.DateTimeField(null=True)  # by the timer
    channel = models.CharField(_("where"), max_length=20, choices=Channel, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="time_spent"
    )
    post = models.ForeignKey(
        PublishedPost, on_delete=models.SET_NULL, null=True, blank=True, related_name="time_spent"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "user"], condition=models.Q(minutes=None), name="one_running_timer"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organization", "-day"], name="time_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.minutes} min"


class Assumptions(models.Model):
    """What the organization says about itself, and the credits and the return are computed with."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="assumptions")
    # Percent of a sale that is left after goods, packing and postage. Without it no return is claimed.
    margin = models.DecimalField(
        _("margin in percent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    hourly_rate = models.DecimalField(
        _("what an hour costs"),
        max_digits=DIGITS,
        decimal_places=DECIMALS,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # in the organization's currency
    minutes_a_week = models.PositiveIntegerField(_("minutes a week for social media"), null=True, blank=True)
    window_days = models.PositiveSmallIntegerField(
        _("days before an order that count"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    half_life_days = models.PositiveSmallIntegerField(
        _("days after which a touch counts half"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.margin} %"
