"""Campaigns, the coupon codes that belong to them, and the words an organization tags its links with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.conversions.models.channels import Channel

LONGEST_WORD = 100


class Campaign(models.Model):
    """Something done for a while to bring customers. `slug` is what `utm_campaign` says."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="campaigns")
    name = models.CharField(_("name"), max_length=120)
    slug = models.CharField(_("tag"), max_length=LONGEST_WORD)
    starts_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"), null=True, blank=True)  # its last day; empty: goes on
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("slug"), name="one_campaign_per_tag"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="campaign_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Coupon(models.Model):
    """A code that customers type when they order. Upper and lower case are the same."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="coupons")
    code = models.CharField(_("code"), max_length=60)
    channel = models.CharField(_("where you give it out"), max_length=20, choices=Channel, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="one_campaign_per_coupon"),
        ]

    def __str__(self) -> str:
        return self.code


class UtmField(models.TextChoices):
    """The parameters whose words an organization keeps. Campaigns are their own list."""

    SOURCE = "source", "utm_source"
    MEDIUM = "medium", "utm_medium"


class UtmWord(models.Model):
    """One word that links may be tagged with, in lower case, so that nobody counts `Facebook` beside `facebook`.

    `channel` says what a source stands for; a visit tagged with it counts there.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="utm_words")
    field = models.CharField(max_length=10, choices=UtmField)
    word = models.CharField(_("word"), max_length=LONGEST_WORD)
    channel = models.CharField(_("stands for"), max_length=20, choices=Channel, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "field", "word"], name="one_utm_word"),
            models.CheckConstraint(condition=models.Q(word=Lower("word")), name="utm_words_are_lower_case"),
        ]

    def __str__(self) -> str:
        return self.word
