# ruff: noqa: S608 - the SQL is made of our own texts, never of what somebody sent
"""Credits by local day, for all five models in one pass over the touches.

An entry of the ledger is divided among the touches that lie in the window before its conversion; a refund among those
of the conversion it reverses, in the same parts. Nothing is lost by rounding: the parts of an entry are differences of
rounded sums so far, money in the currency's smallest unit, numbers to six decimals, and the last sum is the whole.
So the credits of a day add up to its ConversionDay for every model.

Writers of an organization wait while its days are computed, so a batch is small.
"""

from __future__ import annotations

from datetime import date
from time import monotonic
from typing import Any

from django.db import connection, transaction

from monitoring.conversions.crediting.dividing import (
    MILLIONTHS,
    TOUCHED,
    ledger,
    part_of_amount,
    part_of_number,
)
from monitoring.conversions.models import ConversionDay, CreditDay, CreditDue
from monitoring.conversions.rollups import lock_counting
from monitoring.lib.money import decimals_of

# Some tenths of a second, so that nobody at a counter waits for long.
ENTRIES_A_BATCH = 5_000
_DAYS_A_BATCH = 400
_COLUMNS = "organization_id, day, model, kind, currency, channel, campaign_id, link_id, number, amount"

# Each day with the times between which its entries lie, computed once a day instead of once an entry. Clocks that are
# changed at midnight can bring a day back for an hour.
_DAYS = """
    select day, day::timestamp at time zone %(zone)s - interval '3 hours' as begins_at,
        (day + 1)::timestamp at time zone %(zone)s + interval '3 hours' as ends_at
    from unnest(%(days)s::date[]) as due (day)
"""
_LEDGER = ledger(
    entries="""due join conversions_conversion entry on entry.organization_id = %(organization)s
                and entry.occurred_at >= begins_at and entry.occurred_at < ends_at
                and (entry.occurred_at at time zone %(zone)s)::date = due.day""",
    day="due.day",
)
# What is added up together has one number, found by hashes instead of by sorting the ledger.
_SUMS = """
    select row_number() over () as sum_number, day, kind, currency
    from (select distinct day, kind, currency from ledger) together
"""
_ENTRIES = """
    select ledger.*, sum_number, whole::float8 as inexact_whole
    from ledger join sums using (day, kind, currency) order by id
"""
# Numbers are few enough for integers, whose sums are faster.
_GROUPED = f"""
    select sum_number, campaign_id, link_id, channel,
        sum(number) filter (where is_first) * {MILLIONTHS}::bigint as first_number,
        sum(unit * whole) filter (where is_first) as first_amount,
        sum(number) filter (where is_last) * {MILLIONTHS}::bigint as last_number,
        sum(unit * whole) filter (where is_last) as last_amount,
        sum(number * {part_of_number("linear")}) as linear_number,
        sum(unit * {part_of_amount("linear")}) as linear_amount,
        sum(number * {part_of_number("decay")}) as decay_number,
        sum(unit * {part_of_amount("decay")}) as decay_amount
    from touched group by 1, 2, 3, 4
"""
# Whoever has a part of an entry of the day has a row, also where the parts cancel each other out: that is how the
# entries behind a figure are found.
_COMPUTE = f"""
    with due as materialized ({_DAYS}), ledger as materialized ({_LEDGER}), sums as materialized ({_SUMS}),
    entries as ({_ENTRIES}), touched as ({TOUCHED}), grouped as ({_GROUPED}),
    credits (day, model, kind, currency, channel, campaign_id, link_id, number, amount) as (
        select day, model, kind, currency, channel, campaign_id, link_id, number, amount
        from grouped join sums using (sum_number) cross join lateral (values
            ('first', first_number, first_amount), ('last', last_number, last_amount),
            ('linear', linear_number, linear_amount), ('decay', decay_number, decay_amount)
        ) as credit (model, number, amount)
        union all
        select day, 'said', kind, currency, said, 0, 0, sum(number * 1000000), sum(unit * whole)
        from ledger group by 1, 3, 4, 5
    )
    select %(organization)s::bigint, day, model, kind, currency, channel, campaign_id, link_id,
        (coalesce(number, 0) * 0.000001)::numeric(24, 6), (coalesce(amount, 0) * 0.0001)::numeric(24, 4)
    from credits where number is not null
"""
_ASSUMED = """
    select time_zone, coalesce(window_days, 30), coalesce(half_life_days, 7)
    from accounts_organization organization
    left join conversions_assumptions on organization_id = organization.id
    where organization.id = %s {lock}
"""
# No foreign key holds the organization while its credits are written.
_HOLDING = "for key share of organization"
_DUE = """
    select due.day, coalesce(sum(abs(number)), 0) from conversions_creditdue due
    left join conversions_conversionday using (organization_id, day)
    where organization_id = %s group by 1 order by 1 desc limit %s
"""
_WRONG_SUMS = """
    select count(*) from (
        select day, kind, currency, sum(number) as number, sum(amount) as amount from conversions_conversionday
        where organization_id = %(organization)s and day = any(%(days)s) group by 1, 2, 3
    ) conversions cross join unnest(%(models)s) as each (model)
    full join (
        select day, kind, currency, model, sum(number) as number, sum(amount) as amount
        from conversions_creditday where organization_id = %(organization)s and day = any(%(days)s)
        group by 1, 2, 3, 4
    ) credits using (day, kind, currency, model)
    where coalesce(conversions.number, 0) <> coalesce(credits.number, 0)
        or coalesce(conversions.amount, 0) <> coalesce(credits.amount, 0)
"""


def credit_due_days(*, seconds: float) -> int:
    """Compute days that are due, newest first, each organization in turn, for about so long. Returns how many."""
    ends_at, done = monotonic() + seconds, 0
    while organizations := list(CreditDue.objects.values_list("organization_id", flat=True).distinct()):
        for organization_id in organizations:
            done += credit_some_days(organization_id=organization_id)
            if monotonic() >= ends_at:
                return done
    return done


@transaction.atomic
def credit_some_days(*, organization_id: int) -> int:
    """One batch of the organization's days that are due, in one transaction. Returns how many."""
    lock_counting([organization_id])
    days = _choose_days(organization_id)
    if days:
        compute_days(organization_id=organization_id, days=days)
        CreditDue.objects.filter(organization_id=organization_id, day__in=days).delete()
    return len(days)


@transaction.atomic
def compute_days(*, organization_id: int, days: list[date]) -> None:
    """Replace the credits of these days. The caller locked the organization's counting."""
    parameters = _parameters(organization_id, days, _HOLDING)
    if parameters is None:
        return
    CreditDay.objects.filter(organization_id=organization_id, day__in=days).delete()
    with connection.cursor() as cursor:
        # Enough to keep a batch's touches in memory, grouped by hashes: PostgreSQL expects few, and would sort them
        # once more. Compiling the statement would take longer than running it.
        cursor.execute("set local work_mem = '256MB'; set local jit = off; set local enable_sort = off")
        cursor.execute(f"insert into conversions_creditday ({_COLUMNS}) {_COMPUTE}", parameters)


def miscredited_days(*, organization_id: int) -> int:
    """How many credits differ from those computed anew, and sums from ConversionDay's, on days that are not due.

    Zero, always.
    """
    due = set(CreditDue.objects.filter(organization_id=organization_id).values_list("day", flat=True))
    known = {
        day
        for rows in (ConversionDay, CreditDay)
        for day in rows.objects.filter(organization_id=organization_id).values_list("day", flat=True)
    }
    parameters = _parameters(organization_id, sorted(known - due))
    if parameters is None:
        return len(known)
    kept = (
        f"select {_COLUMNS} from conversions_creditday "
        "where organization_id = %(organization)s and day = any(%(days)s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"with kept as ({kept}), computed ({_COLUMNS}) as ({_COMPUTE}) select count(*) from "
            "((table kept except all table computed) union all (table computed except all table kept)) difference",
            parameters,
        )
        different = int(cursor.fetchone()[0])
        cursor.execute(_WRONG_SUMS, parameters)
        return different + int(cursor.fetchone()[0])


def _choose_days(organization_id: int) -> list[date]:
    """The newest days that are due, as many as make a batch."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [organization_id, _DAYS_A_BATCH])
        due = cursor.fetchall()
    chosen: list[date] = []
    entries = 0
    for day, number in due:
        entries += number
        if chosen and entries > ENTRIES_A_BATCH:
            break
        chosen.append(day)
    return chosen


def _parameters(organization_id: int, days: list[date], lock: str = "") -> dict[str, Any] | None:
    """None where the organization was deleted."""
    with connection.cursor() as cursor:
        cursor.execute(_ASSUMED.format(lock=lock), [organization_id])
        assumed = cursor.fetchone()
    if assumed is None:
        return None
    zone, window_days, half_life_days = assumed
    rows = ConversionDay.objects.filter(organization_id=organization_id, day__in=days).exclude(currency="")
    currencies = list(rows.values_list("currency", flat=True).distinct())
    return {
        "organization": organization_id,
        "days": days,
        "zone": zone,
        "window": f"{window_days} days",
        "half_life": float(half_life_days * 24 * 60 * 60),
        "currencies": currencies,
        "steps": [10 ** (4 - decimals_of(currency)) for currency in currencies],
        "models": ["first", "last", "linear", "decay", "said"],
    }
