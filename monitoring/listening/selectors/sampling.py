"""Judge by a sample how many mentions a filter finds, where finding out would take too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection

from monitoring.lib.periods import ONE_DAY, local_midnight
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import Volume
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions

STRATA = 40
SAMPLED = 2_000
_NEWEST_OF_EACH = """
    select stratum, id
    from unnest(%s::timestamptz[], %s::timestamptz[]) with ordinality as strata (first, last, stratum)
    cross join lateral (
        select id from listening_mention
        where organization_id = %s and brand_id = %s::bigint and published_at >= first and published_at < last
            and is_counted
        order by published_at desc, id desc limit %s) newest
"""


def estimate_hits(
    *, brand: Brand, wanted: MentionFilter, zone: ZoneInfo, days: Mapping[date, Volume]
) -> float:
    """From 2,000 mentions, spread over all days so that one loud day misleads nobody."""
    strata = _strata(days)
    with connection.cursor() as cursor:
        cursor.execute(
            _NEWEST_OF_EACH,
            [
                [local_midnight(stratum[0], zone) for stratum in strata],
                [local_midnight(stratum[-1] + ONE_DAY, zone) for stratum in strata],
                brand.organization_id, brand.pk, SAMPLED // max(len(strata), 1),
            ],
        )  # fmt: skip
        stratum_of = {mention_id: number - 1 for number, mention_id in cursor.fetchall()}
    found = filter_mentions(brand=brand, wanted=wanted).filter(pk__in=list(stratum_of))
    hits, sampled = [0] * len(strata), [0] * len(strata)
    for mention_id in found.values_list("pk", flat=True):
        hits[stratum_of[mention_id]] += 1
    for stratum in stratum_of.values():
        sampled[stratum] += 1
    sizes = [sum(days[day].mentions for day in stratum) for stratum in strata]
    return sum(size * hit / of for size, hit, of in zip(sizes, hits, sampled, strict=True) if of)


def _strata(days: Mapping[date, Volume]) -> list[Sequence[date]]:
    """Days that follow each other, in at most so many groups."""
    ordered = sorted(days)
    size = -(-len(ordered) // STRATA) or 1
    return [ordered[first : first + size] for first in range(0, len(ordered), size)]
