"""What an organization wants to reach."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.conversions import DECIMALS, DIGITS, Kind


class Measure(models.TextChoices):
    NUMBER = "number", _("How many")
    AMOUNT = "amount", _("How much money")


class Cadence(models.TextChoices):
    """How often a goal begins anew."""

    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")


class Goal(models.Model):
    """A conversion target. A changed goal is a new row, so that the past keeps what it was measured against.

    One goal is active at a time for now (`services.goals` sees to that); nothing here forbids several.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="goals")
    name = models.CharField(_("name"), max_length=120, blank=True)
    counts = models.CharField(_("what counts"), max_length=10, choices=Kind)
    measure = models.CharField(_("measured as"), max_length=10, choices=Measure, default=Measure.NUMBER)
    target = models.DecimalField(_("target"), max_digits=DIGITS, decimal_places=DECIMALS)
    currency = models.CharField(_("currency"), max_length=3, blank=True)  # empty for a number
    cadence = models.CharField(_("period"), max_length=10, choices=Cadence, default=Cadence.MONTH)
    # Empty: wherever a customer comes from.
    channels = ArrayField(models.CharField(max_length=20, choices=Channel), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization"], condition=models.Q(ended_at=None), name="active_goals"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(target__gt=0), name="goal_target_above_zero"),
            models.CheckConstraint(
                condition=models.Q(measure=Measure.NUMBER, currency="")
                | (models.Q(measure=Measure.AMOUNT) & ~models.Q(currency="")),
                name="goal_amount_has_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.normalize():f} {self.currency} {self.counts} · {self.cadence}"

    @property
    def is_money(self) -> bool:
        return self.measure == Measure.AMOUNT
