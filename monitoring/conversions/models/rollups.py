"""Counts by local day, kept exact by triggers (migrations 0002 and 0004). Nothing else writes here.

When the organization goes, the database removes them: the triggers' own foreign keys say so.
"""

from __future__ import annotations

from django.db import models

from accounts.models import Organization
from monitoring.conversions.models.conversions import DECIMALS, LONGEST_KIND


class ConversionDay(models.Model):
    """The ledger's entries that are not voided, reversals subtracted on their own day.

    The currency is empty for those without an amount.
    """

    pk = models.CompositePrimaryKey("organization_id", "day", "kind", "channel", "currency")
    organization_id = models.BigIntegerField()
    day = models.DateField()
    kind = models.CharField(max_length=LONGEST_KIND)
    channel = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    number = models.BigIntegerField(default=0)
    amount = models.DecimalField(max_digits=24, decimal_places=DECIMALS, default=0)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.day} {self.kind} {self.channel}: {self.number}"


class DetailsKept(models.Model):
    """From when on an organization's clicks and visits are kept one by one; before that only their counts are left."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()
    first_day = models.DateField()  # which began then, where the organization was

    def __str__(self) -> str:
        return f"{self.organization_id} {self.first_day}"


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


class VisitDay(models.Model):
    """Visits to the site that came with a tag but without one of our links, whose clicks are counted already."""

    pk = models.CompositePrimaryKey("organization_id", "day", "channel", "campaign_id")
    organization_id = models.BigIntegerField()
    day = models.DateField()
    channel = models.CharField(max_length=20)
    campaign_id = models.BigIntegerField()  # 0: none
    visits = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day} {self.channel}: {self.visits}"
