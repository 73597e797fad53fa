"""A period of one brand beside another: all that the first screen says of mentions, in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand
from monitoring.listening.selectors.author_samples import sample_for
from monitoring.listening.selectors.counts import (
    SUMMED,
    Estimate,
    PeriodCounts,
    Volume,
    told_apart,
)

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
    order by day
"""  # noqa: S608 - put together from constants
# Asked by itself: of three ways to count them in one statement, PostgreSQL would plan them all.
_PEOPLE: Final = """
    select count(*) from (
        select distinct author_key from listening_mention
        where {organization} brand_id = %(brand)s and published_at >= %(starts)s and published_at < %(ends)s
            and is_counted {condition}) author
"""
_OF_ORGANIZATION: Final = "organization_id = %(organization)s and"


@dataclass(frozen=True)
class Comparison:
    counts: PeriodCounts
    before: Volume


def compare_periods(*, brand: Brand, period: Period, compared: Period) -> Comparison:
    parameters: dict[str, Any] = {
        "brand": brand.pk,
        "first": period.first,
        "last": period.last,
        "before_first": compared.first,
        "before_last": compared.last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COMPARED, parameters)
        rows = cursor.fetchall()
    counts = told_apart(tuple(row) for is_before, *row in rows if not is_before)
    before = next(Volume(*(count or 0 for count in row[4:])) for row in rows if row[0])
    return Comparison(counts, before)


def count_authors(*, brand: Brand, period: Period, mentions: int) -> Estimate:
    """Of so many mentions. Where all are counted the organization is named, for the index of a sample has none."""
    sample = sample_for(mentions)
    if not mentions:
        return Estimate(0, sample.is_exact)
    organization = _OF_ORGANIZATION if sample.is_exact else ""
    facts: dict[str, Any] = {
        "organization": brand.organization_id,
        "brand": brand.pk,
        "starts": period.starts_at,
        "ends": period.ends_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(organization=organization, condition=sample.condition), facts)
        people: int = cursor.fetchone()[0]
    return Estimate(people * sample.stands_for, sample.is_exact)
