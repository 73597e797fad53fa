"""Ask the rules what there is to do, once a day, and keep the answers. Repeating it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.models import Organization
from monitoring.strategy.models import Reckoning, Step
from monitoring.strategy.rules import JUDGED_AFTER, RULES, Finding
from monitoring.strategy.situation import Situation

# What somebody does not want to hear is not said again for a while, and what is being tried is left in peace.
SILENT_AFTER_DISMISSAL: Final = timedelta(days=60)


@transaction.atomic
def find_steps(*, organization: Organization, now: datetime) -> list[Step]:
    """Bring the open steps up to date: new ones open, known ones get their new evidence, the rest is over."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    situation = Situation(organization, now)
    quiet = _quiet(organization, now)
    found = {
        (slug, finding.subject): finding
        for slug, rule in RULES.items()
        for finding in rule.find(situation)
        if (slug, finding.subject) not in quiet
    }
    open_steps = {
        (step.rule, step.subject): step
        for step in Step.objects.filter(organization=organization, state=Step.State.OPEN)
    }
    _close(open_steps[key] for key in open_steps.keys() - found.keys())
    for key, finding in found.items():
        _keep(organization, key, finding, open_steps.get(key), now)
    Reckoning.objects.update_or_create(organization=organization, defaults={"reckoned_at": now})
    steps = Step.objects.filter(organization=organization, state=Step.State.OPEN)
    return list(steps.select_related("organization").order_by("-weight", "pk"))


def _quiet(organization: Organization, now: datetime) -> set[tuple[str, str]]:
    """Rules and subjects that are not to be brought up now."""
    dismissed = Step.objects.filter(state=Step.State.DISMISSED, changed_at__gt=now - SILENT_AFTER_DISMISSAL)
    tried = Step.objects.filter(state=Step.State.TAKEN, changed_at__gt=now - JUDGED_AFTER)
    return set((dismissed | tried).filter(organization=organization).values_list("rule", "subject"))


def _close(steps: Iterable[Step]) -> None:
    """What is over without anybody's doing is not worth remembering."""
    Step.objects.filter(pk__in=[step.pk for step in steps]).delete()


def _keep(
    organization: Organization, key: tuple[str, str], finding: Finding, known: Step | None, now: datetime
) -> None:
    step = known or Step(organization=organization, rule=key[0], subject=key[1], changed_at=now)
    step.evidence, step.weight = dict(finding.evidence), finding.weight
    step.save()
