"""Counts by local day, kept exact by triggers (migration 0002). Nothing else writes here.

When the organization goes, the database removes them: the triggers' own foreign keys say so.
"""

from __future__ import annotations

from django.db import models

from monitoring.conversions.models.conversions import DECIMALS


class ConversionDay(models.Model):
    """Conversions that are not voided. The currency is empty for those without an amount."""

    pk = models.CompositePrimaryKey("organization_id", "day", "kind", "channel", "currency")
    organization_id = models.BigIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    number = models.BigIntegerField(default=0)
    amount = models.DecimalField(max_digits=24, decimal_places=DECIMALS, default=0)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.day} {self.kind} {self.channel}: {self.number}"


class ClickDay(models.Model):
    """Clicks of a link on a day: by people, repeated ones, and those of robots."""

    pk = models.CompositePrimaryKey("organization_id", "day", "link_id")
    organization_id = models.BigIntegerField()
    day = models.DateField()
    link_id = models.BigIntegerField()
    visits = models.BigIntegerField(default=0)
    repeats = models.BigIntegerField(default=0)
    bots = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}: {self.visits}"
