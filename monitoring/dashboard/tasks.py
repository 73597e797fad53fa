"""Background work of the dashboard. A task loads by id and calls one service."""

from __future__ import annotations

from celery import shared_task

from accounts.models import Organization
from monitoring.listening.services.brands import delete_organization


@shared_task(name="bulk.delete_demo")
def delete_demo(organization_id: int) -> None:
    organization = Organization.objects.filter(pk=organization_id, is_demo=True).first()
    if organization is not None:
        delete_organization(organization=organization)
