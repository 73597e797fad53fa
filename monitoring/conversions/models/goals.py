"""What an organization wants to reach, and whether it did."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.conversions import DECIMALS, DIGITS, LONGEST_KIND, validate_kind


class Measure(models.TextChoices):
    NUMBER = "number", _("How many")
    AMOUNT = "amount", _("How much money")


class Cadence(models.TextChoices):
    """How often a goal begins anew."""

    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    ONCE = "once", _("Once, between two dates")


class Goal(models.Model):
    """A conversion target. A changed goal is a new row, so that the past keeps what it was measured against.

    Several may be active. The main one is that of the overview: there is one as long as any is active.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="goals")
    name = models.CharField(_("name"), max_length=120, blank=True)
    counts = models.CharField(_("what counts"), max_length=LONGEST_KIND, validators=[validate_kind])
    measure = models.CharField(_("measured as"), max_length=10, choices=Measure, default=Measure.NUMBER)
    target = models.DecimalField(_("target"), max_digits=DIGITS, decimal_places=DECIMALS)
    currency = models.CharField(_("currency"), max_length=3, blank=True)  # empty for a number
    cadence = models.CharField(_("period"), max_length=10, choices=Cadence, default=Cadence.MONTH)
    first_day = models.DateField(_("first day"), null=True, blank=True)  # of a goal that comes once
    last_day = models.DateField(_("last day"), null=True, blank=True)
    is_main = models.BooleanField(default=True)
    # Empty: wherever a customer comes from.
    channels = ArrayField(models.CharField(max_length=20, choices=Channel), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization"], condition=models.Q(ended_at=None), name="active_goals"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(ended_at=None, is_main=True),
                name="one_main_goal",
            ),
            models.CheckConstraint(
                condition=(models.Q(cadence=Cadence.ONCE) & models.Q(last_day__gte=models.F("first_day")))
                | (~models.Q(cadence=Cadence.ONCE) & models.Q(first_day=None, last_day=None)),
                name="goal_dates",
            ),
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


class GoalResult(models.Model):
    """A period of a goal that is over, as it stood when it was closed; a later refund is told, not hidden."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="results", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()
    reached = models.DecimalField(max_digits=24, decimal_places=DECIMALS)
    # By now, late entries and refunds included. Triggers (migration 0008) forget it when a count of its days changes.
    comes_to = models.DecimalField(max_digits=24, decimal_places=DECIMALS, null=True)
    closed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["goal"], condition=models.Q(comes_to=None), name="results_to_recount"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "first_day"], name="one_result_per_period"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.first_day}: {self.reached}"
