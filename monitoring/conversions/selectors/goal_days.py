"""What goals count, day by day: any number of goals in one query, from the rollups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from monitoring.conversions.models import Goal, GoalResult, Kind

_ENTRIES = """
    select goal.id as goal_id, counted.day,
        case goal.currency when '' then counted.number else counted.amount end as brought
    from conversions_goal goal
    join conversions_conversionday counted
        on counted.organization_id = goal.organization_id and counted.kind = goal.counts
        and goal.currency in ('', counted.currency)
        and (goal.channels = '{}' or counted.channel = any(goal.channels))
    where goal.id = any(%(goals)s) and counted.day between %(first)s and %(last)s
"""
# Visits are counted where they happen, too: see selectors.counting.
_CLICKS = """
    select goal.id, counted.day, counted.visits
    from conversions_goal goal
    join conversions_clickday counted on counted.organization_id = goal.organization_id
    join conversions_trackedlink link on link.id = counted.link_id
    where goal.id = any(%(goals)s) and goal.counts = 'visit' and counted.day between %(first)s and %(last)s
        and (goal.channels = '{}' or link.channel = any(goal.channels))
"""
_VISITS = """
    select goal.id, counted.day, counted.visits
    from conversions_goal goal
    join conversions_visitday counted on counted.organization_id = goal.organization_id
        and (goal.channels = '{}' or counted.channel = any(goal.channels))
    where goal.id = any(%(goals)s) and goal.counts = 'visit' and counted.day between %(first)s and %(last)s
"""
_PER_DAY = "select goal_id, day, sum(brought) from ({parts}) counted group by 1, 2 order by 1, 2"
# Each period's own days are looked up, so that no row is read for a goal or a day that it does not belong to.
_PER_RESULT = """
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


def days_of_goals(*, goals: Sequence[Goal], first: date, last: date) -> dict[int, dict[date, Decimal]]:
    """For each goal's id the days on which anything was counted."""
    found: dict[int, dict[date, Decimal]] = {goal.pk: {} for goal in goals}
    for goal_id, day, brought in _read(goals, first, last):
        found[goal_id][day] = Decimal(brought)
    return found


def count_anew(*, results: Sequence[GoalResult]) -> dict[int, Decimal]:
    """What closed periods come to by now, by the result's id: refunds and late entries included."""
    if not results:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PER_RESULT, {"results": [result.pk for result in results]})
        return dict(cursor.fetchall())


def _read(goals: Sequence[Goal], first: date, last: date) -> list[tuple[Any, ...]]:
    parts = [_ENTRIES, *([_CLICKS, _VISITS] if any(goal.counts == Kind.VISIT for goal in goals) else [])]
    parameters: dict[str, Any] = {"goals": [goal.pk for goal in goals], "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_PER_DAY.format(parts=" union all ".join(parts)), parameters)
        return list(cursor.fetchall())
