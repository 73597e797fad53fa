"""Tracked links with what they brought."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse

from accounts.models import Organization
from monitoring.conversions.models import ClickDay, TrackedLink


@dataclass(frozen=True)
class LinkFigures:
    """A link and its clicks since it was made: by people, by the same people soon again, by programs."""

    link: TrackedLink
    address: str
    visits: int
    repeats: int
    bots: int


def short_address(link: TrackedLink) -> str:
    return settings.PUBLIC_URL + reverse("conversions:follow", args=[link.slug])


def list_links(*, organization: Organization, archived: bool = False) -> list[LinkFigures]:
    """Newest first."""
    links = TrackedLink.objects.filter(organization=organization, archived_at__isnull=not archived)
    sums = ClickDay.objects.filter(organization_id=organization.pk).values_list("link_id")
    counts = {
        link_id: counts for link_id, *counts in sums.annotate(Sum("visits"), Sum("repeats"), Sum("bots"))
    }
    return [
        LinkFigures(link, short_address(link), *counts.get(link.pk, (0, 0, 0)))
        for link in links.order_by("-created_at", "-pk")
    ]
