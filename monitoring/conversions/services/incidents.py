"""Note what happened, say it otherwise, and take it back."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.audit import Action, record, record_change
from accounts.models import Organization, User
from monitoring.conversions.models import Incident


@transaction.atomic
def note_incident(
    *, organization: Organization, name: str, first_day: date, last_day: date, by: User | None = None
) -> Incident:
    incident = Incident.objects.create(
        organization=organization, name=name, first_day=first_day, last_day=last_day, noted_by=by
    )
    record(Action.CREATED, organization=organization, subject=incident, after=_facts(incident))
    return incident


@transaction.atomic
def change_incident(*, incident: Incident, name: str, first_day: date, last_day: date) -> None:
    before = _facts(incident)
    incident.name, incident.first_day, incident.last_day = name, first_day, last_day
    incident.save(update_fields=["name", "first_day", "last_day"])
    record_change(organization=incident.organization, subject=incident, before=before, after=_facts(incident))


@transaction.atomic
def delete_incident(*, incident: Incident) -> None:
    record(Action.DELETED, organization=incident.organization, subject=incident, before=_facts(incident))
    incident.delete()


def _facts(incident: Incident) -> dict[str, object]:
    return {"name": incident.name, "first_day": incident.first_day, "last_day": incident.last_day}
