# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""What an amount is worth in another currency on a day.

The rate of a day is the last one on or before it: the European Central Bank publishes none on weekends. A reference
rate older than a month is none: the currency is no longer published, or nothing was fetched. An own rate holds from its
day on, and wins. Two currencies are compared by what one euro was worth in each. Nothing is rounded before the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.lib.money import decimals_of

BASE: Final = "EUR"
OLDEST_DAYS: Final = 31
# Finer than any currency, and coarse enough that sums in Decimal stay exact.
KEPT_DECIMALS: Final = 10


# What one euro is worth in itself, always.
_OF_EURO: Final = "(select 1::numeric as per_euro, wanted.day, false as is_own)"


def _per_euro(currency: str, or_euro: str = "") -> str:
    """What one euro is worth in another currency on the day of `wanted`: own before reference."""
    return f"""(
        select per_euro, day, is_own from (
            (select per_euro, day, true as is_own, 1 as place from conversions_ownrate
             where organization_id = %(organization)s and currency = {currency} and day <= wanted.day
             order by day desc limit 1)
            union all
            (select per_euro, day, false, 2 from conversions_referencerate
             where currency = {currency} and day between wanted.day - {OLDEST_DAYS} and wanted.day
             order by day desc limit 1)
            {or_euro}
        ) candidate order by place limit 1)"""


def _per_euro_or_one(currency: str) -> str:
    return _per_euro(
        currency, f"union all select 1::numeric, wanted.day, false, 0 where {currency} = '{BASE}'"
    )


def _rate_table(known: str, target: str) -> str:
    return f"""rate as materialized (
    select wanted.currency, wanted.day, known.per_euro as from_per_euro, target.per_euro as to_per_euro,
        least(known.day, target.day) as rate_day, known.is_own or target.is_own as is_own
    from wanted
    cross join lateral {known} known
    cross join lateral {target} target)"""


_INTO_EURO: Final = _rate_table(_per_euro("wanted.currency"), _OF_EURO)
_INTO_ANOTHER: Final = _rate_table(_per_euro_or_one("wanted.currency"), _per_euro_or_one("%(to)s"))


def rate_table(to: str) -> str:
    """Follows a table expression `wanted (currency, day)`, none of them `to`, in a WITH clause; takes the parameters
    `organization` and `to`.

    An amount is worth amount * to_per_euro / from_per_euro. A pair without a rate has no row. Euros are half the work.
    """
    return _INTO_EURO if to == BASE else _INTO_ANOTHER


@dataclass(frozen=True)
class Rate:
    """`day` is the older one of the two rates it is made of; `is_own` if somebody here entered one of them."""

    from_per_euro: Decimal
    to_per_euro: Decimal
    day: date
    is_own: bool

    def exactly(self, amount: Decimal) -> Decimal:
        return amount * self.to_per_euro / self.from_per_euro


@dataclass(frozen=True)
class Converted:
    """A value in the smallest unit of its currency, and the rate that made it; without one nothing was converted."""

    value: Decimal
    currency: str
    rate: Rate | None


@dataclass(frozen=True)
class UsedRate:
    """Which rates a figure was made with: of one currency, from the oldest to the newest day."""

    currency: str
    first_day: date
    last_day: date
    is_own: bool
    is_reference: bool


@dataclass(frozen=True)
class LeftOut:
    """Money that no rate is known for. It is in no sum."""

    currency: str
    amount: Decimal


def round_money(amount: Decimal, currency: str) -> Decimal:
    """To the currency's smallest unit, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def find_rates(
    *, organization: Organization, to: str, wanted: Iterable[tuple[str, date]]
) -> dict[tuple[str, date], Rate]:
    """The rates of these currencies and days, in one query. Pairs without a rate are left out."""
    pairs = sorted({(currency, day) for currency, day in wanted if currency != to})
    if not pairs:
        return {}
    parameters: dict[str, Any] = {
        "organization": organization.pk,
        "to": to,
        "currencies": [currency for currency, _day in pairs],
        "days": [day for _currency, day in pairs],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "with wanted (currency, day) as (select * from unnest(%(currencies)s::text[], %(days)s::date[])), "
            f"{rate_table(to)} select currency, day, from_per_euro, to_per_euro, rate_day, is_own from rate",
            parameters,
        )
        return {(currency, day): Rate(*facts) for currency, day, *facts in cursor.fetchall()}


def convert(
    *, organization: Organization, amount: Decimal, currency: str, to: str, day: date
) -> Converted | None:
    """An amount in another currency by the rate of a day, or None where none is known."""
    if currency == to:
        return Converted(round_money(amount, to), to, None)
    rate = find_rates(organization=organization, to=to, wanted=[(currency, day)]).get((currency, day))
    return Converted(round_money(rate.exactly(amount), to), to, rate) if rate else None


def merge_used(rates: Iterable[UsedRate]) -> list[UsedRate]:
    """One entry a currency."""
    merged: dict[str, UsedRate] = {}
    for rate in rates:
        before = merged.get(rate.currency, rate)
        merged[rate.currency] = UsedRate(
            rate.currency,
            min(before.first_day, rate.first_day),
            max(before.last_day, rate.last_day),
            before.is_own or rate.is_own,
            before.is_reference or rate.is_reference,
        )
    return [merged[currency] for currency in sorted(merged)]


def merge_left_out(amounts: Iterable[LeftOut]) -> list[LeftOut]:
    """One entry a currency; what is taken back again is none."""
    merged: dict[str, Decimal] = {}
    for each in amounts:
        merged[each.currency] = merged.get(each.currency, Decimal(0)) + each.amount
    return [LeftOut(currency, amount) for currency, amount in sorted(merged.items()) if amount]
