"""What else could be chosen: each kind of facet counted without what is chosen of it.

Who filters by Bluesky sees how much Mastodon has, and can add it or change over; all other filters stay. What a
mention may have several of together (a question, a link, a picture) only narrows and follows all filters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import PeriodCounts
from monitoring.listening.selectors.facets import Facets, Written
from monitoring.listening.selectors.filtering import (
    MentionFilter,
    array_conditions,
    column_condition,
    filter_mentions,
    is_in_the_list,
    is_looked_up,
    written_condition,
)
from monitoring.listening.selectors.mentions import COUNTED_EXACTLY

# The fields of a filter of which one value is enough, and the column that each looks at.
_COLUMNS: Final = {
    "platforms": "platform",
    "languages": "language",
    "tones": "tone",
    "statuses": "status",
    "tags": "tags",
    "keyword": "keyword_versions",
}
_NOTHING: Final[Mapping[str, Any]] = {name: None if name == "keyword" else () for name in _COLUMNS}
_COUNTED_BY_DAY: Final = {"platforms", "languages", "tones"}
_LISTS: Final = {"tags", "keyword_versions"}
_OF_ONE: Final = "(select %s, to_jsonb({column}), count(*) from ({hits}) hits group by {column})"
# Most lists are empty or hold one number, and numbers are told apart much faster than lists.
_OF_LISTS: Final = """(
    select %s, to_jsonb(coalesce(several, array_remove(array[one], null))), count(*)
    from (
        select case when cardinality({column}) = 1 then {column}[1] end as one,
            case when cardinality({column}) > 1 then {column} end as several
        from ({hits}) hits) listed
    group by one, several)"""
# Where few fit all that is chosen, most of the index is read for each kind: so once for all of them.
FEW: Final = 200
_NEARLY_ALL: Final = """
    with nearly as materialized (
        select {columns}, {fits} from listening_mention
        where {others} and {most_fit} order by published_at desc, id desc)
    {parts}
"""
_BY_PLATFORM_AND_LANGUAGE: Final = """
    select platform, language, sum(positive)::bigint, sum(neutral)::bigint, sum(negative)::bigint
    from listening_mentionday where brand_id = %s and day between %s and %s group by platform, language
"""


@dataclass(frozen=True)
class Part:
    """The values of one kind, counted over `number` mentions."""

    number: int = 0
    mentions: Counter[Any] = field(default_factory=Counter)


def counted_apart(wanted: MentionFilter) -> int:
    """How many kinds must be counted from the rows without what is chosen of them."""
    chosen = wanted.chosen - {"period"}
    return 0 if chosen <= _COUNTED_BY_DAY else len(chosen & _COLUMNS.keys())


def read_parts(
    *,
    brand: Brand,
    wanted: MentionFilter,
    counts: PeriodCounts,
    listed: Facets,
    days: Period,
    from_days: bool,
) -> dict[str, Part]:
    """What the listed mentions alone do not tell, in one query at most: the rest is in `listed`.

    `days` are those that the list looked at. `from_days`: the list is of the whole period, so what the counts by day
    know holds.
    """
    chosen = wanted.chosen - {"period"}
    if from_days and not chosen:
        return _of_all(counts)
    if from_days and wanted.period and chosen <= _COUNTED_BY_DAY:
        return _from_days(brand, wanted, wanted.period)
    return _from_rows(brand, wanted, listed, days)


def _of_all(counts: PeriodCounts) -> dict[str, Part]:
    total = counts.total
    tones = {
        Tone.POSITIVE: total.positive,
        Tone.NEUTRAL: total.neutral,
        Tone.NEGATIVE: total.negative,
    }
    found: dict[str, dict[Any, int]] = {
        "platforms": {share.name: share.mentions for share in counts.platforms},
        "languages": {share.name: share.mentions for share in counts.languages},
        "tones": {int(tone): number for tone, number in tones.items()},
    }
    return {name: Part(total.mentions, Counter(mentions)) for name, mentions in found.items()}


def _from_days(brand: Brand, wanted: MentionFilter, period: Period) -> dict[str, Part]:
    """Exact, however many there are."""
    parts = {name: Counter[Any]() for name in _COUNTED_BY_DAY}
    for platform, language, tone, number in _cells(brand, period.first, period.last):
        cell: dict[str, str | int] = {"platforms": platform, "languages": language, "tones": tone}
        for name, value in cell.items():
            others = (other for other in cell if other != name)
            if all(_is_among(cell[other], getattr(wanted, other)) for other in others):
                parts[name][value] += number
    return {name: Part(mentions.total(), mentions) for name, mentions in parts.items()}


def _is_among(value: str | int, chosen: tuple[str, ...] | tuple[int, ...]) -> bool:
    return not chosen or value in chosen


def _cells(brand: Brand, first: date, last: date) -> list[tuple[str, str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_PLATFORM_AND_LANGUAGE, [brand.pk, first, last])
        return [
            (platform, language, int(tone), number)
            for platform, language, *numbers in cursor.fetchall()
            for tone, number in zip((Tone.POSITIVE, Tone.NEUTRAL, Tone.NEGATIVE), numbers, strict=True)
        ]


def _from_rows(brand: Brand, wanted: MentionFilter, listed: Facets, days: Period) -> dict[str, Part]:
    """Each kind that is chosen from is counted anew without that choice, over COUNTED_EXACTLY mentions at most."""
    names = [name for name in _COLUMNS if name in wanted.chosen]
    within = replace(wanted, period=days)
    at_once = len(names) > 1 and listed.number <= FEW and is_in_the_list(within)
    asked = _nearly_all(brand, within, names) if at_once else _one_by_one(brand, within, names)
    found: dict[str, list[tuple[Any, int]]] = {}
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(asked.query, asked.parameters)
            for name, value, number in cursor.fetchall():
                found.setdefault(name, []).append((json.loads(value), number))
    parts = {name: _ADDED_UP.get(name, _add_up)(values) for name, values in found.items()}
    if wanted.statuses:
        parts["statuses"] = _with_asides(parts.get("statuses", Part()), wanted, listed)
    return parts


def _one_by_one(brand: Brand, wanted: MentionFilter, names: list[str]) -> Written | None:
    queries, parameters = [], []
    for name in names:
        try:
            hits, values = _hits_without(brand, wanted, name)
        except EmptyResultSet:
            continue
        queries.append(_part(name, hits))
        parameters += [name, *values]
    return Written(" union all ".join(queries), parameters) if queries else None


def _part(name: str, hits: str) -> str:
    column = _COLUMNS[name]
    return (_OF_LISTS if column in _LISTS else _OF_ONE).format(column=column, hits=hits)


def _nearly_all(brand: Brand, wanted: MentionFilter, names: list[str]) -> Written | None:
    """All that lacks one of what is chosen at most is read in one pass, then each kind is counted among these."""
    nothing = {name: _NOTHING[name] for name in names}
    others = written_condition(filter_mentions(brand=brand, wanted=replace(wanted, **nothing)))
    chosen = [written_condition(_of_kind(brand, wanted, name)) for name in names]
    fits = [condition for condition in chosen if condition]
    if others is None or len(fits) < len(names):
        return None
    columns = [_COLUMNS[name] for name in names]
    marks = [f"fits_{column}" for column in columns]
    query = _NEARLY_ALL.format(
        columns=", ".join(columns),
        fits=", ".join(f"({each.query}) as {mark}" for each, mark in zip(fits, marks, strict=True)),
        others=others.query,
        most_fit=f"({' + '.join(f'({each.query})::int' for each in fits)}) >= {len(fits) - 1}",
        parts=" union all ".join(_part_of_nearly_all(name, marks) for name in names),
    )
    values = [value for each in fits for value in each.parameters]
    return Written(query, [*values, *others.parameters, *values, *names])


def _part_of_nearly_all(name: str, marks: list[str]) -> str:
    column = _COLUMNS[name]
    wanted = " and ".join(mark for mark in marks if mark != f"fits_{column}")
    return _part(name, f"select {column} from nearly where {wanted} limit {COUNTED_EXACTLY}")  # noqa: S608


def _of_kind(brand: Brand, wanted: MentionFilter, name: str) -> QuerySet[Mention]:
    alone: dict[str, Any] = {name: getattr(wanted, name)}
    kind = MentionFilter(**alone)
    return Mention.objects.filter(column_condition(kind), *array_conditions(brand, kind))


def _hits_without(brand: Brand, wanted: MentionFilter, name: str) -> tuple[str, tuple[Any, ...]]:
    others = replace(wanted, **{name: _NOTHING[name]})
    mentions = filter_mentions(brand=brand, wanted=others)
    # An index of words gives its hits in no order: putting them in order would read all of them.
    newest = mentions.order_by() if is_looked_up(wanted) else mentions.order_by("-published_at", "-id")
    column = newest.values_list(_COLUMNS[name])[:COUNTED_EXACTLY]
    hits, parameters = column.query.get_compiler(connection=connection).as_sql()
    return hits, parameters


def _add_up(values: list[tuple[Any, int]]) -> Part:
    return Part(sum(number for _value, number in values), Counter(dict(values)))


def _add_up_lists(values: list[tuple[list[int], int]]) -> Part:
    """One mention has several tags."""
    mentions: Counter[int] = Counter()
    for several, number in values:
        for value in several:
            mentions[value] += number
    return Part(sum(number for _value, number in values), mentions)


def _add_up_together(values: list[tuple[list[int], int]]) -> Part:
    """As `Facets.versions`: those that matched together."""
    mentions = Counter({tuple(several): number for several, number in values})
    return Part(mentions.total(), mentions)


_ADDED_UP: Final[Mapping[str, Callable[[list[tuple[Any, int]]], Part]]] = {
    "tags": _add_up_lists,
    "keyword": _add_up_together,
}


def _with_asides(part: Part, wanted: MentionFilter, listed: Facets) -> Part:
    """Without a choice only what counts is wanted; of what was set aside the list itself knows what was asked for."""
    asides = {status: listed.statuses[status] for status in wanted.statuses if status not in part.mentions}
    return Part(part.number, part.mentions + Counter(asides))
