# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""What the first screen says of business: the answer, its days and the goal's progress, in one reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import Goal, Kind
from monitoring.conversions.selectors.counting import Answer, Sums, answer_of, what_counts
from monitoring.conversions.selectors.goals import Progress, goal_days_needed, progress_of
from monitoring.lib.periods import Period

MOST_CAMPAIGNS: Final = 4
MOST_INCIDENTS: Final = 6
_NOW, _BEFORE, _OF_GOAL, _CAMPAIGN, _INCIDENT = 1, 2, 3, 4, 5  # what a row of the answer tells of
# As constants, so that PostgreSQL looks up the days of each span rather than all there are.
_IN_A_SPAN: Final = """(day between %(first)s and %(last)s or day between %(before_first)s and %(before_last)s
        or day between %(goal_first)s and %(goal_last)s)"""
# Visits are counted where they happen, too: see selectors.counting.
_ENTRIES: Final = f"""
    select day, channel, currency, number::bigint as number, amount from conversions_conversionday
    where organization_id = %(organization)s and kind = %(kind)s and {_IN_A_SPAN}
"""
_CLICKS_AND_VISITS: Final = f"""
    union all
    select day, link.channel, '', visits::bigint, 0 from conversions_clickday
    join conversions_trackedlink link on link.id = link_id
    where conversions_clickday.organization_id = %(organization)s and {_IN_A_SPAN}
    union all
    select day, channel, '', visits::bigint, 0 from conversions_visitday
    where organization_id = %(organization)s and {_IN_A_SPAN}
"""
_OUTCOME: Final = """
    with spans (number, first_day, last_day) as (values
        (1, %(first)s::date, %(last)s::date), (2, %(before_first)s::date, %(before_last)s::date)
    ), counted as materialized ({entries})
    select spans.number, null as day, channel, currency, sum(counted.number)::bigint, sum(amount)
    from spans join counted on counted.day between first_day and last_day
    group by 1, channel, currency
    union all
    select 3, day, null, null, 0, sum(case %(currency)s when '' then number else amount end)
    from counted
    where %(currency)s in ('', currency) and (cardinality(%(channels)s::text[]) = 0 or channel = any(%(channels)s))
    group by day
    union all
    (select 4, starts_on, name, ends_on::text, id, null from conversions_campaign
    where organization_id = %(organization)s and starts_on <= %(last)s::date
        and coalesce(ends_on, %(first)s::date) >= %(first)s::date
    order by starts_on desc, id desc limit %(campaigns)s)
    union all
    (select 5, first_day, name, last_day::text, id, null from conversions_incident
    where organization_id = %(organization)s and first_day <= %(last)s::date and last_day >= %(first)s::date
    order by first_day desc, id desc limit %(incidents)s)
"""


@dataclass(frozen=True)
class NamedDays:
    """Days that have a name: a campaign, which may go on, or what a person noted."""

    name: str
    starts_on: date
    ends_on: date | None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Outcome:
    """`per_day` is what counts for the goal, or orders without one; every day of the period is in it.

    `campaigns` and `incidents` are the latest of the period, in the order in which they began.
    """

    answer: Answer
    per_day: Mapping[date, Decimal]
    progress: Progress | None
    campaigns: Sequence[NamedDays]
    incidents: Sequence[NamedDays]


def read_outcome(
    *, organization: Organization, goal: Goal | None, period: Period, compared: Period, now: datetime
) -> Outcome:
    counted = what_counts(goal)
    goal_first, goal_last = period.first, period.last
    if goal:
        goal_first, goal_last = goal_days_needed(organization=organization, goal=goal, now=now)
    parameters: dict[str, Any] = {
        "organization": organization.pk,
        "kind": counted.kind,
        "currency": counted.currency,
        "channels": list(counted.channels),
        "first": period.first,
        "last": period.last,
        "before_first": compared.first,
        "before_last": compared.last,
        "goal_first": goal_first,
        "goal_last": goal_last,
        "campaigns": MOST_CAMPAIGNS,
        "incidents": MOST_INCIDENTS,
    }
    entries = _ENTRIES + (_CLICKS_AND_VISITS if counted.kind == Kind.VISIT else "")
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOME.format(entries=entries), parameters)
        rows = cursor.fetchall()
    days: dict[date, Decimal] = {row[1]: Decimal(row[5]) for row in rows if row[0] == _OF_GOAL}
    of_goal = {day: brought for day, brought in days.items() if goal_first <= day <= goal_last}
    return Outcome(
        answer=answer_of(organization, counted.kind, _sums(rows, _NOW), _sums(rows, _BEFORE)),
        per_day={day: days.get(day, Decimal(0)) for day in period.each_day()},
        progress=progress_of(organization=organization, goal=goal, days=of_goal, now=now) if goal else None,
        campaigns=_named_days(rows, _CAMPAIGN),
        incidents=_named_days(rows, _INCIDENT),
    )


def _sums(rows: list[tuple[Any, ...]], span: int) -> list[Sums]:
    return [
        (channel, currency, number, amount)
        for place, day, channel, currency, number, amount in rows
        if place == span and day is None
    ]


def _named_days(rows: list[tuple[Any, ...]], kind: int) -> list[NamedDays]:
    found = sorted((row[1], row[4], row[2], row[3]) for row in rows if row[0] == kind)
    return [
        NamedDays(name, starts_on, date.fromisoformat(ends_on) if ends_on else None)
        for starts_on, _id, name, ends_on in found
    ]
