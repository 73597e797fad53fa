"""Who speaks on each platform: how many people, in which languages, at what hours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand
from monitoring.listening.selectors.author_samples import sample_for
from monitoring.listening.selectors.counts import Estimate

# An author's key begins with the platform, so the index alone answers. Telling people apart first takes a quarter of
# the time of counting distinct ones in each group.
_AUTHORS: Final = """
    select split_part(author_key, ':', 1), count(*) from (
        select distinct author_key from listening_mention
        where brand_id = any(%s::bigint[]) and published_at >= %s and published_at < %s and is_counted
            {sample}) author
    group by 1
"""
_LANGUAGES: Final = """
    select platform, language, coalesce(sum(mentions) filter (where day >= %(first)s), 0)::bigint,
        coalesce(sum(mentions) filter (where day < %(first)s), 0)::bigint
    from listening_mentionday
    where brand_id = any(%(brands)s::bigint[]) and day between %(before)s and %(last)s group by 1, 2
"""
_HOURS: Final = """
    select date_part('hour', hour at time zone %s)::int, sum(mentions)::bigint from listening_mentionhour
    where brand_id = any(%s::bigint[]) and hour >= %s and hour < %s group by 1
"""


# Neither words nor hours are counted by platform, so some of the newest are looked at.
_NEWEST: Final = 8_000  # of each brand, from the index
_OF_EACH: Final = 300  # platform, from the table
_MOST_WORDS: Final = 12
# `offset 0` has each of them looked up, where the planner would rather read the whole table.
_TALK: Final = """
    with newest as materialized (
        select said.* from unnest(%(brands)s::bigint[]) asked (id) cross join lateral (
            select id, platform, published_at from listening_mention
            where organization_id = %(organization)s and brand_id = asked.id and is_counted
                and published_at >= %(starts)s and published_at < %(ends)s
            order by published_at desc, id desc limit %(newest)s) said
    ), looked_at as materialized (
        select id, platform, published_at from (
            select *, row_number() over (partition by platform order by published_at desc, id desc) as place
            from newest) ranked
        where place <= %(of_each)s
    ), spoken as (
        select looked_at.platform, term, count(*) as mentions,
            row_number() over (partition by looked_at.platform order by count(*) desc, term) as place
        from looked_at cross join lateral (
            select terms from listening_mention where id = looked_at.id offset 0
        ) mention cross join lateral unnest(terms) term
        group by 1, 2
    )
    select platform, null as term, date_part('hour', published_at at time zone %(zone)s)::int, count(*)
    from looked_at group by 1, 3
    union all
    (select platform, term, null, mentions from spoken where place <= %(words)s order by platform, place)
"""


@dataclass(frozen=True)
class PlatformTalk:
    """What is spoken about on one platform, and when, as some of its newest mentions tell."""

    looked_at: int
    words: tuple[tuple[str, int], ...]  # the commonest first
    hours: tuple[int, ...]  # for each of the day's 24, by the clock of the period's zone


@dataclass(frozen=True)
class LanguageCount:
    language: str
    mentions: int
    before: int  # in the period before


@dataclass(frozen=True)
class PlatformVoices:
    """What is said on one platform, by language, the commonest first."""

    platform: str
    languages: tuple[LanguageCount, ...]

    @property
    def mentions(self) -> int:
        return sum(each.mentions for each in self.languages)

    @property
    def before(self) -> int:
        return sum(each.before for each in self.languages)


def authors_by_platform(*, brands: Iterable[Brand], period: Period, mentions: int) -> dict[str, Estimate]:
    """How many different people spoke on each. `mentions` is the known number of mentions in the period."""
    sample = sample_for(mentions)
    query = _AUTHORS.format(sample=sample.condition)
    rows = _read(query, _ids(brands), period.starts_at, period.ends_at)
    return {platform: Estimate(authors * sample.stands_for, sample.is_exact) for platform, authors in rows}


def languages_by_platform(*, brands: Iterable[Brand], period: Period) -> list[PlatformVoices]:
    """In the period and in the one before it; the platform with the most mentions first."""
    days = {"before": period.previous().first, "first": period.first, "last": period.last}
    found: dict[str, list[LanguageCount]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_LANGUAGES, {"brands": _ids(brands), **days})
        for platform, *counted in cursor.fetchall():
            found[platform].append(LanguageCount(*counted))
    voices = (
        PlatformVoices(platform, tuple(sorted(counts, key=lambda each: (-each.mentions, each.language))))
        for platform, counts in found.items()
    )
    return sorted(voices, key=lambda each: (-each.mentions, -each.before, each.platform))


def mentions_by_hour(*, brands: Iterable[Brand], period: Period) -> list[int]:
    """For each of the day's 24 hours, by the clock of the period's zone."""
    rows = _read(_HOURS, str(period.zone), _ids(brands), period.starts_at, period.ends_at)
    counted = dict(rows)
    return [counted.get(hour, 0) for hour in range(24)]


def talk_by_platform(*, brands: Sequence[Brand], period: Period) -> dict[str, PlatformTalk]:
    if not brands:
        return {}
    parameters: dict[str, Any] = {
        "brands": _ids(brands),
        "organization": brands[0].organization_id,
        "starts": period.starts_at,
        "ends": period.ends_at,
        "zone": str(period.zone),
        "newest": _NEWEST,
        "of_each": _OF_EACH,
        "words": _MOST_WORDS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TALK, parameters)
        rows = cursor.fetchall()
    words: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    hours: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for platform, term, hour, mentions in rows:
        if term is None:
            hours[platform][hour] = mentions
        else:
            words[platform].append((term, mentions))
    return {
        platform: PlatformTalk(
            counted.total(),
            tuple(sorted(words[platform], key=lambda word: (-word[1], word[0]))),
            tuple(counted[hour] for hour in range(24)),
        )
        for platform, counted in hours.items()
    }


def _ids(brands: Iterable[Brand]) -> list[int]:
    return [brand.pk for brand in brands]


def _read(query: str, *parameters: str | datetime | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
