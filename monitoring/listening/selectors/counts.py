"""How many mentions, by day, platform, language and tone: read from the rollups, never from the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, TermKind

FEW_MENTIONS = 30  # below, a percentage says nothing: counts are shown instead

# Written by hand: a page asks several of these, and building them anew for every request takes longer than
# PostgreSQL needs to answer. Sums of bigint are numeric, which is slow to add up and arrives as Decimal.
SUMMED = """sum(mentions)::bigint as mentions, sum(positive)::bigint as positive, sum(neutral)::bigint as neutral,
        sum(negative)::bigint as negative, sum(questions)::bigint as questions,
        sum(interactions)::bigint as interactions, sum(followers)::bigint as followers"""
_OF_A_PERIOD = """
    from listening_mentionday where brand_id = any(%s::bigint[]) and day between %s and %s
"""
_IN_ONE_PASS = f"""
    select day, platform, language, {SUMMED} {_OF_A_PERIOD}
    group by grouping sets ((day), (platform, language)) order by day
"""
_ALTOGETHER = f"""
    select {SUMMED} {_OF_A_PERIOD}
    and (platform = any(%s) or cardinality(%s::text[]) = 0) and (language = any(%s) or cardinality(%s::text[]) = 0)
    having count(*) > 0
"""
_BY_BRAND_AND_DAY = f"select brand_id, day, sum(mentions)::bigint {_OF_A_PERIOD} group by brand_id, day"
_BY_BRAND = f"select brand_id, sum(mentions)::bigint {_OF_A_PERIOD} group by brand_id"
# Terms are only compared for equality here: by their bytes that takes half the time.
_TOP_TERMS = """
    select min(term), sum(mentions::int), sum(positive::int), sum(negative::int) from listening_termday
    where brand_id = %s and day between %s and %s and kind = %s
    group by term collate "C" having sum(mentions::int) > 0
    order by 2 desc, term collate "C" limit %s
"""


@dataclass(frozen=True)
class Volume:
    """Mentions of one day, or of a whole period."""

    mentions: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0
    questions: int = 0
    interactions: int = 0
    followers: int = 0

    def __add__(self, other: Volume) -> Volume:
        return Volume(*(getattr(self, name) + getattr(other, name) for name in _COUNTS))


@dataclass(frozen=True)
class Share:
    """One platform's, language's or term's part of the mentions."""

    name: str
    mentions: int
    positive: int
    negative: int


@dataclass(frozen=True)
class Estimate:
    number: int
    is_exact: bool


@dataclass(frozen=True)
class PeriodCounts:
    """A period's mentions, told apart in three ways. A missing day is zero where sources were covered."""

    days: dict[date, Volume]
    platforms: list[Share]  # the largest first
    languages: list[Share]

    @cached_property
    def total(self) -> Volume:
        each = [[getattr(volume, name) for volume in self.days.values()] for name in _COUNTS]
        return Volume(*map(sum, each))


_COUNTS = ("mentions", "positive", "neutral", "negative", "questions", "interactions", "followers")


def count_period(*, brands: Iterable[Brand], period: Period) -> PeriodCounts:
    """By day, by platform and by language."""
    return told_apart(_read(_IN_ONE_PASS, brands, period))


def told_apart(rows: Iterable[tuple[Any, ...]]) -> PeriodCounts:
    """Rows that name a day, or a platform and a language, and their counts.

    PostgreSQL tells these two apart together, which is a third less work for it than each by itself.
    """
    days: dict[date, Volume] = {}
    platforms: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    languages: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for day, platform, language, *counts in rows:
        volume = Volume(*counts)
        if day is not None:
            days[day] = volume
            continue
        for part in (platforms[platform], languages[language]):
            part[0] += volume.mentions
            part[1] += volume.positive
            part[2] += volume.negative
    return PeriodCounts(days, _ranked(platforms), _ranked(languages))


def sum_period(
    *, brands: Iterable[Brand], period: Period, platforms: Sequence[str] = (), languages: Sequence[str] = ()
) -> Volume:
    """All mentions of a period, or those of some platforms or languages."""
    chosen = [list(names) for names in (platforms, platforms, languages, languages)]
    return next((Volume(*counts) for counts in _read(_ALTOGETHER, brands, period, *chosen)), Volume())


def mentions_by_brand(*, brands: Iterable[Brand], period: Period) -> dict[int, int]:
    """How much each brand is spoken about, by its id."""
    return dict(_read(_BY_BRAND, brands, period))


def days_of_brands(*, brands: Iterable[Brand], period: Period) -> dict[int, dict[date, Volume]]:
    """How much was said on each day, by the brand's id."""
    days: dict[int, dict[date, Volume]] = {}
    for brand_id, day, mentions in _read(_BY_BRAND_AND_DAY, brands, period):
        days.setdefault(brand_id, {})[day] = Volume(mentions)
    return days


def top_terms(*, kind: TermKind, brand: Brand, period: Period, limit: int = 10) -> list[Share]:
    with connection.cursor() as cursor:
        cursor.execute(_TOP_TERMS, [brand.pk, period.first, period.last, kind.value, limit])
        return [Share(*row) for row in cursor.fetchall()]


def _ranked(parts: Mapping[str, Sequence[int]]) -> list[Share]:
    shares = (Share(name, *counts) for name, counts in parts.items())
    return sorted(
        (share for share in shares if share.mentions), key=lambda share: (-share.mentions, share.name)
    )


def _read(query: str, brands: Iterable[Brand], period: Period, *chosen: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [[brand.pk for brand in brands], period.first, period.last, *chosen])
        return list(cursor.fetchall())
