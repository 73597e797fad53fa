"""Background work of the strategy."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.models import Organization
from monitoring.strategy.finding import find_steps
from monitoring.strategy.models import Step
from monitoring.strategy.selectors import steps_to_judge
from monitoring.strategy.services import judge_step


@shared_task(name="bulk.reckon")
def reckon() -> None:
    """Once a day: hand out one task for each organization, and judge what was tried."""
    for organization_id in Organization.objects.order_by("pk").values_list("pk", flat=True).iterator():
        reckon_organization.delay(organization_id)
    for step_id in steps_to_judge(now=timezone.now()):
        judge.delay(step_id)


@shared_task(name="bulk.reckon_organization")
def reckon_organization(organization_id: int) -> None:
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is not None:
        find_steps(organization=organization, now=timezone.now())


@shared_task(name="bulk.judge_step")
def judge(step_id: int) -> None:
    step = Step.objects.select_related("organization").filter(pk=step_id, judged_at=None).first()
    if step is not None:
        judge_step(step=step, now=timezone.now())
