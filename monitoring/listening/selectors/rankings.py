"""The commonest words, hashtags, links, communities and keywords of a period, and what stood out on its loud days.

Read from the counts by day. Of each kind in one pass, because a page shows them beside each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from monitoring.analysis.standing_out import Sample, words_standing_out
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, TermKind
from monitoring.listening.selectors.kept import counted_lately

FEWEST_ON_A_LOUD_DAY: Final = 3  # mentions with a word, below which it says nothing about the day
# Each kind by itself: then its terms are told apart without putting hundreds of thousands of them in order, which takes
# four times as long. They are only compared for equality: by their bytes that takes half the time. A keyword's versions
# count together, under what it says now.
_RANKED: Final = """
    select kind, name, label, mentions, positive, negative from (
        select wanted.kind, term as name, term as label, mentions, positive, negative, 0 as number
        from unnest(%(kinds)s::text[]) wanted (kind)
        cross join lateral (
            select term collate "C" as term, sum(mentions::int) as mentions, sum(positive::int) as positive,
                sum(negative::int) as negative
            from listening_termday
            where brand_id = %(brand)s and day between %(first)s and %(last)s and kind = wanted.kind
            group by 1 having sum(mentions::int) > 0
            order by 2 desc, 1 limit %(limit)s) commonest
        union all
        (select 'keyword', keyword.id::text, min(current.query), sum(counted.mentions::int) as mentions,
            sum(counted.positive::int), sum(counted.negative::int), keyword.id
        from listening_keyword keyword
        join listening_keywordversion version on version.keyword_id = keyword.id
        join listening_keywordversion current on current.keyword_id = keyword.id and current.replaced_at is null
        join listening_termday counted on counted.brand_id = keyword.brand_id and counted.kind = 'keyword'
            and counted.term = version.id::text and counted.day between %(first)s and %(last)s
        where keyword.brand_id = %(brand)s
        group by keyword.id having sum(counted.mentions::int) > 0
        order by mentions desc, keyword.id limit %(limit)s)) ranked
    order by kind, mentions desc, number, name collate "C"
"""
_LOUD: Final = """
    with loud as materialized (
        select day, kind, term, mentions from listening_termday
        where brand_id = %(brand)s and day = any(%(days)s::date[]) and kind = any(%(kinds)s)
            and mentions >= %(fewest)s
    )
    select day, kind, term, mentions from loud
    union all
    select null, usual.kind, usual.term, sum(usual.mentions)::bigint from listening_termday usual
    where usual.brand_id = %(brand)s and usual.day between %(first)s and %(last)s
        and usual.day <> all(%(days)s::date[]) and (usual.kind, usual.term) in (select kind, term from loud)
    group by usual.kind, usual.term
"""
_SPOKEN: Final = (TermKind.TERM, TermKind.HASHTAG)


@dataclass(frozen=True)
class Ranked:
    """How many mentions have it. An address names its `name`: of a keyword the number, whose label is its query."""

    name: str
    label: str
    mentions: int
    positive: int
    negative: int


@dataclass(frozen=True)
class Telling:
    """A word that stood out on a day, and in how many of its mentions it was."""

    kind: TermKind
    name: str
    mentions: int


def rank_terms(
    *, brand: Brand, period: Period, mentions: int, limit: int
) -> tuple[dict[TermKind, list[Ranked]], datetime]:
    """The commonest of each kind, the most first, and when they were counted.

    A mention that two keywords found counts for both. `mentions` is the known number of mentions in the period.
    """
    return counted_lately(
        f"terms:{limit}",
        brand=brand,
        period=period,
        mentions=mentions,
        count=lambda: _rank(brand, period, limit),
    )


def _rank(brand: Brand, period: Period, limit: int) -> dict[TermKind, list[Ranked]]:
    others = [kind.value for kind in TermKind if kind != TermKind.KEYWORD]
    days = {"first": period.first, "last": period.last}
    ranked: dict[TermKind, list[Ranked]] = {kind: [] for kind in TermKind}
    with connection.cursor() as cursor:
        cursor.execute(_RANKED, {"brand": brand.pk, **days, "kinds": others, "limit": limit})
        for kind, *row in cursor.fetchall():
            ranked[TermKind(kind)].append(Ranked(*row))
    return ranked


def what_stood_out(
    *, brand: Brand, period: Period, mentions: Mapping[date, int], loud: Sequence[date], own: Collection[str]
) -> dict[date, list[Telling]]:
    """For each loud day the words and hashtags that the period's other days have less often, the most telling first.

    `mentions` are those of each day; `own` are words that say nothing: the brand's name.
    """
    if not loud:
        return {}
    on_days, usual = _counted(brand, period, loud, own)
    quiet = Sample(sum(number for day, number in mentions.items() if day not in set(loud)), usual)
    return {day: _tell(Sample(mentions.get(day, 0), on_days[day]), quiet) for day in loud}


def _counted(
    brand: Brand, period: Period, loud: Sequence[date], own: Collection[str]
) -> tuple[dict[date, dict[str, int]], dict[str, int]]:
    parameters: dict[str, Any] = {
        "brand": brand.pk,
        "first": period.first,
        "last": period.last,
        "days": list(loud),
        "kinds": [kind.value for kind in _SPOKEN],
        "fewest": FEWEST_ON_A_LOUD_DAY,
    }
    on_days: dict[date, dict[str, int]] = defaultdict(dict)
    usual: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LOUD, parameters)
        for day, kind, term, number in cursor.fetchall():
            if term not in own:
                (usual if day is None else on_days[day])[f"{kind}:{term}"] = number
    return on_days, usual


def _tell(these: Sample, usual: Sample) -> list[Telling]:
    found = words_standing_out(these, usual, fewest=FEWEST_ON_A_LOUD_DAY)
    named = ((*each.word.partition(":"), each.posts) for each in found)
    return [Telling(TermKind(kind), name, posts) for kind, _colon, name, posts in named]
