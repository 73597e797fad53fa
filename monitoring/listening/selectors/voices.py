"""Who speaks on each platform: how many people, in which languages, at what hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
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


def _ids(brands: Iterable[Brand]) -> list[int]:
    return [brand.pk for brand in brands]


def _read(query: str, *parameters: str | datetime | list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
