"""The organization's own site, and who came to it from where."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from monitoring.conversions.models.campaigns import LONGEST_WORD, Campaign
from monitoring.conversions.models.channels import Channel
from monitoring.conversions.models.links import LONGEST_ADDRESS, TrackedLink


class Site(models.Model):
    """Lets the pages of some hosts tell us of visits and conversions. `key` stands in the snippet and is no secret."""

    organization = models.OneToOneField(Organization, on_delete=models.CASCADE, related_name="site")
    key = models.CharField(max_length=24, unique=True)
    hosts = ArrayField(models.CharField(max_length=253), default=list)
    asks_how_heard = models.BooleanField(_("ask “How did you hear of us?” after an order"), default=False)
    last_event_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return ", ".join(self.hosts)


class Visit(models.Model):
    """Somebody came to the site by one of our links, or with a tag in the address. Direct visits are not kept.

    `visitor` is the hash that clicks have too: it ties what happens within one day together, and nothing more.
    """

    visit_id = models.UUIDField(unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    occurred_at = models.DateTimeField()
    visitor = models.CharField(max_length=32)
    click_id = models.UUIDField(null=True)  # of the click that led here, if it was one of our links
    link = models.ForeignKey(
        TrackedLink, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    utm_source = models.CharField(max_length=LONGEST_WORD, blank=True)
    utm_medium = models.CharField(max_length=LONGEST_WORD, blank=True)
    utm_campaign = models.CharField(max_length=LONGEST_WORD, blank=True)
    landing = models.CharField(max_length=LONGEST_ADDRESS, blank=True)  # the path only
    referrer = models.CharField(max_length=253, blank=True)  # the host only
    is_bot = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organization", "visitor", "-occurred_at"], name="visits_of_a_visitor"),
            models.Index(fields=["organization", "-occurred_at"], name="latest_visits"),
            models.Index(fields=["click_id"], condition=~models.Q(click_id=None), name="visits_by_click"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.occurred_at:%Y-%m-%d %H:%M}"
