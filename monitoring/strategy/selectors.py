"""Steps to show, and what came of those that were taken."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import FilteredRelation, Q

from accounts.models import Organization
from monitoring.conversions.models import Assumptions
from monitoring.strategy.finding import find_steps
from monitoring.strategy.models import Plan, Reckoning, Step
from monitoring.strategy.rules import JUDGED_AFTER
from monitoring.strategy.services import Answers

MOST = 3
_COLUMNS: Final = tuple(field.attname for field in Step._meta.concrete_fields)


def open_steps(*, organization: Organization, now: datetime, limit: int = MOST) -> list[Step]:
    """The most urgent first. Where nobody ever asked the rules, they are asked now.

    One question says both whether they were asked and what they found.
    """
    reckoned = Reckoning.objects.filter(organization=organization).annotate(
        found=FilteredRelation("organization__steps", condition=Q(organization__steps__state=Step.State.OPEN))
    )
    ordered = reckoned.order_by("-found__weight", "found__pk")
    rows = list(ordered.values_list(*(f"found__{name}" for name in _COLUMNS))[:limit])
    if not rows:
        return find_steps(organization=organization, now=now)[:limit]
    steps = [Step.from_db(None, _COLUMNS, row) for row in rows if row[0] is not None]
    for step in steps:
        step.organization = organization
    return steps


def found_steps(*, organization: Organization, limit: int = MOST) -> list[Step]:
    """What the rules found when they were last asked, the most urgent first."""
    steps = Step.objects.filter(organization=organization, state=Step.State.OPEN)
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
