"""A period of one brand beside another: all that the first screen says of mentions, in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand
from monitoring.listening.selectors.author_samples import SAMPLES, AuthorSample, sample_for
from monitoring.listening.selectors.counts import (
    SUMMED,
    Estimate,
    PeriodCounts,
    Volume,
    told_apart,
)


def _people(sample: AuthorSample) -> str:
    """With the organization where all are counted, for the index of a sample has none."""
    organization = "organization_id = %(organization)s and" if sample.is_exact else ""
    return f"""
        when (select coalesce(sum(mentions), 0) from counted where day is not null) <= {sample.up_to} then (
            select count(*) from (
                select distinct author_key from listening_mention
                where {organization} brand_id = %(brand)s and published_at >= %(starts)s and published_at < %(ends)s
                    and is_counted {sample.condition}) author)
    """  # noqa: S608 - put together from constants


# The cases are looked at in turn: authors are counted in one way, never in two.
_COMPARED: Final = f"""
    with counted as materialized (
        select false as is_before, day, platform, language, {SUMMED} from listening_mentionday
        where brand_id = %(brand)s and day between %(first)s and %(last)s
        group by grouping sets ((day), (platform, language))
    )
    select is_before, day, platform, language, mentions, positive, neutral, negative, questions, interactions, followers
    from counted
    union all
    select true, null, null, null, {SUMMED} from listening_mentionday
    where brand_id = %(brand)s and day between %(before_first)s and %(before_last)s
    union all
    select null, null, null, null, case {"".join(map(_people, SAMPLES))} end, 0, 0, 0, 0, 0, 0
    order by day
"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class Comparison:
    counts: PeriodCounts
    before: Volume
    authors: Estimate


def compare_periods(*, brand: Brand, period: Period, compared: Period) -> Comparison:
    parameters: dict[str, Any] = {
        "organization": brand.organization_id,
        "brand": brand.pk,
        "first": period.first,
        "last": period.last,
        "before_first": compared.first,
        "before_last": compared.last,
        "starts": period.starts_at,
        "ends": period.ends_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, parameters)
        rows = cursor.fetchall()
    counts = told_apart(tuple(row) for is_before, *row in rows if is_before is False)
    before = next(Volume(*(count or 0 for count in row[4:])) for row in rows if row[0])
    people = next(row[4] for row in rows if row[0] is None)
    sample = sample_for(counts.total.mentions)
    return Comparison(counts, before, Estimate(people * sample.stands_for, sample.is_exact))
