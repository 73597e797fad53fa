"""Each goal as a card: how it stands, where it will end, and how it went before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.models import Goal
from monitoring.conversions.selectors.goal_history import PastPeriod, read_histories
from monitoring.conversions.selectors.goals import Progress, list_goals, read_progresses
from monitoring.conversions.wording import (
    name_period,
    name_standing,
    say_amount,
    say_forecast,
    say_goal,
    say_standing,
)


@dataclass(frozen=True)
class GoalCard:
    """One goal in words and numbers."""

    progress: Progress
    history: Sequence[PastPeriod]

    @property
    def goal(self) -> Goal:
        return self.progress.goal

    @cached_property
    def title(self) -> str:
        return self.goal.name or say_goal(self.goal)

    @property
    def said(self) -> str:
        return say_goal(self.goal)

    @property
    def period_name(self) -> str:
        return name_period(self.goal, self.progress.period.first, self.progress.period.last)

    @property
    def standing_title(self) -> str:
        return name_standing(self.progress.standing)

    @property
    def standing(self) -> str:
        return say_standing(self.progress)

    @property
    def forecast(self) -> str:
        return say_forecast(self.progress)

    @property
    def of_target(self) -> str:
        """ "€1,830 of €3,000"."""
        return _("%(reached)s of %(target)s") % {
            "reached": say_amount(self.progress.reached, self.goal),
            "target": say_amount(self.goal.target, self.goal),
        }

    @property
    def to_go(self) -> str:
        return say_amount(self.progress.to_go, self.goal)

    @property
    def past(self) -> list[PeriodInWords]:
        """The oldest first."""
        return _say_past(self.history)


@dataclass(frozen=True)
class PeriodInWords:
    """One that is over. `now` is empty where nothing changed since it was closed."""

    name: str
    was_reached: bool
    figures: str
    now: str


def _say_past(history: Sequence[PastPeriod]) -> list[PeriodInWords]:
    """Twelve of each goal, so that what they have in common is looked up once."""
    figures, by_now = _("%(reached)s of %(target)s"), _("%(now)s by now")
    return [
        PeriodInWords(
            name_period(past.result.goal, past.result.first_day, past.result.last_day),
            past.was_reached,
            figures
            % {
                "reached": say_amount(past.result.reached, past.result.goal),
                "target": say_amount(past.target, past.result.goal),
            },
            by_now % {"now": say_amount(past.now, past.result.goal)} if past.changed_since else "",
        )
        for past in history
    ]


def read_cards(*, organization: Organization, now: datetime) -> list[GoalCard]:
    """Of all active goals, the main one first."""
    goals = list_goals(organization=organization)
    histories = read_histories(goals=goals)
    progresses = read_progresses(organization=organization, goals=goals, now=now, histories=histories)
    return [GoalCard(progress, histories[progress.goal.pk]) for progress in progresses]
