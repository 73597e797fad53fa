"""The keywords of an organization, as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Prefetch

from accounts.models import Organization
from monitoring.listening.models import Keyword, KeywordVersion


@dataclass(frozen=True)
class TrackedKeyword:
    keyword: Keyword
    query: str
    searches: int  # how many it takes


def list_keywords(*, organization: Organization) -> Sequence[TrackedKeyword]:
    """By the kind and the name of their brands."""
    current = KeywordVersion.objects.filter(replaced_at=None)
    found = (
        Keyword.objects.filter(organization=organization)
        .select_related("brand")
        .prefetch_related(Prefetch("versions", queryset=current))
        .annotate(searches=Count("subscriptions"))
        .order_by("brand__kind", "brand__name", "pk")
    )
    return [
        TrackedKeyword(
            keyword, "".join(version.query for version in keyword.versions.all()), keyword.searches
        )
        for keyword in found
    ]
