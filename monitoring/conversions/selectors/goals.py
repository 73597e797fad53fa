"""How an organization stands against its goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from accounts.models import Organization
from monitoring.conversions.models import Cadence, Goal
from monitoring.conversions.selectors.counting import conversions_per_day, what_counts
from monitoring.lib.periods import ONE_DAY, Period, local_day, month_of, quarter_of, week_of

_TOO_EARLY = Decimal("0.1")  # of the period: before that a pace says nothing


class Standing(StrEnum):
    REACHED = "reached"
    AHEAD = "ahead"
    BEHIND = "behind"
    TOO_EARLY = "too_early"


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
        return (self.period.last - self.today).days + 1

    @property
    def needed_a_day(self) -> Decimal:
        return self.to_go / self.days_left

    @property
    def standing(self) -> Standing:
        if self.reached >= self.goal.target:
            return Standing.REACHED
        if self.elapsed < _TOO_EARLY:
            return Standing.TOO_EARLY
        return Standing.AHEAD if self.reached >= self.expected else Standing.BEHIND


def find_goal(*, organization: Organization) -> Goal | None:
    """The main goal that is active now."""
    return Goal.objects.filter(organization=organization, ended_at=None, is_main=True).first()


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


def read_progress(*, organization: Organization, goal: Goal, now: datetime) -> Progress:
    zone = ZoneInfo(organization.time_zone)
    today = local_day(now, zone)
    period = goal_period(goal=goal, day=today, zone=zone, week_start=organization.week_start)
    before = goal_period(goal=goal, day=period.first - ONE_DAY, zone=zone, week_start=organization.week_start)
    both = conversions_per_day(
        organization=organization,
        period=Period(before.first, period.last, zone, organization.week_start),
        counted=what_counts(goal),
    )
    per_day = {day: brought for day, brought in both.items() if day >= period.first}
    # A business that joined in the middle of a month is not behind by the days before it came.
    begins_at = max(period.starts_at, organization.created_at)
    elapsed = Decimal(max(now - begins_at, timedelta(0)) / (period.ends_at - period.starts_at))
    return Progress(
        goal=goal,
        period=period,
        reached=sum(per_day.values(), Decimal(0)),
        expected=goal.target * elapsed,
        before=sum((brought for day, brought in both.items() if day < period.first), Decimal(0)),
        elapsed=elapsed,
        today=today,
        per_day=per_day,
    )


def pace_per_day(*, goal: Goal, period: Period) -> dict[date, Decimal]:
    """What each day of a period should bring: the target spread evenly over the week or month it lies in."""
    return {
        day: goal.target
        / goal_period(goal=goal, day=day, zone=period.zone, week_start=period.week_start).days
        for day in period.each_day()
    }
