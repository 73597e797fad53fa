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

from monitoring.conversions.models import ConversionDay, CreditDay, CreditDue
from monitoring.conversions.rollups import lock_counting
from monitoring.lib.money import decimals_of

# Some tenths of a second, so that nobody at a counter waits for long.
ENTRIES_A_BATCH = 5_000
_DAYS_A_BATCH = 400
_COLUMNS = "organization_id, day, model, kind, currency, channel, campaign_id, link_id, number, amount"

# Whole numbers throughout: amounts in ten-thousandths, numbers in millionths. An amount is `whole` of its `unit`, which
# has the sign and is the currency's smallest; an amount that is no multiple of it is divided as finely as it is kept.
_ENTRIES = """
    select id, dense_rank() over (order by day, kind, currency) as sum_number, day, kind, currency, said, number,
        converted_id, converted_at, converted_at - %(window)s::interval as opens_at, sign * step as unit,
        amount / step as whole
    from (
        select entry.id, due.day, entry.kind, entry.currency, entry.number,
            sign(coalesce(amount, 0))::bigint as sign, abs(coalesce(amount, 0) * 10000)::bigint as amount,
            case when coalesce(amount, 0) * 10000 %% coalesce(unit.step, 1) = 0 then coalesce(unit.step, 1) else 1
            end as step,
            coalesce(original.id, entry.id) as converted_id,
            coalesce(original.occurred_at, entry.occurred_at) as converted_at,
            coalesce(original.heard_of_us_from, entry.heard_of_us_from) as said
        from unnest(%(days)s::date[]) as due (day)
        join conversions_conversion entry on entry.organization_id = %(organization)s
            -- Clocks that are changed at midnight can bring a day back for an hour.
            and entry.occurred_at >= due.day::timestamp at time zone %(zone)s - interval '3 hours'
            and entry.occurred_at < (due.day + 1)::timestamp at time zone %(zone)s + interval '3 hours'
            and (entry.occurred_at at time zone %(zone)s)::date = due.day
        left join lateral (
            select id, occurred_at, heard_of_us_from from conversions_conversion where id = entry.reverses_id
        ) original on true
        left join unnest(%(currencies)s::text[], %(steps)s::bigint[]) as unit (currency, step)
            on unit.currency = entry.currency
        where entry.voided_at is null
    ) entry order by id
"""
# Each entry's touches are looked up by the index of conversions, so that what comes is in the order of entries already
# and only some ten rows at a time are left to sort; `offset 0` keeps it so, and keeps each weight from being computed
# once for every use of it. Nobody has the weight of an entry without a touch.
_FOUND = """
    select entries.id as entry_id, sum_number, number, unit, whole, touch_id, occurred_at,
        coalesce(channel, '') as channel, coalesce(campaign_id, 0) as campaign_id, coalesce(link_id, 0) as link_id,
        coalesce(weight, 1) as weight
    from entries left join lateral (
        select id as touch_id, occurred_at, channel, campaign_id, link_id,
            power(2::float8, -date_part('epoch', converted_at - occurred_at) / %(half_life)s) as weight
        from conversions_touch
        where conversion_id = converted_id and occurred_at between opens_at and converted_at
        offset 0
    ) touch on true
"""
# Both sums add the same weights in the same order, so that what lies before one touch is what lies up to the one before
# it, to the last bit.
_WEIGHED = f"""
    select sum_number, number, unit, whole, channel, campaign_id, link_id, weight,
        row_number() over before as place, count(*) over every as places,
        coalesce(sum(weight) over before, 0) as weight_before, sum(weight) over every as weights
    from ({_FOUND}) found
    window every as (partition by entry_id), before as (
        partition by entry_id order by occurred_at, touch_id rows between unbounded preceding and 1 preceding
    )
"""
# What lies before each touch and up to it, as parts of the whole.
_TOUCHED = f"""
    select sum_number, number, unit, whole, channel, campaign_id, link_id,
        place = 1 as is_first, place = places as is_last,
        (place - 1)::float8 / places as linear_before, place::float8 / places as linear_after,
        weight_before / weights as decay_before, (weight_before + weight) / weights as decay_after
    from ({_WEIGHED}) weighed
"""
_MILLIONTHS = "1000000"


def _part(whole: str, model: str, kind: str = "bigint") -> str:
    """What lies between two sums, rounded by the cast; the last sum is the whole."""
    return (
        f"(case when is_last then {whole} else ({whole} * {model}_after)::{kind} end "
        f"- ({whole} * {model}_before)::{kind})"
    )


# Numbers are few enough for integers, whose sums are faster.
_GROUPED = f"""
    select sum_number, channel, campaign_id, link_id,
        sum(number) filter (where is_first) * {_MILLIONTHS}::bigint as first_number,
        sum(unit * whole) filter (where is_first) as first_amount,
        sum(number) filter (where is_last) * {_MILLIONTHS}::bigint as last_number,
        sum(unit * whole) filter (where is_last) as last_amount,
        sum(number * {_part(_MILLIONTHS, "linear", "int")}) as linear_number,
        sum(unit * {_part("whole", "linear")}) as linear_amount,
        sum(number * {_part(_MILLIONTHS, "decay", "int")}) as decay_number,
        sum(unit * {_part("whole", "decay")}) as decay_amount
    from touched group by 1, 2, 3, 4
"""
_COMPUTE = f"""
    with entries as materialized ({_ENTRIES}), touched as ({_TOUCHED}), grouped as ({_GROUPED}),
    sums as (select distinct sum_number, day, kind, currency from entries),
    credits (day, model, kind, currency, channel, campaign_id, link_id, number, amount) as (
        select day, model, kind, currency, channel, campaign_id, link_id, number, amount
        from grouped join sums using (sum_number) cross join lateral (values
            ('first', first_number, first_amount), ('last', last_number, last_amount),
            ('linear', linear_number, linear_amount), ('decay', decay_number, decay_amount)
        ) as credit (model, number, amount)
        union all
        select day, 'said', kind, currency, said, 0, 0, sum(number * 1000000), sum(unit * whole)
        from entries group by 1, 3, 4, 5
    )
    select %(organization)s::bigint, day, model, kind, currency, channel, campaign_id, link_id,
        (coalesce(number, 0)::numeric / 1000000)::numeric(24, 6), (coalesce(amount, 0)::numeric / 10000)::numeric(24, 4)
    from credits where number <> 0 or amount <> 0
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
