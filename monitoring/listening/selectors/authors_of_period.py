"""Who spoke most in a period. Counted from the rows: there is no rollup of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand
from monitoring.listening.selectors.kept import counted_lately

MOST_COUNTED: Final = 50_000  # mentions, the newest of the period
# Only keys and counts are kept: names are looked up each time, so that an author who was erased is gone at once.
_COUNTED: Final = """
    select author_key, count(*), count(*) filter (where tone = 1), count(*) filter (where tone = -1)
    from (
        select author_key, tone from listening_mention
        where organization_id = %(organization)s and brand_id = %(brand)s
            and published_at >= %(starts)s and published_at < %(ends)s and is_counted
        order by published_at desc, id desc limit %(most)s) spoken
    group by author_key order by 2 desc, author_key limit %(limit)s
"""
_NAMED: Final = """
    select wanted.key, latest.* from unnest(%(keys)s::text[]) wanted (key)
    cross join lateral (
        select author_name, author_handle, platform, author_followers, id from listening_mention
        where organization_id = %(organization)s and brand_id = %(brand)s and author_key = wanted.key and is_counted
        order by published_at desc limit 1) latest
"""
Counted = tuple[str, int, int, int]  # key, mentions, positive, negative


@dataclass(frozen=True)
class Speaker:
    """An author with their mentions in the period; name and followers as of the latest one."""

    key: str
    name: str
    handle: str
    platform: str
    followers: int | None
    mention_id: int
    mentions: int
    positive: int
    negative: int


@dataclass(frozen=True)
class Speakers:
    """Where the period has more than MOST_COUNTED mentions, its newest are counted."""

    speakers: Sequence[Speaker]
    counted_at: datetime
    is_whole: bool


def top_authors(*, brand: Brand, period: Period, mentions: int, limit: int) -> Speakers:
    """`mentions` is the known number of mentions in the period."""
    counted, counted_at = counted_lately(
        f"authors:{limit}",
        brand=brand,
        period=period,
        mentions=mentions,
        count=lambda: _count(brand, period, limit),
    )
    return Speakers(_named(brand, counted), counted_at, is_whole=mentions <= MOST_COUNTED)


def _count(brand: Brand, period: Period, limit: int) -> list[Counted]:
    parameters = {"starts": period.starts_at, "ends": period.ends_at, "most": MOST_COUNTED, "limit": limit}
    return [(row[0], row[1], row[2], row[3]) for row in _read(_COUNTED, brand, **parameters)]


def _named(brand: Brand, counted: Sequence[Counted]) -> list[Speaker]:
    """Whoever was erased or muted since has no mention that counts any more, and is left out."""
    if not counted:
        return []
    rows = _read(_NAMED, brand, keys=[each[0] for each in counted])
    names = {key: latest for key, *latest in rows}
    return [Speaker(key, *names[key], *numbers) for key, *numbers in counted if key in names]


def _read(query: str, brand: Brand, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {**parameters, "organization": brand.organization_id, "brand": brand.pk})
        return list(cursor.fetchall())
