"""Judge by a sample how many mentions a filter finds, where finding out would take too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from zoneinfo import ZoneInfo

from django.db import connection

from monitoring.lib.periods import ONE_DAY, Period, local_midnight
from monitoring.listening.models import Brand, Mention
from monitoring.listening.selectors.counts import Volume
from monitoring.listening.selectors.facets import Written
from monitoring.listening.selectors.filtering import MentionFilter, conditions, written_condition

STRATA = 40
SAMPLED_AT_ONCE, SAMPLED = 300, 2_000
# What stands for the table, so that conditions are asked of these rows alone: of the whole table, an index would
# answer them for all rows there are.
_SAMPLE = """
    select number, count(*) filter (where {condition}), count(*)
    from unnest(%s::timestamptz[], %s::timestamptz[]) with ordinality as strata (first, last, number)
    cross join lateral (
        select * from listening_mention
        where organization_id = %s and brand_id = %s::bigint and published_at >= first and published_at < last
            and is_counted
        order by published_at desc, id desc limit %s) listening_mention
    group by number
"""
_NEWEST_OF_DAYS = """(
    select * from listening_mention
    where organization_id = %s and brand_id = %s::bigint and published_at >= %s and published_at < %s
    order by published_at desc, id desc offset 0) listening_mention
"""


@dataclass(frozen=True)
class Estimate:
    """How many there are, and how far off that usually is."""

    number: float = 0
    deviation: float = 0


def estimate_hits(
    *,
    brand: Brand,
    wanted: MentionFilter,
    zone: ZoneInfo,
    days: Mapping[date, Volume],
    sampled: int = SAMPLED,
) -> Estimate:
    """From some mentions, spread over all days so that one loud day misleads nobody."""
    strata = _strata(days)
    if not strata:
        return Estimate()
    sizes = [sum(days[day].mentions for day in stratum) for stratum in strata]
    found = [
        (sizes[number - 1], hits / of, of)
        for number, hits, of in _asked(brand, wanted, zone, strata, sampled)
    ]
    variance = sum(size**2 * share * (1 - share) / of for size, share, of in found)
    return Estimate(sum(size * share for size, share, _of in found), sqrt(variance))


def _asked(
    brand: Brand, wanted: MentionFilter, zone: ZoneInfo, strata: Sequence[Sequence[date]], sampled: int
) -> list[tuple[int, int, int]]:
    """Of each stratum that has any: its number from 1, how many fit, of how many."""
    asked = Mention.objects.filter(*conditions(brand, wanted, by_index=False))
    condition = written_condition(asked)
    if condition is None:
        return []
    first = [local_midnight(stratum[0], zone) for stratum in strata]
    last = [local_midnight(stratum[-1] + ONE_DAY, zone) for stratum in strata]
    of_each = sampled // len(strata)
    with connection.cursor() as cursor:
        cursor.execute(
            _SAMPLE.format(condition=condition.query),
            [*condition.parameters, first, last, brand.organization_id, brand.pk, of_each],
        )
        return list(cursor.fetchall())


def among_newest(hits: Written, *, brand: Brand, days: Period) -> Written:
    """The same, asked of these days' mentions one after the other."""
    asked = [brand.organization_id, brand.pk, days.starts_at, days.ends_at]
    query = hits.query.replace('"listening_mention" WHERE', f"{_NEWEST_OF_DAYS} WHERE", 1)
    return Written(query, [*asked, *hits.parameters])


def _strata(days: Mapping[date, Volume]) -> list[Sequence[date]]:
    """Days that follow each other, in at most so many groups."""
    ordered = sorted(days)
    size = -(-len(ordered) // STRATA) or 1
    return [ordered[first : first + size] for first in range(0, len(ordered), size)]
