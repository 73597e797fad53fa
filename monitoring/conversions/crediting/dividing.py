# ruff: noqa: S608 - the SQL is made of our own texts, never of what somebody sent
"""How an entry of the ledger is divided among the touches of its conversion, for all models that know touches.

The one definition: what a day is credited with (`crediting.days`) and what lies behind such a figure
(`selectors.credited_entries`) are made of the same texts.
"""

from __future__ import annotations


# Whole numbers throughout: amounts in ten-thousandths, numbers in millionths. An amount is `whole` of its `unit`, which
# has the sign and is the currency's smallest; an amount that is no multiple of it is divided as finely as it is kept.
# `offset 0` keeps what is used several times from being computed as often.
def ledger(*, entries: str, day: str) -> str:
    """What is to be divided: `entries` is a table or a join that calls them "entry", `day` the local one of each."""
    return f"""
    select id, day, kind, currency, said, number, converted_id, converted_at,
        converted_at - %(window)s::interval as opens_at, sign(amount)::int * step as unit, abs(amount) / step as whole
    from (
        select id, day, kind, currency, said, number, converted_id, converted_at, amount,
            case when amount %% step = 0 then step else 1 end as step
        from (
            select entry.id, {day} as day, entry.kind, entry.currency, entry.number::int as number,
                (coalesce(entry.amount, 0) * 10000)::bigint as amount, coalesce(unit.step, 1) as step,
                coalesce(original.id, entry.id) as converted_id,
                coalesce(original.occurred_at, entry.occurred_at) as converted_at,
                coalesce(original.heard_of_us_from, entry.heard_of_us_from) as said
            from {entries}
            left join lateral (
                select id, occurred_at, heard_of_us_from from conversions_conversion where id = entry.reverses_id
            ) original on true
            left join unnest(%(currencies)s::text[], %(steps)s::bigint[]) as unit (currency, step)
                on unit.currency = entry.currency
            where entry.voided_at is null
            offset 0
        ) entry
        offset 0
    ) entry
"""


# An entry's touches are looked up by the index of conversions and weighed by themselves, so that some ten narrow rows
# at a time are sorted and nothing of the entry is carried along. What lies before each touch and up to it comes as
# parts of the whole. Both sums add the same weights in the same order, so that what lies before one touch is what lies
# up to the one before it, to the last bit. What has a fixed width comes first, so that the rest is found fast.
WEIGHED = """
    select campaign_id, link_id, channel, row_number() over before = 1 as is_first,
        row_number() over before = count(*) over every as is_last,
        (row_number() over before - 1)::float8 / count(*) over every as linear_before,
        (row_number() over before)::float8 / count(*) over every as linear_after,
        coalesce(sum(weight) over before, 0) / sum(weight) over every as decay_before,
        (coalesce(sum(weight) over before, 0) + weight) / sum(weight) over every as decay_after
    from (
        select id, occurred_at,
            power(2::float8, -date_part('epoch', converted_at - occurred_at) / %(half_life)s) as weight,
            coalesce(campaign_id, 0) as campaign_id, coalesce(link_id, 0) as link_id, channel
        from conversions_touch
        where conversion_id = converted_id and occurred_at between opens_at and converted_at
        offset 0
    ) touch
    window every as (), before as (order by occurred_at, id rows between unbounded preceding and 1 preceding)
"""
# An entry without touches is nobody's, all of it.
TOUCHED = f"""
    select sum_number, number, unit, whole, inexact_whole,
        coalesce(campaign_id, 0) as campaign_id, coalesce(link_id, 0) as link_id, coalesce(channel, '') as channel,
        is_first is not false as is_first, is_last is not false as is_last,
        coalesce(linear_before, 0) as linear_before, linear_after,
        coalesce(decay_before, 0) as decay_before, decay_after
    from entries left join lateral ({WEIGHED}) touch on true
"""
MILLIONTHS = "1000000"


def _part(model: str, whole: str, inexact_whole: str, kind: str) -> str:
    """What lies between two sums, rounded by the cast; the last sum is the whole."""
    return (
        f"(case when is_last then {whole} else ({inexact_whole} * {model}_after)::{kind} end "
        f"- ({inexact_whole} * {model}_before)::{kind})"
    )


def part_of_number(model: str) -> str:
    return _part(model, MILLIONTHS, MILLIONTHS, "int")


def part_of_amount(model: str) -> str:
    return _part(model, "whole", "inexact_whole", "bigint")
