"""Tracked links with what they brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.models import Campaign, ClickDay, TrackedLink

SHOWN = 50


@dataclass(frozen=True)
class LinkFigures:
    """A link and its clicks since it was made: by people, by the same people soon again, by programs."""

    link: TrackedLink
    address: str
    visits: int
    repeats: int
    bots: int

    @property
    def has_ended(self) -> bool:
        return self.link.expires_at is not None and self.link.expires_at <= timezone.now()


def short_address(link: TrackedLink) -> str:
    return settings.PUBLIC_URL + reverse("conversions:follow", args=[link.slug])


def list_links(
    *,
    organization: Organization,
    archived: bool = False,
    campaign: Campaign | None = None,
    before: int | None = None,
    limit: int | None = SHOWN,
) -> list[LinkFigures]:
    """Newest first; `before` is the last link of the page before."""
    links = TrackedLink.objects.filter(organization=organization, archived_at__isnull=not archived)
    if campaign is not None:
        links = links.filter(campaign=campaign)
    if before is not None:
        links = links.filter(pk__lt=before)
    found = list(links.select_related("campaign").order_by("-pk")[:limit])
    counts = _counts(organization, found)
    return [LinkFigures(link, short_address(link), *counts.get(link.pk, (0, 0, 0))) for link in found]


def _counts(organization: Organization, links: Iterable[TrackedLink]) -> dict[int, list[int]]:
    days = ClickDay.objects.filter(organization_id=organization.pk, link_id__in=[link.pk for link in links])
    sums = days.values_list("link_id").annotate(Sum("visits"), Sum("repeats"), Sum("bots"))
    return {link_id: counts for link_id, *counts in sums}
