"""Judge by a sample how many mentions a filter finds, where finding out would take too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import and_
from zoneinfo import ZoneInfo

from django.db.models import Case, QuerySet, When
from django.db.models.expressions import RawSQL

from monitoring.lib.periods import ONE_DAY, local_day, local_midnight
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
    stratum_of = {day: number for number, stratum in enumerate(strata) for day in stratum}
    hits, sampled = [0] * len(strata), [0] * len(strata)
    for published_at, hit in _asked(brand, wanted, zone, strata):
        stratum = stratum_of.get(local_day(published_at, zone))
        if stratum is not None:
            hits[stratum] += hit
            sampled[stratum] += 1
    sizes = [sum(days[day].mentions for day in stratum) for stratum in strata]
    return sum(size * hit / of for size, hit, of in zip(sizes, hits, sampled, strict=True) if of)


def _asked(
    brand: Brand, wanted: MentionFilter, zone: ZoneInfo, strata: Sequence[Sequence[date]]
) -> QuerySet[Mention, tuple[datetime, bool]]:
    """The conditions are asked of these rows alone: as a filter, an index would answer them for all rows there are."""
    is_wanted = Case(When(reduce(and_, conditions(brand, wanted)), then=True), default=False)
    first = [local_midnight(stratum[0], zone) for stratum in strata]
    last = [local_midnight(stratum[-1] + ONE_DAY, zone) for stratum in strata]
    of_each = SAMPLED // max(len(strata), 1)
    sampled = RawSQL(_NEWEST_OF_EACH, [first, last, brand.organization_id, brand.pk, of_each])  # noqa: S611
    mentions = Mention.objects.filter(organization_id=brand.organization_id, pk__in=sampled)
    return mentions.annotate(hit=is_wanted).values_list("published_at", "hit")


def _strata(days: Mapping[date, Volume]) -> list[Sequence[date]]:
    """Days that follow each other, in at most so many groups."""
    ordered = sorted(days)
    size = -(-len(ordered) // STRATA) or 1
    return [ordered[first : first + size] for first in range(0, len(ordered), size)]
