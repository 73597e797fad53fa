"""Last touch in a period and in the one right before it, by channel and by post at once: two queries of rollups."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import CreditModel
from monitoring.conversions.selectors.credits import CreditRow, Key
from monitoring.lib.periods import Period

_CREDITS: Final = """
    select day >= %(first)s, credit.channel, coalesce(link.post_id, 0), currency, sum(number), sum(amount)
    from conversions_creditday credit
    left join conversions_trackedlink link
        on link.id = credit.link_id and link.organization_id = credit.organization_id
    where credit.organization_id = %(organization)s and day between %(before)s and %(last)s
        and model = %(model)s and kind = %(kind)s
    group by 1, 2, 3, 4
"""
# Clicks of people on links, and tagged visits that came without one.
_VISITS: Final = """
    select is_now, channel, post_id, sum(visits)::bigint from (
        select day >= %(first)s as is_now, link.channel, coalesce(link.post_id, 0) as post_id, visits
        from conversions_clickday counted join conversions_trackedlink link on link.id = counted.link_id
        where counted.organization_id = %(organization)s and day between %(before)s and %(last)s
        union all
        select day >= %(first)s, channel, 0, visits from conversions_visitday
        where organization_id = %(organization)s and day between %(before)s and %(last)s) visited
    group by 1, 2, 3
"""


@dataclass
class _Sum:
    number: Decimal = Decimal(0)
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, currency: str, number: Decimal, amount: Decimal) -> None:
        self.number += number
        if currency and amount:
            self.amounts[currency] = self.amounts.get(currency, Decimal(0)) + amount


@dataclass(frozen=True)
class PeriodCredits:
    """By a channel's slug, and by a post's id; "" and 0 are what none of them is credited with."""

    channels: dict[str, CreditRow]
    posts: dict[int, CreditRow]


def compare_last_touch(
    *, organization: Organization, period: Period, kind: str
) -> tuple[PeriodCredits, PeriodCredits]:
    """The period, and the same number of days before."""
    facts = {
        "organization": organization.pk,
        "before": period.previous().first,
        "first": period.first,
        "last": period.last,
        "model": CreditModel.LAST.value,
        "kind": kind,
    }
    credited, visited = _read(_CREDITS, facts), _read(_VISITS, facts)
    now, before = (
        PeriodCredits(_rows(credited, visited, is_now, 0), _rows(credited, visited, is_now, 1))
        for is_now in (True, False)
    )
    return now, before


def _rows(
    credited: list[tuple[Any, ...]], visited: list[tuple[Any, ...]], is_now: bool, place: int
) -> dict[Any, CreditRow]:
    """What belongs to each key, which stands in this place of a row."""
    sums: dict[Key, _Sum] = defaultdict(_Sum)
    for of_now, *names, currency, number, amount in credited:
        if of_now == is_now:
            sums[names[place]].add(currency, number, amount)
    visits: Counter[Key] = Counter()
    for of_now, *names, number in visited:
        if of_now == is_now and names[place]:
            visits[names[place]] += number
    return {
        key: CreditRow(key=key, number=sums[key].number, amounts=sums[key].amounts, visits=visits.get(key))
        for key in [*sums, *(key for key in visits if key not in sums)]
    }


def _read(query: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        return list(cursor.fetchall())
