"""Set what an organization wants to reach."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, Facts, record, record_change
from accounts.models import Organization
from monitoring.conversions.models import Cadence, Channel, Goal, Measure
from monitoring.conversions.models.conversions import WORTH_NO_MONEY, is_kind
from monitoring.lib.periods import EARLIEST, LATEST, LONGEST_DAYS, ONE_DAY

MOST_GOALS: Final = 12


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What a goal says: "40 orders every month", "€3,000 from social media every week"."""

    counts: str
    target: Decimal
    measure: str = Measure.NUMBER
    currency: str = ""
    cadence: str = Cadence.MONTH
    first_day: date | None = None  # of a goal that comes once
    last_day: date | None = None
    channels: tuple[str, ...] = ()  # empty: all
    name: str = ""

    def __post_init__(self) -> None:
        Cadence(self.cadence)
        if not is_kind(self.counts):
            raise ValueError(f"No kind of conversion: {self.counts}")
        if self.target <= 0:
            raise ValueError("A goal's target is above zero.")
        if (self.measure == Measure.AMOUNT) != bool(self.currency):
            raise ValueError("A goal in money needs its currency, one in numbers has none.")
        if self.measure == Measure.AMOUNT and self.counts in WORTH_NO_MONEY:
            raise ValueError(f"Not measured in money: {self.counts}")
        if self.measure == Measure.NUMBER and self.target != int(self.target):
            raise ValueError("A number of conversions is whole.")
        if not set(self.channels) <= set(Channel.values):
            raise ValueError(f"Not all of these are channels: {self.channels}")
        self._check_days()

    def _check_days(self) -> None:
        if self.cadence != Cadence.ONCE:
            if self.first_day or self.last_day:
                raise ValueError("A goal that begins anew has no dates.")
        elif self.first_day is None or self.last_day is None:
            raise ValueError("A goal that comes once needs both its dates.")
        elif not 0 <= (self.last_day - self.first_day).days < LONGEST_DAYS:
            raise ValueError("A goal's last day is not before its first, nor ten years later.")
        elif self.first_day < EARLIEST or self.last_day > LATEST - ONE_DAY:
            raise ValueError("A goal lies within the calendar.")

    def says_the_same(self, goal: Goal) -> bool:
        return all(getattr(goal, field) == value for field, value in self.as_columns().items())

    def as_columns(self) -> dict[str, object]:
        return asdict(self) | {"channels": list(self.channels)}


class TooManyGoals(Exception):
    """Somebody with a dozen goals has none."""


@transaction.atomic
def set_goal(*, organization: Organization, aim: Aim) -> Goal:
    """Make this the organization's main goal. The one before it ends, unless it says the same."""
    active = _lock_goals(organization)
    current = next((goal for goal in active if goal.is_main), None)
    return _replace(current, aim) if current else _create(organization, aim, is_main=True)


@transaction.atomic
def add_goal(*, organization: Organization, aim: Aim, is_main: bool = False) -> Goal:
    """Another goal; the first one is the main one. One that says the same as an active one is that one."""
    active = _lock_goals(organization)
    goal = next((goal for goal in active if aim.says_the_same(goal)), None)
    if goal is None:
        if len(active) >= MOST_GOALS:
            raise TooManyGoals
        goal = _create(organization, aim, is_main=not active)
    if is_main:
        _make_main(goal)
    return goal


@transaction.atomic
def change_goal(*, goal: Goal, aim: Aim) -> Goal:
    """From now on another aim. The goal before is kept for what it was measured against, and a new name is only that.

    A goal that has ended stays as it is.
    """
    _lock_goals(goal.organization)
    goal.refresh_from_db()
    return goal if goal.ended_at else _replace(goal, aim)


@transaction.atomic
def make_main(*, goal: Goal) -> None:
    """The goal of the overview, if it has not ended."""
    _lock_goals(goal.organization)
    goal.refresh_from_db()
    if goal.ended_at is None:
        _make_main(goal)


@transaction.atomic
def end_goal(*, goal: Goal) -> None:
    """It counts no more. If it was the main one, the oldest of the others is now."""
    others = [other for other in _lock_goals(goal.organization) if other != goal]
    if Goal.objects.filter(pk=goal.pk, ended_at=None).update(ended_at=timezone.now()):
        record(Action.DELETED, organization=goal.organization, subject=goal, before=_said(goal))
    goal.refresh_from_db()
    if others and not any(other.is_main for other in others):
        _make_main(others[0])


def _lock_goals(organization: Organization) -> list[Goal]:
    """The active goals, oldest first. Others who set goals of this organization wait."""
    Organization.objects.select_for_update().get(pk=organization.pk)
    return list(Goal.objects.filter(organization=organization, ended_at=None).order_by("pk"))


def _create(organization: Organization, aim: Aim, *, is_main: bool) -> Goal:
    goal = Goal.objects.create(organization=organization, is_main=is_main, **aim.as_columns())
    record(Action.CREATED, organization=organization, subject=goal, name=_name_of(goal), after=_said(goal))
    return goal


def _replace(goal: Goal, aim: Aim) -> Goal:
    """The same goal where only its name differs, otherwise a new one in its place."""
    before, replaced = _said(goal), goal
    if _aim_of(goal) != {**aim.as_columns(), "name": goal.name}:
        Goal.objects.filter(pk=goal.pk).update(ended_at=timezone.now())
        replaced = Goal.objects.create(
            organization=goal.organization, is_main=goal.is_main, **aim.as_columns()
        )
    elif goal.name != aim.name:
        goal.name = aim.name
        goal.save(update_fields=["name"])
    _record_change(replaced, before, _said(replaced))
    return replaced


def _aim_of(goal: Goal) -> dict[str, object]:
    return {name: getattr(goal, name) for name in Aim.__dataclass_fields__}


def _said(goal: Goal) -> dict[str, object]:
    """What the log says of a goal."""
    return {**_aim_of(goal), "target": f"{goal.target.normalize():f}"}


def _name_of(goal: Goal) -> str:
    return goal.name or str(goal)


def _record_change(goal: Goal, before: Facts, after: Facts) -> None:
    record_change(
        organization=goal.organization, subject=goal, name=_name_of(goal), before=before, after=after
    )


def _make_main(goal: Goal) -> None:
    Goal.objects.filter(organization_id=goal.organization_id, ended_at=None, is_main=True).exclude(
        pk=goal.pk
    ).update(is_main=False)
    before, goal.is_main = {"main": goal.is_main}, True
    goal.save(update_fields=["is_main"])
    _record_change(goal, before, {"main": True})
