"""Judge by a sample how many mentions a filter finds, where finding out would take too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_
from zoneinfo import ZoneInfo

from django.db.models import Count, IntegerField, QuerySet
from django.db.models.expressions import RawSQL

from monitoring.lib.periods import ONE_DAY, local_midnight
from monitoring.listening.models import Brand, Mention
from monitoring.listening.selectors.counts import Volume
from monitoring.listening.selectors.filtering import MentionFilter, conditions

STRATA = 40
SAMPLED = 2_000
_NEWEST_OF_EACH = """(
    select newest.id from unnest(%s::timestamptz[], %s::timestamptz[]) as strata (first, last)
    cross join lateral (
        select id from listening_mention
        where organization_id = %s and brand_id = %s::bigint and published_at >= first and published_at < last
            and is_counted
        order by published_at desc, id desc limit %s) newest
)"""


def estimate_hits(
    *, brand: Brand, wanted: MentionFilter, zone: ZoneInfo, days: Mapping[date, Volume]
) -> float:
    """From 2,000 mentions, spread over all days so that one loud day misleads nobody."""
    strata = _strata(days)
    if not strata:
        return 0
    sizes = [sum(days[day].mentions for day in stratum) for stratum in strata]
    asked = _asked(brand, wanted, zone, strata)
    return sum(sizes[number - 1] * hits / of for number, hits, of in asked)


def _asked(
    brand: Brand, wanted: MentionFilter, zone: ZoneInfo, strata: Sequence[Sequence[date]]
) -> QuerySet[Mention, tuple[int, int, int]]:
    """Of each stratum that has any: its number from 1, how many fit, of how many.

    The conditions are asked of these rows alone: as a filter, an index would answer them for all rows there are.
    """
    first = [local_midnight(stratum[0], zone) for stratum in strata]
    last = [local_midnight(stratum[-1] + ONE_DAY, zone) for stratum in strata]
    sampled = RawSQL(  # noqa: S611 - put together from constants
        _NEWEST_OF_EACH, [first, last, brand.organization_id, brand.pk, SAMPLED // len(strata)]
    )
    mentions = Mention.objects.filter(organization_id=brand.organization_id, pk__in=sampled)
    number = RawSQL("width_bucket(published_at, %s::timestamptz[])", [first], IntegerField())
    hits = Count("pk", filter=reduce(and_, conditions(brand, wanted, by_index=False)))
    return mentions.annotate(stratum=number).values_list("stratum").annotate(hits=hits, of=Count("pk"))


def _strata(days: Mapping[date, Volume]) -> list[Sequence[date]]:
    """Days that follow each other, in at most so many groups."""
    ordered = sorted(days)
    size = -(-len(ordered) // STRATA) or 1
    return [ordered[first : first + size] for first in range(0, len(ordered), size)]
