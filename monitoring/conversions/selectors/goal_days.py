"""What goals count, day by day: any number of goals in one query, from the rollups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from monitoring.conversions.models import Goal, GoalResult, Kind

# One part for each goal with what it counts written into it: PostgreSQL then compares each row with constants.
_ENTRIES = """
    select day, {brought} as brought from conversions_conversionday
    where organization_id = %(organization_{place})s and day between %(first_{place})s and %(last_{place})s
        and kind = %(kind_{place})s
"""
# Visits are counted where they happen, too: see selectors.counting.
_CLICKS = """
    select day, visits from conversions_clickday {named_links}
    where conversions_clickday.organization_id = %(organization_{place})s
        and day between %(first_{place})s and %(last_{place})s
"""
_NAMED_LINKS = (
    "join conversions_trackedlink link on link.id = link_id and channel = any(%(channels_{place})s)"
)
_VISITS = """
    select day, visits from conversions_visitday
    where organization_id = %(organization_{place})s and day between %(first_{place})s and %(last_{place})s
"""
_OF_CHANNELS = " and channel = any(%(channels_{place})s)"
_PER_DAY = "select %(goal_{place})s, day, sum(brought) from ({parts}) counted group by day"
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


def days_of_goals(*, spans: Sequence[tuple[Goal, date, date]]) -> dict[int, dict[date, Decimal]]:
    """For each goal's id the days on which anything was counted, from a first to a last one."""
    found: dict[int, dict[date, Decimal]] = {goal.pk: {} for goal, _first, _last in spans}
    for goal_id, day, brought in _read(spans):
        found[goal_id][day] = Decimal(brought)
    return found


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


def _read(spans: Sequence[tuple[Goal, date, date]]) -> list[tuple[Any, ...]]:
    if not spans:
        return []
    parameters: dict[str, Any] = {}
    for place, (goal, first, last) in enumerate(spans):
        facts = {
            "first": first,
            "last": last,
            "goal": goal.pk,
            "organization": goal.organization_id,
            "kind": goal.counts,
            "currency": goal.currency,
            "channels": list(goal.channels),
        }
        parameters |= {f"{name}_{place}": fact for name, fact in facts.items()}
    query = " union all ".join(_per_day(goal, place) for place, (goal, *_days) in enumerate(spans))
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def _per_day(goal: Goal, place: int) -> str:
    named = _OF_CHANNELS if goal.channels else ""
    money = " and currency = %(currency_{place})s" if goal.currency else ""
    parts = [_ENTRIES.replace("{brought}", "amount" if goal.currency else "number") + money + named]
    if goal.counts == Kind.VISIT:
        parts += [_CLICKS.replace("{named_links}", _NAMED_LINKS if goal.channels else ""), _VISITS + named]
    return _PER_DAY.replace("{parts}", " union all ".join(parts)).replace("{place}", str(place))
