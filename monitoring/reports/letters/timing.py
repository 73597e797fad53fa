"""When a letter is due: on Monday at seven in the morning, by the clock of its reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Membership, SetupStep
from monitoring.lib.periods import ONE_DAY, Period, local_day, week_of
from monitoring.reports.models import Letter

SENT_FROM: Final = time(7)
# A mail server may be away for a day. Later in the week the news is old.
SENT_WITHIN: Final = timedelta(days=2)
_MONDAY: Final = 1


def due_monday(now: datetime, zone: ZoneInfo) -> date | None:
    """The Monday whose letter may go out now, where the clock of `zone` hangs."""
    monday = week_of(local_day(now, zone), _MONDAY)
    return monday if due_at(monday, zone) <= now < due_at(monday, zone) + SENT_WITHIN else None


def due_at(monday: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(monday, SENT_FROM, tzinfo=zone).astimezone(UTC)


def due_letters(*, now: datetime) -> Iterator[tuple[int, date]]:
    """Members who should have this week's letter and do not, with its Monday."""
    readers = _readers()
    zones = readers.order_by().values_list("user__time_zone", "organization__time_zone")
    for own, of_business in zones.distinct():
        zone = ZoneInfo(own or of_business)
        monday = due_monday(now, zone)
        if monday is None:
            continue
        # Whoever joins in the course of a week begins with the next one.
        there = readers.filter(
            user__time_zone=own,
            organization__time_zone=of_business,
            created_at__lt=due_at(monday, zone),
        )
        done = Letter.objects.filter(monday=monday).exclude(sent_at=None)
        missing = there.exclude(pk__in=done.values("membership_id"))
        for membership_id in missing.order_by("pk").values_list("pk", flat=True).iterator():
            yield membership_id, monday


def _readers() -> QuerySet[Membership]:
    """Real people of businesses that are set up, unless they said no."""
    readers = Membership.objects.filter(
        organization__setup_step=SetupStep.DONE,
        organization__is_demo=False,
        organization__delete_at=None,
        user__is_active=True,
        user__is_demo=False,
    )
    return readers.exclude(letter_choice__wants=False)


def is_reader(membership: Membership) -> bool:
    """Whether the letter may go to this member, right now."""
    return _readers().filter(pk=membership.pk).exists()


def reader_zone(membership: Membership) -> ZoneInfo:
    return ZoneInfo(membership.user.time_zone or membership.organization.time_zone)


def week_before(monday: date, membership: Membership) -> Period:
    """The week that a letter tells about: its days are those of the business."""
    zone = ZoneInfo(membership.organization.time_zone)
    return Period(monday - ONE_DAY * 7, monday - ONE_DAY, zone, _MONDAY)
