"""All that an organization watches, in one reading: coverage, health and freshness of every source it needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.listening.models import Brand, BrandKind, SourceKind
from monitoring.listening.selectors.coverage import Coverage, PlatformHealth, Watched, health_by_platform

# Written by hand: every overview asks it. Gaps and brands come as arrays, so that a source is one row.
_NAMES: Final = (
    "platform", "covered_since", "covered_until", "kind", "failures", "due_at", "lease_until", "error",
)  # fmt: skip
_WATCHED: Final = f"""
    select {", ".join(f"source.{name}" for name in _NAMES)},
        array_remove(array_agg(distinct keyword.brand_id), null),
        coalesce(bool_or(owner.kind = %(own)s), false),
        array(select began_at from listening_coveragegap where source_id = source.id order by id),
        array(select ended_at from listening_coveragegap where source_id = source.id order by id)
    from listening_subscription subscription
    join listening_source source on source.id = subscription.source_id
    left join listening_keyword keyword on keyword.id = subscription.keyword_id
    left join listening_trackedprofile profile on profile.id = subscription.profile_id
    left join listening_brand owner on owner.id = profile.brand_id
    where subscription.organization_id = %(organization)s
    group by source.id order by source.platform, source.id
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True, kw_only=True)
class WatchedSource(Watched):
    """The same with how reading it goes, and for whom it is read."""

    kind: str
    failures: int
    due_at: datetime
    lease_until: datetime | None
    error: str
    brands: frozenset[int]  # whose keywords are searched for there
    is_own: bool  # one of our own profiles


@dataclass(frozen=True)
class Watch:
    sources: list[WatchedSource]
    now: datetime

    def coverage(self, brands: Iterable[Brand]) -> Coverage:
        """What the searches for these brands' keywords could see."""
        wanted = {brand.pk for brand in brands}
        searches = (source for source in self.sources if source.kind == SourceKind.SEARCH)
        return Coverage([source for source in searches if source.brands & wanted], self.now)

    @property
    def own_posts(self) -> list[WatchedSource]:
        """Where the posts of our own profiles are read."""
        return [source for source in self.sources if source.is_own and source.kind == SourceKind.POSTS]

    @property
    def own_profiles(self) -> list[WatchedSource]:
        return [source for source in self.sources if source.is_own and source.kind == SourceKind.PROFILE]

    def health(self) -> list[PlatformHealth]:
        """How each platform's sources are doing, the troubled ones first."""
        return health_by_platform(self.sources)


def read_watch(*, organization: Organization, now: datetime) -> Watch:
    with connection.cursor() as cursor:
        cursor.execute(_WATCHED, {"organization": organization.pk, "own": BrandKind.OWN.value})
        return Watch([_source(row) for row in cursor.fetchall()], now)


def _source(row: tuple[Any, ...]) -> WatchedSource:
    (*known, brands, is_own, began, ended) = row
    named = dict(zip(_NAMES, known, strict=True))
    gaps = tuple(zip(began, ended, strict=True))
    return WatchedSource(**named, brands=frozenset(brands), is_own=is_own, gaps=gaps)
