# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""What the first screen says of business: the answer, its days and the goal's progress, in one reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import Goal, Kind
from monitoring.conversions.selectors.counting import Answer, Counted, Sums, answer_of, what_counts
from monitoring.conversions.selectors.goals import Progress, goal_days_needed, progress_of
from monitoring.lib.periods import ONE_DAY, Period

MOST_CAMPAIGNS: Final = 4
MOST_INCIDENTS: Final = 6
Days = tuple[date, date]
_NOW, _BEFORE, _CAMPAIGN, _INCIDENT = 1, 2, 5, 6  # what a row of the answer tells of
_OF_DAYS: Final = (3, 4)  # the goal's and the period's, in one stretch or two
# Each span by itself, its days as constants, so that PostgreSQL looks up those days and reads each row once.
_OF_SPAN: Final = """
    select {span}, null::date, channel, currency, sum(number)::bigint, sum(amount) from conversions_conversionday
    where organization_id = %(organization)s and kind = %(kind)s
        and day between %(first_{span})s and %(last_{span})s
    group by channel, currency
"""
# Visits are counted where they happen, too: see selectors.counting.
_VISITS_OF_SPAN: Final = """
    select {span}, null, link.channel, '', sum(visits)::bigint, 0 from conversions_clickday
    join conversions_trackedlink link on link.id = link_id
    where conversions_clickday.organization_id = %(organization)s
        and day between %(first_{span})s and %(last_{span})s
    group by link.channel
    union all
    select {span}, null, channel, '', sum(visits)::bigint, 0 from conversions_visitday
    where organization_id = %(organization)s and day between %(first_{span})s and %(last_{span})s
    group by channel
"""
_PER_DAY: Final = """
    select {span}, day, null, null, 0, {brought} from conversions_conversionday
    where organization_id = %(organization)s and kind = %(kind)s
        and day between %(first_{span})s and %(last_{span})s {named}
    group by day
"""
_VISITS_PER_DAY: Final = """
    select {span}, day, null, null, 0, sum(visits) from conversions_clickday
    join conversions_trackedlink link on link.id = link_id
    where conversions_clickday.organization_id = %(organization)s
        and day between %(first_{span})s and %(last_{span})s {named}
    group by day
    union all
    select {span}, day, null, null, 0, sum(visits) from conversions_visitday
    where organization_id = %(organization)s and day between %(first_{span})s and %(last_{span})s {named}
    group by day
"""
_OF_CHANNELS: Final = "and channel = any(%(channels)s)"
_IN_CURRENCY: Final = "sum(amount) filter (where currency = %(currency)s)"
_MARKED: Final = f"""
    (select {_CAMPAIGN}, starts_on, name, ends_on::text, id, null from conversions_campaign
    where organization_id = %(organization)s and starts_on <= %(last_{_NOW})s::date
        and coalesce(ends_on, %(first_{_NOW})s::date) >= %(first_{_NOW})s::date
    order by starts_on desc, id desc limit {MOST_CAMPAIGNS})
    union all
    (select {_INCIDENT}, first_day, name, last_day::text, id, null from conversions_incident
    where organization_id = %(organization)s and first_day <= %(last_{_NOW})s::date
        and last_day >= %(first_{_NOW})s::date
    order by first_day desc, id desc limit {MOST_INCIDENTS})
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
    needed = (period.first, period.last)
    if goal:
        needed = goal_days_needed(organization=organization, goal=goal, now=now)
    rows = _read(organization, counted, period, compared, needed)
    days: dict[date, Decimal] = defaultdict(Decimal)
    for place, day, _channel, _currency, _number, brought in rows:
        if place in _OF_DAYS and brought is not None:
            days[day] += brought
    of_goal = {day: brought for day, brought in days.items() if needed[0] <= day <= needed[1]}
    return Outcome(
        answer=answer_of(organization, counted.kind, _sums(rows, _NOW), _sums(rows, _BEFORE)),
        per_day={day: days.get(day, Decimal(0)) for day in period.each_day()},
        progress=progress_of(organization=organization, goal=goal, days=of_goal, now=now) if goal else None,
        campaigns=_named_days(rows, _CAMPAIGN),
        incidents=_named_days(rows, _INCIDENT),
    )


def _read(
    organization: Organization, counted: Counted, period: Period, compared: Period, needed: Days
) -> list[tuple[Any, ...]]:
    """`needed` are the days that the goal needs; those of the period are always among the rows by day."""
    spans = {_NOW: (period.first, period.last), _BEFORE: (compared.first, compared.last)}
    spans |= zip(_OF_DAYS, _stretches(spans[_NOW], needed), strict=False)
    facts: dict[str, Any] = {
        "organization": organization.pk,
        "kind": counted.kind,
        "currency": counted.currency,
        "channels": list(counted.channels),
    }
    for span, (first, last) in spans.items():
        facts |= {f"first_{span}": first, f"last_{span}": last}
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join([*_parts(counted, spans), _MARKED]), facts)
        return list(cursor.fetchall())


def _stretches(one: Days, other: Days) -> list[Days]:
    """The days of both, none of them twice."""
    (first, until), (begins, last) = sorted((one, other))
    if begins <= until + ONE_DAY:
        return [(first, max(until, last))]
    return [(first, until), (begins, last)]


def _parts(counted: Counted, spans: Iterable[int]) -> Iterator[str]:
    brought = _IN_CURRENCY if counted.currency else "sum(number)"
    named = _OF_CHANNELS if counted.channels else ""
    for span in spans:
        whole, visits = (_PER_DAY, _VISITS_PER_DAY) if span in _OF_DAYS else (_OF_SPAN, _VISITS_OF_SPAN)
        for part in (whole, visits) if counted.kind == Kind.VISIT else (whole,):
            yield part.format(span=span, brought=brought, named=named)


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
