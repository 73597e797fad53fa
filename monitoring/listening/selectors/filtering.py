"""Which mentions somebody wants to see, and the conditions that say so to the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from monitoring.analysis.words import search_phrase
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, KeywordVersion, Mention
from monitoring.listening.models.mentions import COUNTED_STATUSES
from monitoring.listening.selectors.searching import contains_words, covering_words, search_conditions


@dataclass(frozen=True, kw_only=True)
class MentionFilter:
    """What somebody wants to see. Empty fields do not filter; without statuses, all that count are wanted."""

    period: Period | None = None
    since: datetime | None = None  # within the period, from this instant on
    until: datetime | None = None  # and before this one
    search: str = ""  # in the query language
    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tones: tuple[int, ...] = ()
    keyword: int | None = None
    only_questions: bool = False
    only_links: bool = False
    only_media: bool = False
    min_followers: int | None = None
    max_followers: int | None = None
    statuses: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()  # one of these
    author_key: str = ""
    community: str = ""
    link: str = ""
    hashtag: str = ""
    term: str = ""

    @cached_property
    def chosen(self) -> frozenset[str]:
        """The names of the fields that filter."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return frozenset(
            name for name, value in values.items() if value or (value == 0 and value is not False)
        )


def filter_mentions(*, brand: Brand, wanted: MentionFilter) -> QuerySet[Mention]:
    """All of them, in no order. A page of many asks `selectors.finding`, which reads no more than it must."""
    mentions = Mention.objects.filter(organization_id=brand.organization_id, brand_id=as_bigint(brand.pk))
    return mentions.filter(*conditions(brand, wanted))


@dataclass(frozen=True)
class Condition:
    """What must hold of a row of listening_mention, as the database takes it: written once for several queries."""

    query: str
    parameters: tuple[Any, ...]

    def also(self, query: str, *parameters: object) -> Condition:
        return Condition(f"{self.query} and {query}", (*self.parameters, *parameters))


def written_condition(mentions: QuerySet[Mention]) -> Condition | None:
    """None where it is known that nothing is found."""
    try:
        query, parameters = mentions.query.get_compiler(connection=connection).compile(mentions.query.where)
    except EmptyResultSet:
        return None
    except FullResultSet:
        return Condition("true", ())
    return Condition(query, tuple(parameters))


def conditions(brand: Brand, wanted: MentionFilter, *, by_index: bool = True) -> list[Q]:
    """All that must hold of a mention of the brand. `by_index`: said so that an index finds them; for rows that are
    at hand that only takes longer."""
    columns = (period_condition(wanted), kept_condition(wanted), column_condition(wanted))
    return [*columns, *array_conditions(brand, wanted, by_index=by_index), *search_conditions(wanted.search)]


def as_bigint(number: int) -> Cast:
    """A plain number is a smaller integer to PostgreSQL, and a GIN index compares only equal types."""
    return Cast(Value(number), BigIntegerField())


def period_condition(wanted: MentionFilter) -> Q:
    condition = Q()
    if wanted.period:
        condition &= Q(published_at__gte=wanted.period.starts_at, published_at__lt=wanted.period.ends_at)
    if wanted.since:
        condition &= Q(published_at__gte=wanted.since)
    if wanted.until:
        condition &= Q(published_at__lt=wanted.until)
    return condition


def kept_condition(wanted: MentionFilter) -> Q:
    """Of which status: those that count, or those asked for. What was deleted is never among them.

    That something counts says that it is not deleted, too, and stands in the index.
    """
    if not wanted.statuses:
        return Q(is_counted=True)
    if set(wanted.statuses) <= set(COUNTED_STATUSES):
        return Q(status__in=wanted.statuses, is_counted=True)
    return Q(status__in=wanted.statuses, deleted_at=None)


def column_condition(wanted: MentionFilter) -> Q:
    """What the columns of numbers, truths and short texts decide."""
    conditions: dict[str, object] = {
        "platform__in": wanted.platforms,
        "language__in": wanted.languages,
        "tone__in": wanted.tones,
        "is_question": wanted.only_questions,
        "has_media": wanted.only_media,
        "has_link": wanted.only_links,
        "author_key": wanted.author_key,
        "community": wanted.community,
    }
    chosen = Q(**{name: value for name, value in conditions.items() if value})
    if wanted.min_followers is not None:
        chosen &= Q(author_followers__gte=wanted.min_followers)
    if wanted.max_followers is not None:
        chosen &= Q(author_followers__lte=wanted.max_followers)
    return chosen


def array_conditions(brand: Brand, wanted: MentionFilter, *, by_index: bool = True) -> list[Q]:
    conditions = []
    if wanted.keyword is not None:
        versions = KeywordVersion.objects.filter(keyword=wanted.keyword, keyword__brand=brand)
        conditions.append(Q(keyword_versions__overlap=ArraySubquery(versions.order_by().values("pk"))))
    if wanted.tags:
        conditions.append(Q(tags__overlap=list(wanted.tags)))
    lists = {"links": wanted.link, "hashtags": wanted.hashtag, "terms": wanted.term}
    conditions.extend(Q(**{f"{name}__contains": [value]}) for name, value in lists.items() if value)
    return [*conditions, *(_for_an_index(wanted) if by_index else ())]


def _for_an_index(wanted: MentionFilter) -> Iterator[Q]:
    """What follows from the conditions on lists, and is looked up: what is in the text by the index of words."""
    if wanted.link:
        yield Q(SharesKey(F("links"), Value(wanted.link)), has_link=True)
    if wanted.hashtag:
        yield contains_words(search_phrase(f"#{wanted.hashtag}"))
    if wanted.term:
        yield contains_words(search_phrase(wanted.term))


class SharesKey(Func):
    """Links may be longer than an index takes: it holds their hashes (migration 0012)."""

    template = "listening_link_keys(%(expressions)s, 0)]"
    arg_joiner = ") @> array[hashtextextended("
    output_field = BooleanField()


def is_looked_up(wanted: MentionFilter) -> bool:
    """Whether an index of words or links finds them."""
    return bool(wanted.link or wanted.hashtag or wanted.term or covering_words(wanted.search))


def reads_texts(wanted: MentionFilter) -> bool:
    """Whether the search looks at what stands in no index, as exclusions alone do."""
    return bool(wanted.search.strip()) and not covering_words(wanted.search)


def is_in_the_list(wanted: MentionFilter) -> bool:
    """Whether the index that gives mentions in order knows all that decides."""
    return not (wanted.search.strip() or wanted.author_key or wanted.statuses or is_looked_up(wanted))
