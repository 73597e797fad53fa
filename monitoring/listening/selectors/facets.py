"""What mentions are made of: how many of each platform, language, tone and so on there are among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from monitoring.listening.models import Mention
from monitoring.listening.selectors.filtering import Condition
from monitoring.listening.selectors.paging import PAGE_SIZE, Position

COLUMNS = (
    "id", "published_at", "platform", "language", "tone", "status", "is_question", "has_media", "has_link",
    "keyword_versions", "tags",
)  # fmt: skip
# Numbers and short texts are told apart quickly, lists are not: most mentions have one keyword and no tag. What has
# more stands in few groups of its own, and the rest is added up here.
_TOLD_APART = """
    select grouping(platform), platform, language, tone, status, version, several, tagged, count(*),
        count(*) filter (where is_question), count(*) filter (where has_media), count(*) filter (where has_link),
        min(published_at), null::bigint
    from (
        select *, case when cardinality(keyword_versions) = 1 then keyword_versions[1] end as version,
            case when cardinality(keyword_versions) > 1 then keyword_versions end as several,
            case when cardinality(tags) > 0 then tags end as tagged
        from ({hits}) hits) counted
    group by grouping sets ((platform, language, tone, status), (version, several, tagged))
"""
_NEWEST_OF_ALL = f"""
    select {", ".join(COLUMNS)} from listening_mention where {{condition}}
    order by published_at desc, id desc limit %s
"""  # noqa: S608 - put together from constants
_WITH_THE_NEWEST = f"""
    with hits as materialized ({{hits}})
    {_TOLD_APART.format(hits="select * from hits limit %s")}
    union all (
        select -1, null, null, null, null, null, null, null, 0, 0, 0, 0, published_at, id
        from hits order by published_at desc, id desc limit %s)
    union all
        select -2, null, null, null, null, null, null, null, count(*), 0, 0, 0, null, null from hits
"""  # noqa: S608 - put together from constants
_NUMBER, _NEWEST, _COLUMNS, _LISTS = -2, -1, 0, 1


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

    def __add__(self, other: Facets) -> Facets:
        both = {each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)}
        return Facets(**both)


@dataclass(frozen=True)
class Hits:
    """What was counted, and the positions of the newest of it: one more than a page has."""

    number: int
    facets: Facets
    newest: Sequence[Position]


@dataclass(frozen=True)
class Written:
    """A query that gives COLUMNS of mentions, as the database takes it."""

    query: str
    parameters: Sequence[Any]


def written(mentions: QuerySet[Mention]) -> Written | None:
    """None where it is known that nothing is found."""
    try:
        return Written(*mentions.values_list(*COLUMNS).query.get_compiler(connection=connection).as_sql())
    except EmptyResultSet:
        return None


def read_hits(hits: Written | None, *, most: int) -> Hits:
    """In one query: their number, what the first `most` of them are made of, and the newest.

    The caller limits how many are read, and orders them where the newest are wanted.
    """
    if hits is None:
        return Hits(0, Facets(), [])
    groups = _read(_WITH_THE_NEWEST.format(hits=hits.query), [*hits.parameters, most, PAGE_SIZE + 1])
    newest = sorted(((row[-2], row[-1]) for row in groups.pop(_NEWEST, ())), reverse=True)
    return Hits(groups[_NUMBER][0][7], _added_up(groups), newest)


def read_facets(condition: Condition, *, most: int) -> tuple[Facets, datetime | None]:
    """What the newest are made of, in one pass that keeps none of them, and when the oldest was published."""
    hits = _NEWEST_OF_ALL.format(condition=condition.query)
    groups = _read(_TOLD_APART.format(hits=hits), [*condition.parameters, most])
    return _added_up(groups), min((row[-2] for row in groups.get(_COLUMNS, ())), default=None)


def goes_on(condition: Condition, oldest: datetime | None, number: int) -> bool:
    """Whether there are more than this number, the last of which is the oldest, or another of the same instant."""
    older = condition.also("published_at < %s", oldest)
    if oldest is not None and _number(older, 1):
        return True
    return _number(condition, number + 1) > number


def _number(condition: Condition, most: int) -> int:
    """How many there are, and no more of them looked at."""
    query = f"select count(*) from (select 1 from listening_mention where {condition.query} limit %s) counted"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, [*condition.parameters, most])
        return int(cursor.fetchone()[0])


def facets_of(mentions: Sequence[Mention]) -> Facets:
    """Of mentions that are at hand."""
    has = {"question": "is_question", "media": "has_media", "link": "has_link"}
    return Facets(
        number=len(mentions),
        platforms=Counter(mention.platform for mention in mentions),
        languages=Counter(mention.language for mention in mentions),
        tones=Counter(mention.tone for mention in mentions),
        statuses=Counter(mention.status for mention in mentions),
        has=Counter(name for mention in mentions for name, field in has.items() if getattr(mention, field)),
        versions=Counter(tuple(mention.keyword_versions) for mention in mentions),
        tags=Counter(tag for mention in mentions for tag in mention.tags),
    )


def _read(query: str, parameters: Sequence[Any]) -> dict[int, list[tuple[Any, ...]]]:
    """The rows by their kind."""
    groups: dict[int, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        for kind, *row in cursor.fetchall():
            groups.setdefault(kind, []).append(tuple(row))
    return groups


def _added_up(groups: dict[int, list[tuple[Any, ...]]]) -> Facets:
    facets, number = Facets(), 0
    for platform, language, tone, status, *_lists, mentions, questions, media, links, _at, _id in groups.get(
        _COLUMNS, ()
    ):
        number += mentions
        facets.platforms[platform] += mentions
        facets.languages[language] += mentions
        facets.tones[tone] += mentions
        facets.statuses[status] += mentions
        for name, count in (("question", questions), ("media", media), ("link", links)):
            facets.has[name] += count
    for *_columns, version, several, tagged, mentions, _questions, _media, _links, _at, _id in groups.get(
        _LISTS, ()
    ):
        facets.versions[() if version is None and not several else tuple(several or [version])] += mentions
        for tag in tagged or ():
            facets.tags[tag] += mentions
    return replace(facets, number=number)
