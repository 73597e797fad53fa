"""What goals count, day by day: any number of goals in one query, from the rollups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from monitoring.conversions.models import Goal, GoalResult, Kind

Span = tuple[Goal, date, date]
# One part for all goals that count the same, with what they count written into it: PostgreSQL then compares each row
# with constants, and reads it once, in the order of days. A row is how many, and how much in one currency.
_ENTRIES = """
    select {place}, day, sum(number), {amount} from conversions_conversionday
    where organization_id = %(organization_{place})s and day between %(first_{place})s and %(last_{place})s
        and kind = %(kind_{place})s {named} group by day
"""
_IN_CURRENCY = "sum(amount) filter (where currency = %(currency_{place})s)"
# Visits are counted where they happen, too: see selectors.counting.
_CLICKS = """
    select {place}, day, sum(visits), null from conversions_clickday {named_links}
    where conversions_clickday.organization_id = %(organization_{place})s
        and day between %(first_{place})s and %(last_{place})s group by day
"""
_NAMED_LINKS = (
    "join conversions_trackedlink link on link.id = link_id and channel = any(%(channels_{place})s)"
)
_VISITS = """
    select {place}, day, sum(visits), null from conversions_visitday
    where organization_id = %(organization_{place})s and day between %(first_{place})s and %(last_{place})s
        {named} group by day
"""
_OF_CHANNELS = " and channel = any(%(channels_{place})s)"
# Each period's own days are looked up, so that no row is read for a goal or a day that it does not belong to.
COUNTED_ANEW = """
    select result.id, coalesce(sum(brought), 0) from conversions_goalresult result
    join conversions_goal goal on goal.id = result.goal_id
    cross join lateral (
        select sum(case goal.currency when '' then counted.number else counted.amount end) as brought
        from conversions_conversionday counted
        where counted.organization_id = goal.organization_id
            and counted.day between result.first_day and result.last_day
            and counted.kind = goal.counts and goal.currency in ('', counted.currency)
            and (goal.channels = '{}' or counted.channel = any(goal.channels))
        union all
        select sum(counted.visits)
        from conversions_clickday counted join conversions_trackedlink link on link.id = counted.link_id
        where goal.counts = 'visit' and counted.organization_id = goal.organization_id
            and counted.day between result.first_day and result.last_day
            and (goal.channels = '{}' or link.channel = any(goal.channels))
        union all
        select sum(counted.visits) from conversions_visitday counted
        where goal.counts = 'visit' and counted.organization_id = goal.organization_id
            and counted.day between result.first_day and result.last_day
            and (goal.channels = '{}' or counted.channel = any(goal.channels))
    ) counted
    where result.id = any(%(results)s) group by 1
"""


@dataclass(frozen=True)
class _Alike:
    """Goals that count the same from the same channels, some in numbers and some in money of one currency."""

    spans: list[Span]

    def takes(self, goal: Goal) -> bool:
        other = self.goal
        same = (goal.organization_id, goal.counts, goal.channels) == (
            other.organization_id,
            other.counts,
            other.channels,
        )
        return same and (not goal.currency or self.currency in ("", goal.currency))

    @property
    def goal(self) -> Goal:
        return self.spans[0][0]

    @property
    def currency(self) -> str:
        return max(goal.currency for goal, _first, _last in self.spans)

    def facts(self) -> dict[str, Any]:
        return {
            "first": min(first for _goal, first, _last in self.spans),
            "last": max(last for _goal, _first, last in self.spans),
            "organization": self.goal.organization_id,
            "kind": self.goal.counts,
            "currency": self.currency,
            "channels": list(self.goal.channels),
        }

    def query(self, place: int) -> str:
        parts = [_ENTRIES.replace("{amount}", _IN_CURRENCY if self.currency else "null::numeric")]
        if self.goal.counts == Kind.VISIT:
            parts += [_CLICKS, _VISITS]
        named, named_links = (_OF_CHANNELS, _NAMED_LINKS) if self.goal.channels else ("", "")
        query = " union all ".join(parts).replace("{named}", named).replace("{named_links}", named_links)
        return query.replace("{place}", str(place))


def days_of_goals(*, spans: Sequence[Span]) -> dict[int, dict[date, Decimal]]:
    """For each goal's id the days on which anything was counted, from a first to a last one."""
    found: dict[int, dict[date, Decimal]] = {goal.pk: {} for goal, _first, _last in spans}
    groups = _put_together(spans)
    wanting = [
        [(found[goal.pk], first, last, bool(goal.currency)) for goal, first, last in group.spans]
        for group in groups
    ]
    for place, day, number, amount in _read(groups):
        for days, first, last, in_money in wanting[place]:
            brought = amount if in_money else number
            if brought is not None and first <= day <= last:
                days[day] = days.get(day, 0) + brought
    return found


def _put_together(spans: Sequence[Span]) -> list[_Alike]:
    groups: list[_Alike] = []
    for span in spans:
        group = next((group for group in groups if group.takes(span[0])), None)
        if group is None:
            groups.append(_Alike([span]))
        else:
            group.spans.append(span)
    return groups


def count_anew(*, results: Sequence[GoalResult]) -> dict[int, Decimal]:
    """What closed periods come to by now, by the result's id: refunds and late entries included.

    It is kept with them; counted is only what changed within the last seconds.
    """
    found = {result.pk: result.comes_to for result in results if result.comes_to is not None}
    changed = [result.pk for result in results if result.pk not in found]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(COUNTED_ANEW, {"results": changed})
            found |= dict(cursor.fetchall())
    return found


def _read(groups: Sequence[_Alike]) -> list[tuple[Any, ...]]:
    """Rows of a group's place, a day, how many and how much."""
    if not groups:
        return []
    facts = {
        f"{name}_{place}": fact for place, group in enumerate(groups) for name, fact in group.facts().items()
    }
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(group.query(place) for place, group in enumerate(groups)), facts)
        return list(cursor.fetchall())
