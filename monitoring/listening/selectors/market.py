"""The market together: how much is said of each brand, and where most of it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand

_BY_BRAND: Final = """
    select brand_id, coalesce(sum(mentions) filter (where day between %(first)s and %(last)s), 0)::bigint,
        coalesce(sum(mentions) filter (where day between %(before_first)s and %(before_last)s), 0)::bigint
    from listening_mentionday
    where brand_id = any(%(brands)s::bigint[])
        and (day between %(first)s and %(last)s or day between %(before_first)s and %(before_last)s)
    group by brand_id
"""
_COMMUNITIES: Final = """
    select term, brand_id, number, altogether from (
        select *, dense_rank() over (order by altogether desc, term collate "C") as place from (
            select term, brand_id, sum(mentions)::bigint as number,
                sum(sum(mentions)) over (partition by term)::bigint as altogether
            from listening_termday
            where brand_id = any(%(brands)s::bigint[]) and day between %(first)s and %(last)s and kind = 'community'
            group by term, brand_id having sum(mentions) > 0) counted) ranked
    where place <= %(limit)s
    order by place, number desc, brand_id
"""


@dataclass(frozen=True)
class Community:
    """Where the market talks: how much of it there, and about whom, the most first."""

    name: str
    mentions: int
    by_brand: Sequence[tuple[Brand, int]]


def mentions_of_market(
    *, brands: Sequence[Brand], period: Period, compared: Period
) -> dict[int, tuple[int, int]]:
    """How much was said of each brand, in the period and in the one it is compared with, by the brand's id."""
    parameters = _of(brands, period) | {"before_first": compared.first, "before_last": compared.last}
    with connection.cursor() as cursor:
        cursor.execute(_BY_BRAND, parameters)
        found = {brand_id: (now, before) for brand_id, now, before in cursor.fetchall()}
    return {brand.pk: found.get(brand.pk, (0, 0)) for brand in brands}


def rank_communities(*, brands: Sequence[Brand], period: Period, limit: int) -> list[Community]:
    """The one in which most of all that was said of these brands was said comes first."""
    named = {brand.pk: brand for brand in brands}
    found: dict[str, tuple[int, list[tuple[Brand, int]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COMMUNITIES, _of(brands, period) | {"limit": limit})
        for name, brand_id, number, altogether in cursor.fetchall():
            found.setdefault(name, (altogether, []))[1].append((named[brand_id], number))
    return [Community(name, number, by_brand) for name, (number, by_brand) in found.items()]


def _of(brands: Sequence[Brand], period: Period) -> dict[str, Any]:
    return {"brands": [brand.pk for brand in brands], "first": period.first, "last": period.last}
