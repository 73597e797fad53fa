"""What we know and what we do not: the coverage ledger, read for charts and for the sources page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Organization
from monitoring.lib.periods import ONE_DAY, Period, local_day
from monitoring.listening.models import Brand, CollectionRun, Source, SourceKind

# A source that was not read for so long has fallen silent; a shorter wait is its rhythm.
LONGEST_SILENCE = timedelta(days=2)
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Gap:
    """Days on which a platform could not be read."""

    platform: str
    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A source as far as coverage needs it: since and until when it was read, and when it was not."""

    platform: str
    covered_since: datetime | None
    covered_until: datetime | None
    gaps: tuple[tuple[datetime, datetime], ...] = ()


class Read(Protocol):
    """A source, as far as its health needs it."""

    @property
    def platform(self) -> str: ...
    @property
    def failures(self) -> int: ...
    @property
    def covered_until(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def lease_until(self) -> datetime | None: ...
    @property
    def error(self) -> str: ...


@dataclass(frozen=True)
class PlatformHealth:
    platform: str
    sources: int
    failing: int
    covered_until: datetime | None
    next_due_at: datetime
    error: str
    running: bool

    @property
    def is_working(self) -> bool:
        return not self.failing and self.covered_until is not None

    @property
    def is_unreached(self) -> bool:
        """It was asked, and nothing has ever come."""
        return bool(self.failing) and self.covered_until is None


def sources_of(organization: Organization) -> QuerySet[Source]:
    return Source.objects.filter(subscriptions__organization=organization).distinct()


def platform_health(*, organization: Organization) -> list[PlatformHealth]:
    """How each platform's sources are doing, the troubled ones first."""
    return health_by_platform(sources_of(organization).order_by("platform", "pk"))


def health_by_platform(sources: Iterable[Read]) -> list[PlatformHealth]:
    grouped: dict[str, list[Read]] = {}
    for source in sources:
        grouped.setdefault(source.platform, []).append(source)
    healths = (_health(platform, of_platform) for platform, of_platform in grouped.items())
    return sorted(healths, key=lambda health: (health.failing == 0, health.platform))


def _health(platform: str, sources: Sequence[Read]) -> PlatformHealth:
    failing = [source for source in sources if source.failures]
    covered = [source.covered_until for source in sources if source.covered_until]
    return PlatformHealth(
        platform=platform,
        sources=len(sources),
        failing=len(failing),
        covered_until=max(covered, default=None),
        next_due_at=min(source.due_at for source in sources),
        error=next((source.error for source in [*failing, *sources] if source.error), ""),
        running=any(source.lease_until and source.lease_until > timezone.now() for source in sources),
    )


@dataclass(frozen=True)
class Coverage:
    """What the searches of some brands could see. Read once, asked about any period."""

    sources: Sequence[Watched]
    now: datetime
    _known: dict[Period, Mapping[str, Set[date]]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def read_at(self) -> datetime | None:
        """When any of them was last read to the end: how fresh what they brought is."""
        return max((source.covered_until for source in self.sources if source.covered_until), default=None)

    def gaps(self, period: Period) -> list[Gap]:
        """Whole days about which a platform can tell us nothing: no data is not zero.

        A platform is silent on a day only when all the sources that these brands have there are.
        """
        return [
            gap
            for platform, days in sorted(self._silences(period).items())
            for gap in _joined(platform, sorted(days))
        ]

    def silent_days(self, period: Period) -> set[date]:
        """The days about which no platform at all can tell us anything."""
        silences = self._silences(period).values()
        return set[date]().union(*silences).intersection(*silences)

    def unread(self, period: Period) -> dict[date, set[str]]:
        """For each day of which some platforms can tell nothing: which these are."""
        return unread_by_day(self._silences(period))

    def _silences(self, period: Period) -> Mapping[str, Set[date]]:
        if period not in self._known:
            self._known[period] = silences_by_platform(self.sources, period, self.now)
        return self._known[period]


def silences_by_platform(sources: Iterable[Watched], period: Period, now: datetime) -> dict[str, Set[date]]:
    """A platform is silent on a day if all its sources are."""
    platforms: dict[str, list[set[date]]] = {}
    for source in sources:
        platforms.setdefault(source.platform, []).append(silent_days(source, period, now))
    return {platform: set.intersection(*silences) for platform, silences in platforms.items()}


def unread_by_day(silences: Mapping[str, Set[date]]) -> dict[date, set[str]]:
    platforms: dict[date, set[str]] = {}
    for platform, days in silences.items():
        for day in days:
            platforms.setdefault(day, set()).add(platform)
    return platforms


def read_coverage(*, brands: Iterable[Brand], now: datetime) -> Coverage:
    """Of all the searches for these brands' keywords, with their gaps."""
    found = _searches(brands).distinct().prefetch_related("gaps")
    return Coverage([watched(source) for source in found], now)


def _searches(brands: Iterable[Brand]) -> QuerySet[Source]:
    return Source.objects.filter(
        subscriptions__keyword__brand__in=[brand.pk for brand in brands], kind=SourceKind.SEARCH
    ).only("platform", "covered_since", "covered_until")


def watched(source: Source) -> Watched:
    """Its gaps are best prefetched."""
    return Watched(
        platform=source.platform,
        covered_since=source.covered_since,
        covered_until=source.covered_until,
        gaps=tuple((gap.began_at, gap.ended_at) for gap in source.gaps.all()),
    )


def silent_days(source: Watched, period: Period, now: datetime) -> set[date]:
    """The days of a period that nobody looked at this source."""
    spans = [*source.gaps, (period.starts_at, source.covered_since or now)]
    if source.covered_until and now - source.covered_until > LONGEST_SILENCE:
        spans.append((source.covered_until, now + ONE_DAY))
    return {day for began_at, ended_at in spans for day in _whole_days(began_at, ended_at, period)}


def _whole_days(began_at: datetime, ended_at: datetime, period: Period) -> Iterable[date]:
    """The local days of a period that lie entirely between two instants."""
    day = max(local_day(began_at - MOMENT, period.zone) + ONE_DAY, period.first)
    last = min(local_day(ended_at, period.zone) - ONE_DAY, period.last)
    while day <= last:
        yield day
        day += ONE_DAY


def _joined(platform: str, days: list[date]) -> Iterable[Gap]:
    for _offset, run in groupby(enumerate(days), key=lambda entry: entry[1].toordinal() - entry[0]):
        gap = [day for _position, day in run]
        yield Gap(platform, gap[0], gap[-1])


def recent_runs(*, organization: Organization, limit: int = 30) -> list[CollectionRun]:
    """The latest entries of the ledger of an organization's sources, the newest first."""
    return list(runs_of(organization)[:limit])


def runs_of(organization: Organization) -> QuerySet[CollectionRun]:
    """The newest first. Whose past is fetched from a shared source is nobody else's business."""
    mine = sources_of(organization).values_list("pk", flat=True)
    runs = CollectionRun.objects.filter(
        Q(is_backfill=False) | Q(subscription__organization=organization), source__in=list(mine)
    ).select_related("source")
    return runs.order_by("-started_at", "-pk")
