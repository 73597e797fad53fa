"""What mentions are made of: how many of each platform, language, tone and so on there are among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from monitoring.listening.models import Mention
from monitoring.listening.selectors.paging import PAGE_SIZE, Position

COLUMNS = (
    "id", "published_at", "platform", "language", "tone", "status", "is_question", "has_media", "has_link",
    "keyword_versions", "tags",
)  # fmt: skip
# Few columns are told apart together, so that PostgreSQL has few groups to keep; the rest is added up here.
_OF_HITS = """
    with hits as materialized ({hits})
    select grouping(platform, keyword_versions, tags), platform, language, tone, status, keyword_versions, tags,
        count(*), count(*) filter (where is_question), count(*) filter (where has_media),
        count(*) filter (where has_link), null::timestamptz, null::bigint
    from (select * from hits limit %s) counted
    group by grouping sets ((platform, language, tone, status), (keyword_versions), (tags))
    union all (
        select -1, null, null, null, null, null, null, 0, 0, 0, 0, published_at, id
        from hits order by published_at desc, id desc limit %s)
    union all
        select -2, null, null, null, null, null, null, count(*), 0, 0, 0, null, null from hits
"""
_NUMBER, _NEWEST, _COLUMNS, _VERSIONS, _TAGS = -2, -1, 3, 5, 6


@dataclass(frozen=True)
class Facets:
    """Counted over `number` mentions. One mention has several tags, and may have matched several keywords."""

    number: int = 0
    platforms: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    tones: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    has: Counter[str] = field(default_factory=Counter)  # question, media, link
    versions: Counter[tuple[int, ...]] = field(default_factory=Counter)  # of keywords, together
    tags: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True)
class Hits:
    """What was counted, and the positions of the newest of it: one more than a page has."""

    number: int
    facets: Facets
    newest: Sequence[Position]


def read_hits(mentions: QuerySet[Mention], *, most: int) -> Hits:
    """In one query: their number, what the first `most` of them are made of, and the newest.

    The caller limits how many are read, and orders them where the newest are wanted.
    """
    try:
        query, parameters = mentions.values_list(*COLUMNS).query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return Hits(0, Facets(), [])
    with connection.cursor() as cursor:
        cursor.execute(_OF_HITS.format(hits=query), [*parameters, most, PAGE_SIZE + 1])
        rows = cursor.fetchall()
    groups: dict[int, list[tuple[Any, ...]]] = {}
    for kind, *row in rows:
        groups.setdefault(kind, []).append(tuple(row))
    newest = sorted(((row[-2], row[-1]) for row in groups.pop(_NEWEST, ())), reverse=True)
    return Hits(groups[_NUMBER][0][6], _added_up(groups), newest)


def _added_up(groups: dict[int, list[tuple[Any, ...]]]) -> Facets:
    columns, number = groups.get(_COLUMNS, []), 0
    facets = Facets()
    for (
        platform,
        language,
        tone,
        status,
        _versions,
        _tags,
        mentions,
        questions,
        media,
        links,
        *_rest,
    ) in columns:
        number += mentions
        facets.platforms[platform] += mentions
        facets.languages[language] += mentions
        facets.tones[tone] += mentions
        facets.statuses[status] += mentions
        for name, count in (("question", questions), ("media", media), ("link", links)):
            facets.has[name] += count
    for row in groups.get(_VERSIONS, ()):
        facets.versions[tuple(row[4])] += row[6]
    for row in groups.get(_TAGS, ()):
        for tag in row[5]:
            facets.tags[tag] += row[6]
    return replace(facets, number=number)
