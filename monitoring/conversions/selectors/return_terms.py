# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""The terms of the return, summed by the database: what was sold, what was spent, and how long people worked.

A cell is what one channel, campaign and post has of a term. Money is in the organization's currency at the rate of
each day. Nothing here reads a single conversion, click or visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import Channel, Kind
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.models.conversions import WORTH_NO_MONEY
from monitoring.conversions.models.credits import CreditModel
from monitoring.conversions.money.exchange import (
    KEPT_DECIMALS,
    LeftOut,
    UsedRate,
    merge_left_out,
    merge_used,
    rate_table,
)

# What a lead may be worth is a hope and no sale.
NO_SALES: Final = (*WORTH_NO_MONEY, Kind.LEAD)
API_CURRENCY: Final = "USD"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Campaign and post 0: none. `value` is exact to ten decimals."""

    channel: str
    campaign_id: int
    post_id: int
    value: Decimal
    number: Decimal = Decimal(0)
    model: str = ""


@dataclass(frozen=True)
class Cells:
    cells: list[Cell]
    rates: list[UsedRate]
    left_out: list[LeftOut]


@dataclass(frozen=True, kw_only=True)
class Money:
    """`api_cost` is what asking paid platforms cost."""

    sales: Cells
    spend: Cells
    api_cost: Cells

    def __iter__(self) -> Iterator[Cells]:
        return iter((self.sales, self.spend, self.api_cost))


_WORTH: Final = f"""
    round(coalesce(sum(case when currency in ('', %(to)s) then amount
        else amount * to_per_euro / from_per_euro end), 0), {KEPT_DECIMALS}) as value,
    coalesce(sum(amount) filter (where currency not in ('', %(to)s) and rate_day is null), 0) as left_out,
    min(rate_day) as first_rate, max(rate_day) as last_rate,
    coalesce(bool_or(is_own), false) as any_own, coalesce(bool_or(not is_own), false) as any_reference"""

# What asking paid platforms cost in each month, and the last of its days that it is spread over.
ASKED: Final = """
    select platform, amount, month, least((month + interval '1 month - 1 day')::date, %(today)s::date) as until
    from platforms_spending
    where organization_id = %(organization)s and amount > 0
        and month between date_trunc('month', %(first)s::date) and %(last)s"""
# Sales in another currency are looked at day by day, and so is what was spent in one; what was spent in the
# organization's own is multiplied by days. A month's cost of asking platforms is spread evenly over its days, those of
# the running month over the days that are over. One statement for all three, so that each rate is looked up once.
_MONEY: Final = f"""
with sold as (
    select model, counted.channel, counted.campaign_id, coalesce(link.post_id, 0) as post_id, currency,
        case when currency not in ('', %(to)s) then day end as day, sum(amount) as amount,
        coalesce(sum(number) filter (where kind = 'order'), 0) as number
    from conversions_creditday counted left join conversions_trackedlink link
        on link.id = counted.link_id and link.organization_id = %(organization)s
    where counted.organization_id = %(organization)s and day between %(first)s and %(last)s
        and model = any(%(models)s) and kind <> all(%(no_sales)s)
    group by 1, 2, 3, 4, 5, 6),
spent as (
    select channel, coalesce(campaign_id, 0) as campaign_id, coalesce(post_id, 0) as post_id, currency,
        amount_a_day, greatest(first_day, %(first)s::date) as begins, least(last_day, %(last)s::date) as ends
    from conversions_spend
    where organization_id = %(organization)s and first_day <= %(last)s and last_day >= %(first)s
        and %(first)s::date <= %(last)s::date),
asked as ({ASKED}),
amounts (term, model, channel, campaign_id, post_id, currency, day, number, amount) as materialized (
    select 'sales', model, channel, campaign_id, post_id, currency, day, number, amount from sold
    union all
    select 'spend', '', channel, campaign_id, post_id, currency, begins, 0, amount_a_day * (ends - begins + 1)
    from spent where currency = %(to)s
    union all
    select 'spend', '', channel, campaign_id, post_id, currency, day::date, 0, amount_a_day
    from spent, generate_series(begins, ends, '1 day') day where currency <> %(to)s
    union all
    select 'api_cost', '', platform, 0, 0, '{API_CURRENCY}', day::date, 0, amount / (until - month + 1)
    from asked, generate_series(greatest(month, %(first)s::date), least(until, %(last)s::date), '1 day') day),
wanted as (select distinct currency, day from amounts where currency not in ('', %(to)s)),
{{rates}}
select term, model, channel, campaign_id, post_id, currency, sum(number) as number, {_WORTH}
from amounts left join rate using (currency, day) group by 1, 2, 3, 4, 5, 6"""

_MINUTES: Final = """
select channel, coalesce(campaign_id, 0) as campaign_id, coalesce(post_id, 0) as post_id, sum(minutes) as value
from conversions_timespent
where organization_id = %(organization)s and day between %(first)s and %(last)s and minutes > 0
group by 1, 2, 3"""


def channel_of_platform(platform: str) -> str:
    """Where people of a platform say they heard of us."""
    return platform if platform in SOCIAL else str(Channel.OTHER_SOCIAL)


@dataclass(frozen=True)
class TermReader:
    """Reads each term of one organization from a day to another one, none of which lies in the future."""

    organization: Organization
    first: date
    last: date
    today: date

    def money(self) -> Money:
        """Sales are credited by last touch, and by what customers said."""
        models = [CreditModel.LAST.value, CreditModel.SAID.value]
        statement = _MONEY.replace("{rates}", rate_table(self.organization.currency))
        rows = self._rows(statement, models=models, no_sales=[str(kind) for kind in NO_SALES])
        return Money(
            **{
                term: _cells([row for row in rows if row["term"] == term])
                for term in ("sales", "spend", "api_cost")
            }
        )

    def minutes(self) -> list[Cell]:
        return [_cell(row) for row in self._rows(_MINUTES)]

    def _rows(self, statement: str, **more: object) -> list[dict[str, Any]]:
        facts: dict[str, Any] = {
            "organization": self.organization.pk,
            "to": self.organization.currency,
            "first": self.first,
            "last": self.last,
            "today": self.today,
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, facts | more)
            names = [column.name for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _cells(rows: list[dict[str, Any]]) -> Cells:
    used = (
        UsedRate(row["currency"], row["first_rate"], row["last_rate"], row["any_own"], row["any_reference"])
        for row in rows
        if row["first_rate"] is not None
    )
    left_out = (LeftOut(row["currency"], row["left_out"]) for row in rows if row["model"] != CreditModel.SAID)
    return Cells([_cell(row) for row in rows], merge_used(used), merge_left_out(left_out))


def _cell(row: dict[str, Any]) -> Cell:
    channel = row["channel"]
    return Cell(
        channel=channel_of_platform(channel) if row.get("term") == "api_cost" else channel,
        campaign_id=row["campaign_id"],
        post_id=row["post_id"],
        value=Decimal(row["value"]),
        number=Decimal(row.get("number", 0)),
        model=row.get("model", ""),
    )
