# ruff: noqa: S608 - the SQL is made of our own names, never of what somebody sent
"""Whether a goal was reached in the periods that are over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from monitoring.conversions.models import Cadence, Goal, GoalResult
from monitoring.conversions.selectors.goal_days import count_anew
from monitoring.lib.written_queries import Columns

SHOWN = 12
_OF_RESULT: Final = Columns(GoalResult)
# Of each goal no more than can be shown: a weekly one has a hundred in two years.
_LATEST = f"""
    select {_OF_RESULT.of("latest")} from conversions_goal goal cross join lateral (
        select * from conversions_goalresult where goal_id = goal.id order by first_day desc limit %s
    ) latest where goal.organization_id = %s order by first_day desc, goal_id desc
"""


@dataclass(frozen=True)
class PastPeriod:
    """`reached` is what it was when it was closed, `now` what it comes to since refunds and late entries."""

    result: GoalResult
    now: Decimal

    @property
    def target(self) -> Decimal:
        return self.result.goal.target

    @property
    def was_reached(self) -> bool:
        return self.result.reached >= self.target

    @property
    def changed_since(self) -> bool:
        return self.now != self.result.reached

    @property
    def share(self) -> Decimal:
        return self.result.reached / self.target


def read_histories(*, goals: Sequence[Goal]) -> dict[int, list[PastPeriod]]:
    """For each goal's id its last periods, the oldest first; those of the goals it replaced among them, each with its
    own target. Two queries for all, three where a goal was replaced."""
    if not goals:
        return {}
    latest: dict[tuple[object, ...], list[GoalResult]] = defaultdict(list)
    results = _OF_RESULT.fetch(_LATEST, [SHOWN, goals[0].organization_id])
    known = {goal.pk: goal for goal in goals}
    replaced = {result.goal_id for result in results} - known.keys()
    known |= Goal.objects.in_bulk(replaced) if replaced else {}
    for result in results:
        result.goal = known[result.goal_id]
        latest[_lineage(result.goal)].append(result)
    shown = {goal.pk: _one_a_period(latest[_lineage(goal)])[:SHOWN] for goal in goals}
    everything = [result for results in shown.values() for result in results]
    anew = count_anew(results=everything)
    return {
        goal_id: [PastPeriod(result, anew[result.pk]) for result in reversed(results)]
        for goal_id, results in shown.items()
    }


def _lineage(goal: Goal) -> tuple[object, ...]:
    """What a goal keeps when only its target changes. One that comes once has no past but its own."""
    if goal.cadence == Cadence.ONCE:
        return (goal.pk,)
    return goal.counts, goal.measure, goal.currency, goal.cadence, tuple(goal.channels)


def _one_a_period(results: list[GoalResult]) -> list[GoalResult]:
    found = {result.first_day: result for result in reversed(results)}
    return sorted(found.values(), key=lambda result: result.first_day, reverse=True)
