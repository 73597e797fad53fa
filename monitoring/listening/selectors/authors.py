"""What one author said about an organization's brands: how often, how, since when. From the index of authors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from monitoring.listening.authors.influence import Influence
from monitoring.listening.models import COUNTED_STATUSES, Brand, Mention, MentionStatus

READ_OF_EACH_BRAND: Final = 2_000  # mentions, the latest: nobody waits for somebody who never stops talking

# Whoever is muted is counted here, on their own page, and nowhere else.
_HEARD: Final = (*COUNTED_STATUSES, MentionStatus.MUTED)
_SPOKE: Final = """
    with spoke as materialized (
        select said.* from unnest(%(brands)s::bigint[]) asked (id) cross join lateral (
            select brand_id, published_at, tone, language, interactions, author_followers, author_name,
                author_handle, author_url, status
            from listening_mention
            where brand_id = asked.id and author_key = %(author)s and deleted_at is null
                and status = any(%(statuses)s)
            order by published_at desc limit %(most)s) said
    )
    select grouping(brand_id, language, month), brand_id, language, month, count(*),
        count(*) filter (where tone = 1), count(*) filter (where tone = 0), count(*) filter (where tone = -1),
        min(published_at), max(published_at), sum(interactions)::bigint,
        (array_agg(author_followers order by published_at desc) filter (where author_followers is not null))[1],
        (array_agg(author_name order by published_at desc))[1],
        (array_agg(author_handle order by published_at desc))[1],
        (array_agg(author_url order by published_at desc))[1], bool_or(status = %(muted)s)
    from (select *, date_trunc('month', published_at at time zone %(zone)s)::date as month from spoke) spoken
    group by grouping sets ((brand_id), (language), (month), ())
"""
_BY_BRAND, _BY_LANGUAGE, _BY_MONTH, _ALTOGETHER = 0b011, 0b101, 0b110, 0b111


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """Mentions of an author: all that are read, those about one brand, of one month or in one language."""

    mentions: int = 0
    positive: int = 0
    neutral: int = 0
    negative: int = 0
    first: datetime | None = None
    last: datetime | None = None
    interactions: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there may be more, older ones, of a brand."""
        return self.mentions >= READ_OF_EACH_BRAND


@dataclass(kw_only=True)
class AuthorRecord:
    """`name`, `handle`, `url` and `followers` are as last seen."""

    key: str
    name: str = ""
    handle: str = ""
    url: str = ""
    followers: int | None = None
    is_muted: bool = False
    total: Spoken = Spoken()
    by_brand: dict[int, Spoken] = field(default_factory=dict)
    by_month: dict[date, Spoken] = field(default_factory=dict)
    by_language: list[tuple[str, int]] = field(default_factory=list)  # the commonest first

    @property
    def said_name(self) -> str:
        return self.name or self.handle or self.key.partition(":")[2]

    @property
    def is_cut(self) -> bool:
        return any(spoken.is_cut for spoken in self.by_brand.values())

    @property
    def influence(self) -> Influence:
        return Influence(
            followers=self.followers, mentions=self.total.mentions, interactions=self.total.interactions
        )


def read_author(*, author_key: str, brand_ids: Sequence[int], zone: ZoneInfo) -> AuthorRecord:
    """Of these brands, up to READ_OF_EACH_BRAND mentions each. One query."""
    record = AuthorRecord(key=author_key)
    parameters: dict[str, list[int] | str | int] = {
        "brands": list(brand_ids),
        "author": author_key,
        "statuses": [status.value for status in _HEARD],
        "muted": MentionStatus.MUTED.value,
        "most": READ_OF_EACH_BRAND,
        "zone": zone.key,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SPOKE, parameters)
        for row in cursor.fetchall():
            _take(record, row)
    record.by_language.sort(key=lambda each: (-each[1], each[0]))
    return record


def _take(record: AuthorRecord, row: tuple[Any, ...]) -> None:
    grouped_by, brand, language, month, *numbers, interactions, followers, name, handle, url, is_muted = row
    names = ("mentions", "positive", "neutral", "negative", "first", "last")
    spoken = Spoken(**dict(zip(names, numbers, strict=True)), interactions=interactions or 0)
    if grouped_by == _BY_BRAND:
        record.by_brand[brand] = spoken
    elif grouped_by == _BY_LANGUAGE:
        record.by_language.append((language, spoken.mentions))
    elif grouped_by == _BY_MONTH:
        record.by_month[month] = spoken
    elif spoken.mentions:
        record.total, record.followers, record.is_muted = spoken, followers, is_muted
        record.name, record.handle, record.url = name, handle, url


def mentions_of_author(*, brand: Brand, author_key: str) -> QuerySet[Mention]:
    """Those that their page lists."""
    return Mention.objects.filter(
        Q(status__in=_HEARD), brand_id=brand.pk, author_key=author_key, deleted_at=None
    )
