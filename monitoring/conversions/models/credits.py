"""Who is credited with a conversion: its touches, and the credits by day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.conversions.models.campaigns import Campaign
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.conversions import DECIMALS, Conversion
from monitoring.conversions.models.links import TrackedLink

SHARE_DECIMALS = 6


class CreditModel(models.TextChoices):
    """Five answers to "what brought this?", shown side by side and never added together."""

    FIRST = "first", _("First touch")
    LAST = "last", _("Last touch")
    LINEAR = "linear", _("Equal parts")
    DECAY = "decay", _("Time decay")
    SAID = "said", _("What customers said")


class Touch(models.Model):
    """One time somebody came from somewhere before a conversion. Direct visits are none.

    `key` names what it was found by, so that finding it again changes nothing: a click, a visit, a tag, a coupon.
    """

    class Found(models.TextChoices):
        CLICK = "click", _("Tracked link")
        VISIT = "visit", _("Tagged visit")
        TAG = "tag", _("Tag in the shop's order")
        REFERRER = "referrer", _("Referring site")
        COUPON = "coupon", _("Coupon")
        TOLD = "told", _("Named by the program that reported it")

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    conversion = models.ForeignKey(
        Conversion, on_delete=models.CASCADE, related_name="touches", db_index=False
    )
    key = models.CharField(max_length=120)
    found = models.CharField(max_length=10, choices=Found)
    occurred_at = models.DateTimeField()
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    link = models.ForeignKey(TrackedLink, on_delete=models.SET_NULL, null=True, related_name="touches")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversion", "key"], name="one_touch_per_key"),
        ]

    def __str__(self) -> str:
        return f"{self.found} {self.occurred_at:%Y-%m-%d %H:%M}"


class CreditDay(models.Model):
    """Credits of the ledger's entries of a local day. Written by `crediting.days` alone, a day at a time.

    For each model the numbers and amounts of a day add up exactly to ConversionDay's. What nobody is credited with has
    no channel, campaign 0 and link 0. Whoever has a part of an entry has a row, also where its parts add up to zero.
    """

    pk = models.CompositePrimaryKey(
        "organization_id", "day", "model", "kind", "currency", "channel", "campaign_id", "link_id"
    )
    organization_id = models.BigIntegerField()
    day = models.DateField()
    model = models.CharField(max_length=10)
    kind = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=20)
    campaign_id = models.BigIntegerField()
    link_id = models.BigIntegerField()
    number = models.DecimalField(max_digits=24, decimal_places=SHARE_DECIMALS)
    amount = models.DecimalField(max_digits=24, decimal_places=DECIMALS)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.day} {self.model} {self.channel}: {self.number}"


class CreditDue(models.Model):
    """A local day whose credits must be computed anew. Triggers enter it with whatever changes it."""

    pk = models.CompositePrimaryKey("organization_id", "day")
    organization_id = models.BigIntegerField()
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.organization_id} {self.day}"
