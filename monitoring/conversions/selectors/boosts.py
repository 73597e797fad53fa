"""What each boosted post brought for its money: followers, visits and orders.

Followers are an estimate: what the profile gained in the boost's days, less what it had gained in as many days before.
Visits and orders are those by the links in the post, orders by last touch, on the boost's own days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import Kind, Spend
from monitoring.conversions.parts_behind import PartsBehind
from monitoring.lib.periods import ONE_DAY, local_day, local_midnight

SHOWN: Final = 10
# With fewer, what one of them cost is chance.
ENOUGH: Final = 10
_SPEAKS_FOR: Final = timedelta(days=2)

_READINGS: Final = """
select moment.place, (
    select followers from audience_audiencesnapshot snapshot
    where snapshot.profile_id = moment.profile_id and followers is not null
        and taken_at >= moment.at - %(speaks_for)s::interval and taken_at < moment.at
    order by taken_at desc limit 1)
from unnest(%(profiles)s::bigint[], %(moments)s::timestamptz[]) with ordinality moment (profile_id, at, place)
order by place"""
_BROUGHT: Final = """
with boost as (
    select * from unnest(%(posts)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
        with ordinality each (post_id, first, last, place)),
link as (
    select boost.place, boost.first, boost.last, link.id from boost
    join conversions_trackedlink link on link.post_id = boost.post_id and link.organization_id = %(organization)s)
select place, count(distinct link.id),
    coalesce(sum((select sum(visits) from conversions_clickday counted
        where counted.organization_id = %(organization)s and counted.link_id = link.id
            and counted.day between link.first and link.last)), 0),
    coalesce(sum((select sum(number) from conversions_creditday credit
        where credit.organization_id = %(organization)s and credit.link_id = link.id and model = 'last'
            and kind = 'order' and credit.day between link.first and link.last)), 0)
from link group by place"""


@dataclass(frozen=True, kw_only=True)
class BoostFigures:
    """None: nobody knows. `cost` is what was spent until today, in the boost's own currency."""

    spend: Spend
    is_running: bool
    cost: Decimal
    gained: int | None  # followers in its days
    gained_before: int | None  # in as many days before
    links: int  # tracked links in the post: without any, visits and orders cannot be known
    visits: int | None
    orders: Decimal | None
    orders_address: str  # of each of them

    @property
    def extra_followers(self) -> int | None:
        if self.gained is None or self.gained_before is None:
            return None
        return self.gained - self.gained_before

    @property
    def per_follower(self) -> Decimal | None:
        return self._per(self.extra_followers)

    @property
    def per_visit(self) -> Decimal | None:
        return self._per(self.visits)

    @property
    def per_order(self) -> Decimal | None:
        return self._per(self.orders)

    def _per(self, number: int | Decimal | None) -> Decimal | None:
        return self.cost / number if number is not None and number >= ENOUGH else None


def list_boosts(
    *, organization: Organization, now: datetime, limit: int | None = SHOWN
) -> list[BoostFigures]:
    """The latest ones that began, or all of them, in three queries."""
    zone = ZoneInfo(organization.time_zone)
    today = local_day(now, zone)
    boosts = Spend.objects.filter(organization=organization, kind=Spend.Kind.BOOST, first_day__lte=today)
    rows = list(boosts.select_related("post").order_by("-first_day", "-pk")[:limit])
    if not rows:
        return []
    gains = _gains(rows, today, zone)
    brought = _brought(organization, rows, today)
    return [
        _figures(organization, spend, today, gains[place], brought.get(place, (0, 0, Decimal(0))))
        for place, spend in enumerate(rows)
    ]


def _figures(
    organization: Organization,
    spend: Spend,
    today: date,
    gains: tuple[int | None, int | None],
    brought: tuple[int, int, Decimal],
) -> BoostFigures:
    links, visits, orders = brought
    behind = PartsBehind(organization, spend.first_day, min(spend.last_day, today), Kind.ORDER)
    return BoostFigures(
        spend=spend,
        is_running=spend.last_day >= today,
        cost=spend.amount_a_day * _days(spend, today),
        gained=gains[0],
        gained_before=gains[1],
        links=links,
        visits=int(visits) if links else None,
        orders=orders if links else None,
        orders_address=behind.address(post=spend.post_id) if orders else "",
    )


def _days(spend: Spend, today: date) -> int:
    """How many of its days have begun."""
    return (min(spend.last_day, today) - spend.first_day).days + 1


def _gains(spends: Sequence[Spend], today: date, zone: ZoneInfo) -> list[tuple[int | None, int | None]]:
    """Of each one's profile: followers gained in its days, and in as many before."""
    profiles: list[int] = []
    moments: list[datetime] = []
    for spend in spends:
        days = ONE_DAY * _days(spend, today)
        profiles += [spend.post.profile_id if spend.post else 0] * 3
        moments += [
            local_midnight(day, zone)
            for day in (spend.first_day - days, spend.first_day, spend.first_day + days)
        ]
    parameters: dict[str, Any] = {"profiles": profiles, "moments": moments, "speaks_for": _SPEAKS_FOR}
    with connection.cursor() as cursor:
        cursor.execute(_READINGS, parameters)
        known = [followers for _place, followers in cursor.fetchall()]
    return [
        (_difference(during, after), _difference(before, during))
        for before, during, after in zip(known[::3], known[1::3], known[2::3], strict=True)
    ]


def _difference(first: int | None, then: int | None) -> int | None:
    return None if first is None or then is None else then - first


def _brought(
    organization: Organization, spends: Sequence[Spend], today: date
) -> dict[int, tuple[int, int, Decimal]]:
    """By position: links in the post, visits by them, orders by them."""
    parameters: dict[str, Any] = {
        "organization": organization.pk,
        "posts": [spend.post_id or 0 for spend in spends],
        "firsts": [spend.first_day for spend in spends],
        "lasts": [min(spend.last_day, today) for spend in spends],
    }
    with connection.cursor() as cursor:
        cursor.execute(_BROUGHT, parameters)
        return {place - 1: (links, visits, orders) for place, links, visits, orders in cursor.fetchall()}
