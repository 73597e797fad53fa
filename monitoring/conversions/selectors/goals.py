# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""How an organization stands against its goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from accounts.models import Organization
from monitoring.conversions.models import Cadence, ConversionDay, Goal
from monitoring.conversions.selectors.forecast import LOOK_BACK, Forecast, begin_of_counting, forecast
from monitoring.conversions.selectors.goal_days import days_of_goals
from monitoring.conversions.selectors.goal_history import PastPeriod
from monitoring.lib.periods import ONE_DAY, Period, local_day, local_midnight, month_of, quarter_of, week_of
from monitoring.lib.written_queries import Columns

_TOO_EARLY = Decimal("0.1")  # of the period: before that a pace says nothing
_OF_GOAL: Final = Columns(Goal)
_ACTIVE: Final = f"""
    select {_OF_GOAL.of("goal")} from conversions_goal goal
    where organization_id = %s and ended_at is null order by is_main desc, id
"""
_LONG_AGO = timedelta(days=2 * 365)


class Standing(StrEnum):
    REACHED = "reached"
    AHEAD = "ahead"
    BEHIND = "behind"
    TOO_EARLY = "too_early"
    NOT_BEGUN = "not_begun"
    MISSED = "missed"


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The goal's current period. `expected` is what an even pace would have brought by now."""

    goal: Goal
    period: Period
    reached: Decimal
    expected: Decimal
    before: Decimal  # what the whole period before brought
    elapsed: Decimal  # share of the period that is over, counted from when the business joined
    today: date
    per_day: dict[date, Decimal]
    forecast: Forecast | None  # None: too early to say, or nothing to come

    @property
    def share(self) -> Decimal:
        return self.reached / self.goal.target

    @property
    def share_before(self) -> Decimal:
        return self.before / self.goal.target

    @property
    def share_expected(self) -> Decimal:
        return self.expected / self.goal.target

    @property
    def to_go(self) -> Decimal:
        return max(Decimal(0), self.goal.target - self.reached)

    @property
    def days_left(self) -> int:
        """Today included."""
        return max(0, (self.period.last - max(self.today, self.period.first)).days + 1)

    @property
    def needed_a_day(self) -> Decimal:
        return self.to_go / max(1, self.days_left)

    @property
    def standing(self) -> Standing:
        if self.reached >= self.goal.target:
            return Standing.REACHED
        if self.today < self.period.first:
            return Standing.NOT_BEGUN
        if not self.days_left:
            return Standing.MISSED
        if self.elapsed < _TOO_EARLY:
            return Standing.TOO_EARLY
        return Standing.AHEAD if self.reached >= self.expected else Standing.BEHIND


def find_goal(*, organization: Organization) -> Goal | None:
    """The main goal that is active now."""
    return next((goal for goal in list_goals(organization=organization) if goal.is_main), None)


def list_goals(*, organization: Organization) -> list[Goal]:
    """All that are active, the main one first."""
    return _OF_GOAL.fetch(_ACTIVE, [organization.pk])


def kinds_seen(*, organization: Organization, now: datetime) -> list[str]:
    """Whatever was reported within two years, events of the organization's own among it."""
    rows = ConversionDay.objects.filter(organization_id=organization.pk, day__gte=(now - _LONG_AGO).date())
    return sorted(rows.values_list("kind", flat=True).distinct())


def kinds_of_goals(*, organization: Organization) -> set[str]:
    """What goals count or ever counted: an entry that waited on a phone may be late."""
    return set(Goal.objects.filter(organization=organization).values_list("counts", flat=True))


def goal_period(*, goal: Goal, day: date, zone: ZoneInfo, week_start: int) -> Period:
    """The goal's week, month or quarter around a day; for a goal that comes once, always its own dates."""
    if goal.first_day and goal.last_day:
        return Period(goal.first_day, goal.last_day, zone, week_start)
    if goal.cadence == Cadence.QUARTER:
        return Period(*quarter_of(day), zone, week_start)
    if goal.cadence == Cadence.WEEK:
        first = week_of(day, week_start)
        return Period(first, first + timedelta(days=6), zone, week_start)
    return Period(*month_of(day), zone, week_start)


def period_before(*, goal: Goal, period: Period) -> Period:
    """The goal's period before this one; before dates of its own, as many days."""
    if goal.cadence == Cadence.ONCE:
        return period.previous()
    day = period.first - ONE_DAY
    return goal_period(goal=goal, day=day, zone=period.zone, week_start=period.week_start)


def read_progress(*, organization: Organization, goal: Goal, now: datetime) -> Progress:
    return read_progresses(organization=organization, goals=[goal], now=now)[0]


def read_progresses(
    *,
    organization: Organization,
    goals: Sequence[Goal],
    now: datetime,
    histories: Mapping[int, Sequence[PastPeriod]] | None = None,
) -> list[Progress]:
    """How each of these goals stands, in their order; one query for all.

    Whoever has read their histories hands them over: what the period before came to is then known already.
    """
    past = histories or {}
    known = [_known_before(organization, goal, past.get(goal.pk, ()), now) for goal in goals]
    spans = [
        (
            goal,
            *goal_days_needed(
                goal=goal, now=now, organization=organization, before_is_known=before is not None
            ),
        )
        for goal, before in zip(goals, known, strict=True)
    ]
    days = days_of_goals(spans=spans)
    return [
        progress_of(goal=goal, days=days[goal.pk], now=now, organization=organization, before=before)
        for goal, before in zip(goals, known, strict=True)
    ]


def _known_before(
    organization: Organization, goal: Goal, past: Sequence[PastPeriod], now: datetime
) -> Decimal | None:
    """What the whole period before the current one comes to by now, if it was closed."""
    _period, before = _periods(organization, goal, now)
    days = (before.first, before.last)
    return next((each.now for each in past if (each.result.first_day, each.result.last_day) == days), None)


def goal_days_needed(
    *, organization: Organization, goal: Goal, now: datetime, before_is_known: bool = False
) -> tuple[date, date]:
    """The first and the last day that must be known to say how a goal stands."""
    period, before = _periods(organization, goal, now)
    today = local_day(now, period.zone)
    first = period.first if before_is_known else before.first
    return min(today - LOOK_BACK, first), max(today, period.last)


def progress_of(
    *,
    organization: Organization,
    goal: Goal,
    days: Mapping[date, Decimal],
    now: datetime,
    before: Decimal | None = None,
) -> Progress:
    """From what was counted on its days, of which none may be missing; those of the period before only where it is not
    known what that came to."""
    period, earlier = _periods(organization, goal, now)
    if before is None:
        before = sum((days.get(day, Decimal(0)) for day in earlier.each_day()), Decimal(0))
    return _progress(organization, goal, period, before, days, now)


def _periods(organization: Organization, goal: Goal, now: datetime) -> tuple[Period, Period]:
    """The goal's period around today, and the one before."""
    zone = ZoneInfo(organization.time_zone)
    today = local_day(now, zone)
    period = goal_period(goal=goal, day=today, zone=zone, week_start=organization.week_start)
    return period, period_before(goal=goal, period=period)


def _progress(
    organization: Organization,
    goal: Goal,
    period: Period,
    before: Decimal,
    days: Mapping[date, Decimal],
    now: datetime,
) -> Progress:
    per_day = {day: days.get(day, Decimal(0)) for day in period.each_day()}
    # A business that joined in the middle of a month is not behind by the days before it came.
    begins_at = max(period.starts_at, organization.created_at)
    elapsed = Decimal(max(now - begins_at, timedelta(0)) / (period.ends_at - period.starts_at))
    elapsed = min(elapsed, Decimal(1))
    reached = sum(per_day.values(), Decimal(0))
    return Progress(
        goal=goal,
        period=period,
        reached=reached,
        expected=goal.target * elapsed,
        before=before,
        elapsed=elapsed,
        today=local_day(now, period.zone),
        per_day=per_day,
        forecast=_forecast(goal, period, days, reached, now),
    )


def _forecast(
    goal: Goal, period: Period, days: Mapping[date, Decimal], reached: Decimal, now: datetime
) -> Forecast | None:
    today = local_day(now, period.zone)
    if today > period.last:
        return None
    begin = begin_of_counting(days, today)
    past = {
        day: days.get(day, Decimal(0))
        for day in map(date.fromordinal, range(begin.toordinal(), today.toordinal()))
    }
    ahead = {day: 1.0 for day in period.each_day() if day > today}
    if today >= period.first:
        tomorrow = local_midnight(today + ONE_DAY, period.zone)
        ahead[today] = (tomorrow - now) / (tomorrow - local_midnight(today, period.zone))
    return forecast(past=past, ahead=ahead, reached=reached, is_count=not goal.is_money)


def pace_per_day(*, goal: Goal, period: Period) -> dict[date, Decimal]:
    """What each day of a period should bring: the target spread evenly over the week, month or quarter it lies in,
    or over the goal's own dates."""
    pace: dict[date, Decimal] = {}
    around, share = None, Decimal(0)
    for day in period.each_day():
        if around is None or day > around.last:
            around = goal_period(goal=goal, day=day, zone=period.zone, week_start=period.week_start)
            share = goal.target / around.days
        pace[day] = share if around.first <= day <= around.last else Decimal(0)
    return pace
