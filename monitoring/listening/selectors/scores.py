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
from monitoring.listening.selectors.author_samples import SAMPLES, AuthorSample, sample_for
from monitoring.listening.selectors.coverage import Coverage

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
        where brand_id = any(%({brands})s::bigint[]) and published_at >= %(first)s and published_at < %(last)s
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
    is_exact: bool = True  # otherwise one author in so many was counted, and people are estimated

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


@dataclass(frozen=True)
class ScoresOfPeriod:
    """`history` are those of at most twelve equal parts of the period, oldest first; None where nobody looked."""

    by_brand: Mapping[int, Scores]
    history: Sequence[Scores | None]


def read_scores(
    *, brands: Sequence[Brand], period: Period, coverage: Mapping[int, Coverage], now: datetime
) -> ScoresOfPeriod:
    """Of several brands, and the history of the first of them. `coverage` says what was looked at for each."""
    first, starts = brands[0], starts_of_parts(period)
    spoken = _spoken(brands, period, starts)
    whole = {brand.pk: _added_up(spoken, brand, len(starts)) for brand in brands}
    samples = {pk: sample_for(mentions) for pk, (_hours, mentions, *_tones) in whole.items()}
    people = _people(samples, first.pk, period, starts)
    edges = [*starts, period.ends_at]
    seen = {pk: _hours_seen(covered, period, edges, now) for pk, covered in coverage.items()}
    return ScoresOfPeriod(
        by_brand={
            pk: _scores(counts, people.get((pk, _WHOLE)), sum(seen[pk]), samples[pk])
            for pk, counts in whole.items()
        },
        history=[
            _scores(spoken.get((first.pk, part)), people.get((first.pk, part)), hours, samples[first.pk])
            if hours
            else None
            for part, hours in enumerate(seen[first.pk])
        ],
    )


def _added_up(spoken: Mapping[tuple[int, int], tuple[int, ...]], brand: Brand, parts: int) -> tuple[int, ...]:
    """No hour lies in two parts."""
    counts = [spoken.get((brand.pk, part), (0, 0, 0, 0)) for part in range(parts)]
    return tuple(map(sum, zip(*counts, strict=True)))


def starts_of_parts(period: Period) -> list[datetime]:
    """The instants at which the parts of a period begin: whole local days, as equal as they come."""
    parts = min(PARTS, period.days)
    days = [period.first + timedelta(days=period.days * part // parts) for part in range(parts)]
    return [local_midnight(day, period.zone) for day in days]


def _scores(
    spoken: tuple[int, ...] | None, people: tuple[int, int] | None, hours_seen: int, sample: AuthorSample
) -> Scores:
    hours, mentions, positive, negative = spoken or (0, 0, 0, 0)
    number, again = people or (0, 0)
    return Scores(
        hours=hours,
        hours_seen=max(hours_seen, hours),
        mentions=mentions,
        positive=positive,
        negative=negative,
        people=number * sample.stands_for,
        people_again=again * sample.stands_for,
        is_exact=sample.is_exact,
    )


def _spoken(
    brands: Iterable[Brand], period: Period, starts: Sequence[datetime]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Hours with mentions, mentions, positive and negative ones, by brand and part."""
    rows = _read(_SPOKEN, period, starts, brands=[brand.pk for brand in brands])
    return {(brand, part): tuple(counts) for brand, part, *counts in rows}


def _people(
    samples: Mapping[int, AuthorSample], first: int, period: Period, starts: Sequence[datetime]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Authors, and those of them who spoke again, by brand and part; of the whole period, and of the first's parts."""
    whole, part = str(_WHOLE), "width_bucket(published_at, %(starts)s::timestamptz[]) - 1"
    alike = [[pk for pk in samples if samples[pk] is sample] for sample in SAMPLES]
    asked = [(brands, whole, sample) for brands, sample in zip(alike, SAMPLES, strict=True) if brands]
    asked.append(([first], part, samples[first]))
    query = " union all ".join(
        _PEOPLE.format(brands=f"brands_{number}", part=part, sample=sample.condition)
        for number, (_brands, part, sample) in enumerate(asked)
    )
    named = {f"brands_{number}": brands for number, (brands, _part, _sample) in enumerate(asked)}
    return {
        (brand, number): (count, again)
        for brand, number, count, again in _read(query, period, starts, **named)
    }


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
    query: str, period: Period, starts: Sequence[datetime], **brands: list[int]
) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {"starts": list(starts), "first": period.starts_at, "last": period.ends_at}
    with connection.cursor() as cursor:
        cursor.execute(query, {**parameters, **brands})
        return list(cursor.fetchall())
