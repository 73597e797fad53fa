# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""What social media earned in all, what it took, and the visits it began with: the goals page's first figures.

The same terms as `returns` has, without the rows they are made of: one statement, and half the work.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import Assumptions
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.models.credits import CreditModel
from monitoring.conversions.money.exchange import KEPT_DECIMALS, rate_table
from monitoring.conversions.selectors.return_terms import API_CURRENCY, ASKED, NO_SALES
from monitoring.conversions.selectors.returns import Terms
from monitoring.lib.periods import Period, local_day

# What is credited to nobody is in no sum here. Who was asked may have named a friend: that tells that somebody was.
_EARNED: Final = f"""
with sold as (
    select model, channel = any(%(social)s) as is_social, currency,
        case when currency not in ('', %(to)s) then day end as day, sum(amount){{of_sales}} as amount,
        sum(number) filter (where kind = 'order') as orders, sum(number) filter (where kind = %(kind)s) as led_to
    from conversions_creditday
    where organization_id = %(organization)s and day between %(first)s and %(last)s
        and model in ('{CreditModel.LAST}', '{CreditModel.SAID}') and channel <> '' and kind <> all(%(no_sales)s)
    group by 1, 2, 3, 4),
spent as (
    select currency, amount_a_day, greatest(first_day, %(first)s::date) as begins,
        least(last_day, %(last)s::date) as ends
    from conversions_spend
    where organization_id = %(organization)s and first_day <= %(last)s and last_day >= %(first)s
        and %(first)s::date <= %(last)s::date and (channel = '' or channel = any(%(social)s))),
asked as ({ASKED}),
amounts (term, model, is_social, currency, day, orders, led_to, amount) as materialized (
    select 'sales', model, is_social, currency, day, orders, led_to, amount from sold
    union all
    select 'ad_spend', '', true, currency, begins, 0, 0, amount_a_day * (ends - begins + 1)
    from spent where currency = %(to)s
    union all
    select 'ad_spend', '', true, currency, day::date, 0, 0, amount_a_day
    from spent, generate_series(begins, ends, '1 day') day where currency <> %(to)s
    union all
    select 'api_cost', '', true, '{API_CURRENCY}', day::date, 0, 0, amount / (until - month + 1)
    from asked, generate_series(greatest(month, %(first)s::date), least(until, %(last)s::date), '1 day') day
    union all
    select 'minutes', '', true, '', null, 0, 0, sum(minutes) from conversions_timespent
    where organization_id = %(organization)s and day between %(first)s and %(last)s and minutes > 0
        and (channel = '' or channel = any(%(social)s))
    union all
    select 'visits', '', true, '', null, 0, 0, sum(visits)
    from conversions_clickday counted join conversions_trackedlink link on link.id = counted.link_id
    where counted.organization_id = %(organization)s and day between %(first)s and %(last)s
        and link.channel = any(%(social)s)
    union all
    select 'visits', '', true, '', null, 0, 0, sum(visits) from conversions_visitday
    where organization_id = %(organization)s and day between %(first)s and %(last)s and channel = any(%(social)s)),
wanted as (select distinct currency, day from amounts where currency not in ('', %(to)s)),
{{rates}}
select term, model, is_social, coalesce(sum(orders), 0), coalesce(sum(led_to), 0), count(amount) > 0,
    round(coalesce(sum(case when currency in ('', %(to)s) then amount
        else amount * to_per_euro / from_per_euro end), 0), {KEPT_DECIMALS})
from amounts left join rate using (currency, day) group by 1, 2, 3"""
_LAST, _SAID = ("sales", CreditModel.LAST.value, True), ("sales", CreditModel.SAID.value, True)
_SAID_ELSEWHERE = ("sales", CreditModel.SAID.value, False)


@dataclass(frozen=True, kw_only=True)
class Earned:
    """`visits` are those of social media's links and tags; `led_to` counts what the last of them are credited with, of
    the kind that was asked for."""

    currency: str
    total: Terms
    visits: int
    led_to: Decimal


class _Sums(NamedTuple):
    orders: Decimal = Decimal(0)
    led_to: Decimal = Decimal(0)
    is_known: bool = False  # there is an amount, be it 0
    value: Decimal = Decimal(0)


def read_earned(
    *, organization: Organization, period: Period, kind: str, now: datetime, assumptions: Assumptions
) -> Earned:
    """Of a period until today, in one query."""
    today = local_day(now, ZoneInfo(organization.time_zone))
    found = _read(organization, period.first, min(period.last, today), today, kind)
    sold = found[_LAST]
    was_asked = found[_SAID].is_known or found[_SAID_ELSEWHERE].is_known
    ad_spend, minutes, api_cost, visits = (
        found[term, "", True].value for term in ("ad_spend", "minutes", "api_cost", "visits")
    )
    margin = assumptions.margin
    total = Terms(
        orders=sold.orders,
        sales=sold.value,
        sales_said=found[_SAID].value if was_asked else None,
        ad_spend=ad_spend,
        minutes=int(minutes),
        api_cost=api_cost,
        margin=None if margin is None else margin / 100,
        hourly_rate=assumptions.hourly_rate,
    )
    return Earned(currency=organization.currency, total=total, visits=int(visits), led_to=sold.led_to)


def _read(
    organization: Organization, first: date, last: date, today: date, kind: str
) -> dict[tuple[str, str, bool], _Sums]:
    """By term, model of credit, and whether it is social media's."""
    facts: dict[str, int | str | date | list[str]] = {
        "organization": organization.pk,
        "to": organization.currency,
        "first": first,
        "last": last,
        "today": today,
        "kind": kind,
        "no_sales": [str(other) for other in NO_SALES if other != kind],
        "social": [str(channel) for channel in SOCIAL],
    }
    # What counts for the goal and is no sale is counted, and has no amount.
    of_sales = " filter (where kind <> %(kind)s)" if kind in NO_SALES else ""
    statement = _EARNED.replace("{rates}", rate_table(organization.currency)).replace("{of_sales}", of_sales)
    found: dict[tuple[str, str, bool], _Sums] = defaultdict(_Sums)
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        for term, model, is_social, *sums in cursor.fetchall():
            found[term, model, is_social] = _Sums(*sums)
    return found
