"""What a rehearsed query would bring in a week, and what asking for it would take: estimates with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.models import Organization
from monitoring.analysis.queries import Query
from monitoring.lib.intervals import Interval, count_interval, rough_range, sum_interval
from monitoring.listening.collecting.scheduling import LONGEST, SHORTEST
from monitoring.listening.collecting.subscribing import accounts_by_platform, platform_searches
from monitoring.listening.rehearsing.asking import KEPT_POSTS, PlatformAnswer, Rehearsal
from monitoring.platforms.registry import connector_class
from monitoring.platforms.types import Platform

WINDOW: Final = timedelta(days=28)
SHORTEST_SPAN: Final = timedelta(minutes=10)
WEEK: Final = timedelta(weeks=1)
MONTH: Final = timedelta(days=30)
# Intervals halve when something is found and grow by half when nothing is. They settle where finding something has
# the chance ln 1.5 / ln 3, which posts that come by chance have once 0.46 of them are expected.
_EXPECTED_AT_A_POLL: Final = 0.46


@dataclass(frozen=True)
class PlatformEstimate:
    """A week's matching posts, and a month's calls and US dollars, on one platform."""

    platform: str
    posts: int  # that were counted
    span: timedelta  # in which they appeared
    weekly: Interval
    calls: int
    dollars: tuple[int, int] | None  # None where its posts cost nothing

    @property
    def range(self) -> tuple[int, int]:
        return rough_range(self.weekly)


@dataclass(frozen=True)
class Estimate:
    platforms: tuple[PlatformEstimate, ...]

    @property
    def range(self) -> tuple[int, int]:
        return rough_range(sum_interval(each.weekly for each in self.platforms))

    @property
    def posts(self) -> int:
        return sum(each.posts for each in self.platforms)

    @property
    def has_prices(self) -> bool:
        return any(each.dollars for each in self.platforms)


def estimate(
    rehearsal: Rehearsal, *, organization: Organization, query: Query, now: datetime
) -> Estimate | None:
    """None where no platform has answered."""
    answers = [answer for answer in rehearsal.answers if answer.state == "done"]
    accounts = accounts_by_platform(organization.pk) if answers else {}
    found = []
    for answer in answers:
        connector = connector_class(answer.platform)
        searches = len(list(platform_searches(connector, query, accounts.get(answer.platform, ()))))
        found.append(estimate_platform(answer, platform=connector.platform, searches=searches, now=now))
    return Estimate(tuple(found)) if found else None


def estimate_platform(
    answer: PlatformAnswer, *, platform: Platform, searches: int, now: datetime
) -> PlatformEstimate:
    span = _span(answer, platform, now)
    posts = sum(example.post.published_at >= now - span for example in answer.examples)
    weekly = count_interval(posts).times(WEEK / span)
    return PlatformEstimate(
        platform=answer.platform,
        posts=posts,
        span=span,
        weekly=weekly,
        calls=_rounded(searches * (MONTH / _interval(weekly.likely, searches))),
        dollars=_dollars(answer, platform, weekly),
    )


def _span(answer: PlatformAnswer, platform: Platform, now: datetime) -> timedelta:
    """How far back everything is known: as far as the answers reach, and the kept examples."""
    reached = [now - WINDOW]
    if answer.since:
        reached.append(answer.since)
    if platform.search_window:
        reached.append(now - platform.search_window)
    if len(answer.examples) == KEPT_POSTS:
        reached.append(answer.examples[-1].post.published_at)
    return max(now - max(reached), SHORTEST_SPAN)


def _interval(weekly: float, searches: int) -> timedelta:
    """How often each search will be asked once its interval has settled."""
    each = weekly / max(searches, 1)
    return max(SHORTEST, min(LONGEST, WEEK * (_EXPECTED_AT_A_POLL / each))) if each else LONGEST


def _dollars(answer: PlatformAnswer, platform: Platform, weekly: Interval) -> tuple[int, int] | None:
    """Every post handed over is paid for, also those that do not satisfy the query."""
    if not platform.price_per_post:
        return None
    handed_over = answer.seen / answer.matching if answer.matching else 1
    return rough_range(weekly.times(MONTH / WEEK * handed_over * float(platform.price_per_post)))


def _rounded(calls: float) -> int:
    """Two digits, as much as an estimate can say."""
    digits = max(len(str(int(calls))) - 2, 0)
    return int(round(calls, -digits))
