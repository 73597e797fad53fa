# ruff: noqa: S608 - the SQL is made of our own texts, never of what somebody sent
"""Close the periods of goals that are over, so that what was reached stays on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max, Q

from monitoring.conversions.models import Cadence, Goal, GoalResult
from monitoring.conversions.rollups import lock_counting
from monitoring.conversions.selectors.goal_days import COUNTED_ANEW, days_of_goals
from monitoring.conversions.selectors.goals import goal_period
from monitoring.lib.periods import ONE_DAY, Period, local_day

_RECOUNTED_AT_ONCE = 50
_KEEP = f"""
    update conversions_goalresult result set comes_to = counted.comes_to
    from ({COUNTED_ANEW}) counted (id, comes_to) where counted.id = result.id
"""
_ENDED_LONG_AGO = timedelta(days=7)  # enough nights have passed since to close what there was


def close_due_periods(*, now: datetime) -> int:
    """Those of every organization. Returns how many were closed; what is closed already stays as it is."""
    goals = Goal.objects.filter(Q(ended_at=None) | Q(ended_at__gte=now - _ENDED_LONG_AGO))
    return sum(close_periods(goal=goal, now=now) for goal in _with_facts(goals.values_list("pk", flat=True)))


def close_periods(*, goal: Goal, now: datetime) -> int:
    """From the period in which the goal was set to the last one that was over before it ended."""
    zone = ZoneInfo(goal.organization.time_zone)
    until = local_day(min(now, goal.ended_at or now), zone)
    periods = list(_periods(goal, zone, until))
    if not periods:
        return 0
    days = days_of_goals(spans=[(goal, periods[0].first, periods[-1].last)])[goal.pk]
    results = [
        GoalResult(
            goal=goal,
            first_day=period.first,
            last_day=period.last,
            reached=sum(
                (brought for day, brought in days.items() if period.first <= day <= period.last), Decimal(0)
            ),
        )
        for period in periods
    ]
    GoalResult.objects.bulk_create(results, ignore_conflicts=True)
    return len(results)


def recount_closed_periods() -> int:
    """Keep what closed periods come to whose counts have changed, some of each organization. Returns how many."""
    due = GoalResult.objects.filter(comes_to=None)
    organizations = due.order_by("goal__organization_id").values_list("goal__organization_id", flat=True)
    return sum(_recount(organization_id) for organization_id in list(organizations.distinct()))


@transaction.atomic
def _recount(organization_id: int) -> int:
    lock_counting([organization_id])  # so that no count changes between being read and being kept
    due = GoalResult.objects.filter(comes_to=None, goal__organization_id=organization_id).order_by("-pk")
    results = list(due.values_list("pk", flat=True)[:_RECOUNTED_AT_ONCE])
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"results": results})
    return len(results)


def _with_facts(keys: Iterable[int]) -> Iterator[Goal]:
    """Each goal with its organization and the last day that was closed."""
    goals = Goal.objects.filter(pk__in=list(keys)).select_related("organization")
    yield from goals.annotate(closed_until=Max("results__last_day")).order_by("pk").iterator(chunk_size=500)


def _periods(goal: Goal, zone: ZoneInfo, until: date) -> Iterator[Period]:
    """Those not closed yet that were over before this day."""
    closed_until: date | None = getattr(goal, "closed_until", None)
    day = closed_until + ONE_DAY if closed_until else local_day(goal.created_at, zone)
    while True:
        period = goal_period(goal=goal, day=day, zone=zone, week_start=goal.organization.week_start)
        if period.last >= until or (closed_until and period.last <= closed_until):
            return
        yield period
        if goal.cadence == Cadence.ONCE:
            return
        day = period.last + ONE_DAY
