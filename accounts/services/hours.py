"""Set when somebody is there, and when not."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from accounts.audit import Action, record, record_change
from accounts.models import Holiday, OpeningHours, Organization
from accounts.opening_hours import Span, format_spans
from accounts.services.members import lock_organization

Week = Mapping[int, Sequence[Span]]  # by the day's number in ISO 8601: Monday is 1


def read_week(*, organization: Organization) -> dict[int, list[Span]]:
    week: dict[int, list[Span]] = {day: [] for day in range(1, 8)}
    for hours in OpeningHours.objects.filter(organization=organization).order_by("weekday", "opens"):
        week[hours.weekday].append(Span(hours.opens, hours.closes))
    return week


@transaction.atomic
def set_week(*, organization: Organization, week: Week) -> None:
    """All seven days; a day that is not named is closed."""
    lock_organization(organization=organization)
    before = read_week(organization=organization)
    OpeningHours.objects.filter(organization=organization).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(organization=organization, weekday=day, opens=span.opens, closes=span.closes)
        for day, spans in week.items()
        for span in spans
    )
    record_change(
        organization=organization,
        subject=organization,
        before=_facts_of(before),
        after=_facts_of({day: week.get(day, ()) for day in before}),
    )


@transaction.atomic
def add_holiday(*, organization: Organization, name: str, first_day: date, last_day: date) -> Holiday:
    holiday = Holiday.objects.create(
        organization=organization, name=name, first_day=first_day, last_day=last_day
    )
    record(
        Action.CREATED,
        organization=organization,
        subject=holiday,
        after={"first_day": first_day, "last_day": last_day},
    )
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday) -> None:
    before = {"first_day": holiday.first_day, "last_day": holiday.last_day}
    record(Action.DELETED, organization=holiday.organization, subject=holiday, before=before)
    holiday.delete()


def _facts_of(week: Week) -> dict[str, object]:
    return {f"hours on {day_name[day - 1]}": format_spans(spans) for day, spans in week.items()}
