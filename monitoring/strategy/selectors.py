"""Steps to show, and what came of those that were taken."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.db import connection

from accounts.models import Organization
from monitoring.conversions.models import Assumptions
from monitoring.lib.written_queries import Columns
from monitoring.strategy.finding import find_steps
from monitoring.strategy.models import Plan, Step
from monitoring.strategy.rules import JUDGED_AFTER
from monitoring.strategy.services import Answers

MOST = 3
_OF_STEP: Final = Columns(Step)
_ID, _EVIDENCE = _OF_STEP.place("id"), _OF_STEP.place("evidence")
# Written by hand: every overview asks it, and to build it anew takes longer than to answer it.
_OPEN: Final = f"""
    select {_OF_STEP.of("step")} from strategy_reckoning reckoning
    left join strategy_step step on step.organization_id = reckoning.organization_id and step.state = %s
    where reckoning.organization_id = %s order by step.weight desc, step.id limit %s
"""  # noqa: S608 - put together from constants


def open_steps(*, organization: Organization, now: datetime, limit: int = MOST) -> list[Step]:
    """The most urgent first. Where nobody ever asked the rules, they are asked now.

    One question says both whether they were asked and what they found.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [Step.State.OPEN.value, organization.pk, limit])
        rows = [list(row) for row in cursor.fetchall()]
    if not rows:
        return find_steps(organization=organization, now=now)[:limit]
    return [_step(organization, row) for row in rows if row[_ID] is not None]


def _step(organization: Organization, row: list[Any]) -> Step:
    row[_EVIDENCE] = json.loads(row[_EVIDENCE])
    step = _OF_STEP.read(row)
    step.organization = organization
    return step


def found_steps(*, organization: Organization, limit: int = MOST) -> list[Step]:
    """What the rules found when they were last asked, the most urgent first. Nothing where that is out of date."""
    known = Step.objects.filter(organization__reckoning__isnull=False)
    steps = known.filter(organization=organization, state=Step.State.OPEN)
    return list(steps.select_related("organization").order_by("-weight", "pk")[:limit])


def taken_steps(*, organization: Organization, limit: int = 20) -> list[Step]:
    """What was done, the latest first, with its verdict where there is one."""
    steps = Step.objects.filter(organization=organization, state=Step.State.TAKEN)
    return list(steps.select_related("organization", "changed_by").order_by("-changed_at", "-pk")[:limit])


def every_step(*, organization: Organization) -> list[Step]:
    """Open, taken and put aside, the latest first."""
    steps = Step.objects.filter(organization=organization).select_related("organization", "changed_by")
    return list(steps.order_by("-changed_at", "-pk"))


def steps_to_judge(*, now: datetime) -> list[int]:
    due = Step.objects.filter(state=Step.State.TAKEN, judged_at=None, changed_at__lt=now - JUDGED_AFTER)
    return list(due.order_by("pk").values_list("pk", flat=True))


def read_answers(*, organization: Organization) -> Answers:
    """The plan as it stands; empty where nobody wrote one."""
    plan = Plan.objects.filter(organization=organization).first() or Plan()
    minutes = Assumptions.objects.filter(organization=organization).values_list("minutes_a_week", flat=True)
    return Answers(
        whom=plan.whom,
        where=plan.where,
        kinds=plan.kinds,
        message=plan.message,
        purpose=plan.purpose,
        minutes_a_week=minutes.first(),
    )
