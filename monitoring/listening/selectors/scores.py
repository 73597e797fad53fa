"""The four scores of Social Mention, which once searched the web for them: strength, sentiment, passion and reach.

Each is defined so that it can be counted from what is stored (docs/scores.md), for a period and for its parts:

strength    of the hours that somebody looked at, those in which at least one mention was published
sentiment   positive mentions to negative ones
passion     of the people who spoke, those who did so more than once
voices      different people ÷ mentions; Social Mention called it reach, which today means an estimated audience
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from monitoring.lib.periods import Period, local_midnight
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import EXACT_AUTHORS_UP_TO
from monitoring.listening.selectors.coverage import Coverage
from monitoring.listening.storing import SAMPLED_AUTHORS

PARTS: Final = 12  # of a period, at most: the points of a score's history
ONE_HOUR: Final = timedelta(hours=1)

# A part of the period is numbered by the instants at which the parts begin.
_SPOKEN: Final = """
    select brand_id, width_bucket(hour, %(starts)s::timestamptz[]) - 1, count(*),
        sum(mentions)::bigint, sum(positive)::bigint, sum(negative)::bigint
    from listening_mentionhour
    where brand_id = any(%(brands)s::bigint[]) and hour >= %(first)s and hour < %(last)s and mentions > 0
    group by 1, 2
"""
_PEOPLE: Final = """
    select brand_id, part, count(*), count(*) filter (where times > 1) from (
        select brand_id, {part} as part, author_key, count(*) as times from listening_mention
        where brand_id = any(%(brands)s::bigint[]) and published_at >= %(first)s and published_at < %(last)s
            and is_counted {sample}
        group by 1, 2, 3) spoke
    group by 1, 2
"""
_WHOLE: Final = -1


@dataclass(frozen=True)
class Scores:
    """What is counted of one brand in one stretch of time. People are None where nobody was counted."""

    hours: int = 0  # in which somebody spoke
    hours_seen: int = 0  # that somebody looked at
    mentions: int = 0
    positive: int = 0
    negative: int = 0
    people: int = 0
    people_again: int = 0  # of them, those who spoke more than once
    is_exact: bool = True  # otherwise one author in sixteen was counted, and people are estimated

    @property
    def strength(self) -> float | None:
        return min(1.0, self.hours / self.hours_seen) if self.hours_seen else None

    @property
    def sentiment(self) -> float | None:
        """Positive mentions for one negative; None without a negative one."""
        return self.positive / self.negative if self.negative else None

    @property
    def passion(self) -> float | None:
        return self.people_again / self.people if self.people else None

    @property
    def voices(self) -> float | None:
        return min(1.0, self.people / self.mentions) if self.mentions else None

    @property
    def time_between(self) -> timedelta | None:
        """The average time from one mention to the next, of the time that somebody looked at."""
        return self.hours_seen * ONE_HOUR / self.mentions if self.mentions else None


def read_scores(
    *, brands: Sequence[Brand], period: Period, coverage: Mapping[int, Coverage], now: datetime
) -> dict[int, Scores]:
    """Of several brands, by their ids. `coverage` says what was looked at for each of them."""
    spoken = _spoken(brands, period, [period.starts_at])
    mentions = {brand.pk: spoken[brand.pk, 0][1] if (brand.pk, 0) in spoken else 0 for brand in brands}
    exact = [pk for pk, number in mentions.items() if number <= EXACT_AUTHORS_UP_TO]
    people = _people(exact, period, is_exact=True)
    people |= _people([pk for pk in mentions if pk not in exact], period, is_exact=False)
    starts = [period.starts_at, period.ends_at]
    return {
        brand.pk: _scores(
            spoken.get((brand.pk, 0)),
            people.get((brand.pk, _WHOLE)),
            _hours_seen(coverage[brand.pk], period, starts, now)[0],
            is_exact=brand.pk in exact,
        )
        for brand in brands
    }


def read_history(
    *, brand: Brand, period: Period, coverage: Coverage, now: datetime, is_exact: bool
) -> list[Scores | None]:
    """The same of at most twelve equal parts of the period, oldest first; None where nobody looked."""
    starts = starts_of_parts(period)
    spoken = _spoken([brand], period, starts)
    people = _people([brand.pk], period, is_exact=is_exact, starts=starts)
    seen = _hours_seen(coverage, period, [*starts, period.ends_at], now)
    return [
        _scores(spoken.get((brand.pk, part)), people.get((brand.pk, part)), hours, is_exact=is_exact)
        if hours
        else None
        for part, hours in enumerate(seen)
    ]


def starts_of_parts(period: Period) -> list[datetime]:
    """The instants at which the parts of a period begin: whole local days, as equal as they come."""
    parts = min(PARTS, period.days)
    days = [period.first + timedelta(days=period.days * part // parts) for part in range(parts)]
    return [local_midnight(day, period.zone) for day in days]


def _scores(
    spoken: tuple[int, ...] | None, people: tuple[int, int] | None, hours_seen: int, *, is_exact: bool
) -> Scores:
    hours, mentions, positive, negative = spoken or (0, 0, 0, 0)
    number, again = people or (0, 0)
    each = 1 if is_exact else SAMPLED_AUTHORS
    return Scores(
        hours=hours,
        hours_seen=max(hours_seen, hours),
        mentions=mentions,
        positive=positive,
        negative=negative,
        people=number * each,
        people_again=again * each,
        is_exact=is_exact,
    )


def _spoken(
    brands: Iterable[Brand], period: Period, starts: Sequence[datetime]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Hours with mentions, mentions, positive and negative ones, by brand and part."""
    rows = _read(_SPOKEN, [brand.pk for brand in brands], period, starts)
    return {(brand, part): tuple(counts) for brand, part, *counts in rows}


def _people(
    brands: Sequence[int], period: Period, *, is_exact: bool, starts: Sequence[datetime] = ()
) -> dict[tuple[int, int], tuple[int, int]]:
    """Authors, and those of them who spoke again, by brand and part."""
    if not brands:
        return {}
    part = "width_bucket(published_at, %(starts)s::timestamptz[]) - 1" if starts else str(_WHOLE)
    query = _PEOPLE.format(part=part, sample="" if is_exact else "and author_in_sample")
    rows = _read(query, brands, period, starts)
    return {(brand, number): (count, again) for brand, number, count, again in rows}


def _hours_seen(coverage: Coverage, period: Period, edges: Sequence[datetime], now: datetime) -> list[int]:
    """How many hours of each part lie behind us and were looked at by at least one source."""
    silent = coverage.silent_days(period)
    seen: dict[int, timedelta] = defaultdict(timedelta)
    part = 0
    for day in period.each_day():
        begins = local_midnight(day, period.zone)
        while part + 2 < len(edges) and begins >= edges[part + 1]:
            part += 1
        if day not in silent:
            ends = min(local_midnight(day + timedelta(days=1), period.zone), now)
            seen[part] += max(ends - begins, timedelta())
    return [-(-seen[number] // ONE_HOUR) for number in range(len(edges) - 1)]


def _read(
    query: str, brands: Sequence[int], period: Period, starts: Sequence[datetime]
) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "brands": list(brands),
        "starts": list(starts),
        "first": period.starts_at,
        "last": period.ends_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
