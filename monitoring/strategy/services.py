"""Write the plan; take a step, or put it aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.audit import record_change
from accounts.models import Organization, User
from monitoring.conversions.models import Assumptions
from monitoring.lib.periods import ONE_DAY, Period
from monitoring.strategy.models import Plan, Step
from monitoring.strategy.rules import JUDGED_AFTER, RULES
from monitoring.strategy.situation import Situation


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The five answers."""

    whom: str = ""
    where: Sequence[str] = ()
    kinds: Sequence[str] = ()
    message: str = ""
    purpose: str = ""
    minutes_a_week: int | None = None


@transaction.atomic
def save_plan(*, organization: Organization, answers: Answers, by: User | None) -> Plan:
    told = {name: getattr(answers, name) for name in ("whom", "message", "purpose")}
    told |= {"where": list(answers.where), "kinds": list(answers.kinds)}
    before = Plan.objects.filter(organization=organization).values(*told).first() or {}
    plan, _new = Plan.objects.update_or_create(organization=organization, defaults={**told, "changed_by": by})
    record_change(organization=organization, subject=plan, name=organization.name, before=before, after=told)
    Assumptions.objects.update_or_create(
        organization=organization, defaults={"minutes_a_week": answers.minutes_a_week}
    )
    return plan


def take_step(*, step: Step, by: User, now: datetime) -> None:
    """Somebody does it: note how things stood, so that it can be judged. Taking it twice changes nothing."""
    period = _weeks_before(step, now)
    situation = Situation(step.organization, now)
    before = RULES[step.rule].measure(situation, step.subject, period).value
    open_steps = Step.objects.filter(pk=step.pk, state=Step.State.OPEN)
    open_steps.update(state=Step.State.TAKEN, changed_at=now, changed_by=by, before=before)


def dismiss_step(*, step: Step, by: User, now: datetime) -> None:
    """Not for us."""
    open_steps = Step.objects.filter(pk=step.pk, state=Step.State.OPEN)
    open_steps.update(state=Step.State.DISMISSED, changed_at=now, changed_by=by)


def judge_step(*, step: Step, now: datetime) -> None:
    """Compare the rule's figure in the two weeks since the step was taken with that of the two weeks before."""
    rule = RULES.get(step.rule)
    if rule is None or step.before is None:
        _conclude(step, None, Step.Verdict.TOO_LITTLE, now)
        return
    situation = Situation(step.organization, now)
    since = rule.measure(situation, step.subject, _weeks_before(step, step.changed_at + JUDGED_AFTER))
    until = rule.measure(situation, step.subject, _weeks_before(step, step.changed_at))
    if not (since.enough and until.enough):
        verdict = Step.Verdict.TOO_LITTLE
    else:
        verdict = _verdict(step.before, since.value, less_is_better=rule.less_is_better)
    _conclude(step, since.value, verdict, now)


CLEAR_DIFFERENCE = 1.1


def _verdict(before: float, after: float, *, less_is_better: bool) -> Step.Verdict:
    better, worse = (before, after) if less_is_better else (after, before)
    return Step.Verdict.HELPED if better > worse * CLEAR_DIFFERENCE else Step.Verdict.NO_DIFFERENCE


def _conclude(step: Step, after: float | None, verdict: Step.Verdict, now: datetime) -> None:
    step.after, step.verdict, step.judged_at = after, verdict, now
    step.save(update_fields=["after", "verdict", "judged_at"])


def _weeks_before(step: Step, moment: datetime) -> Period:
    """The whole days of the two weeks before a moment."""
    return Situation(step.organization, moment - ONE_DAY).last(JUDGED_AFTER // ONE_DAY)
