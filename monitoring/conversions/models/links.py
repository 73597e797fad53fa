"""Short links on our own host, and who followed them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models.campaigns import LONGEST_WORD, Campaign
from monitoring.conversions.models.channels import Channel
from monitoring.listening.models import Mention

LONGEST_SLUG = 40
LONGEST_ADDRESS = 2000


class TrackedLink(models.Model):
    """`/l/<slug>`: leads to the target and counts who followed. An archived one goes on working: it may be printed.

    After `expires_at` it leads to the fallback, or where there is none to a page that says so.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="tracked_links")
    slug = models.CharField(_("ending"), max_length=LONGEST_SLUG, unique=True)
    target = models.CharField(_("leads to"), max_length=LONGEST_ADDRESS)
    label = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("where you put it"), max_length=20, choices=Channel)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    # Empty: what the channel and the name of the link suggest.
    utm_source = models.CharField(max_length=LONGEST_WORD, blank=True)
    utm_medium = models.CharField(max_length=LONGEST_WORD, blank=True)
    utm_content = models.CharField(max_length=LONGEST_WORD, blank=True)
    # Where it was put, if that is known: in a post of ours, or in an answer to a mention.
    post = models.ForeignKey(
        PublishedPost, on_delete=models.SET_NULL, null=True, blank=True, related_name="links"
    )
    mention = models.ForeignKey(Mention, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("works until"), null=True, blank=True)
    fallback = models.CharField(_("leads afterwards to"), max_length=LONGEST_ADDRESS, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organization", "-created_at"], name="latest_links")]

    def __str__(self) -> str:
        return self.label


class Click(models.Model):
    """One redirect. Written in batches by a worker, at least once; `click_id` keeps it from being counted twice.

    `visitor` is a hash of address and browser with a salt that is forgotten after two days: nobody can be found
    again by it, not even by us.
    """

    click_id = models.UUIDField(unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_index=False)
    link = models.ForeignKey(TrackedLink, on_delete=models.CASCADE, related_name="clicks", db_index=False)
    clicked_at = models.DateTimeField()
    visitor = models.CharField(max_length=32)
    is_bot = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["link", "visitor", "clicked_at"], name="clicks_of_a_visitor"),
            models.Index(fields=["organization", "-clicked_at"], name="latest_clicks"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.clicked_at:%Y-%m-%d %H:%M}"
