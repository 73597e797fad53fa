"""When an alert is due, by the clock of its reader, and who may get one at all."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from accounts.models import Membership, SetupStep
from monitoring.alerts.models import Rhythm, ViewAlert
from monitoring.lib.periods import ONE_DAY, local_day, week_of

SENT_FROM: Final = time(7)
MOST_AT_ONCE_AN_HOUR: Final = 6  # afterwards what comes is gathered for a while
GATHERED_FOR: Final = timedelta(minutes=10)
_AN_HOUR: Final = timedelta(hours=1)
_MONDAY: Final = 1


def reader_zone(membership: Membership) -> ZoneInfo:
    return ZoneInfo(membership.user.time_zone or membership.organization.time_zone)


def next_look(*, rhythm: str, now: datetime, zone: ZoneInfo, mails_this_hour: int = 0) -> datetime:
    """When to look again, after a look now. At once is now, unless there were many mails lately."""
    if rhythm == Rhythm.AT_ONCE:
        return now + GATHERED_FOR if mails_this_hour >= MOST_AT_ONCE_AN_HOUR else now
    if rhythm == Rhythm.HOURLY:
        return _next_full_hour(now, zone)
    today = local_day(now, zone)
    day = week_of(today, _MONDAY) if rhythm == Rhythm.WEEKLY else today
    step = ONE_DAY * 7 if rhythm == Rhythm.WEEKLY else ONE_DAY
    due = datetime.combine(day, SENT_FROM, tzinfo=zone).astimezone(UTC)
    return due if due > now else datetime.combine(day + step, SENT_FROM, tzinfo=zone).astimezone(UTC)


def _next_full_hour(now: datetime, zone: ZoneInfo) -> datetime:
    """The reader's: in some zones it begins at half past, elsewhere."""
    local = now.astimezone(zone)
    into_the_hour = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return now - into_the_hour + _AN_HOUR


def alerts_of_readers() -> QuerySet[ViewAlert]:
    """Those of real people of businesses that are set up, about views that they still may see."""
    return ViewAlert.objects.filter(
        Q(view__private_to=None) | Q(view__private_to=F("membership")),
        membership__organization__setup_step=SetupStep.DONE,
        membership__organization__is_demo=False,
        membership__organization__delete_at=None,
        membership__user__is_active=True,
        membership__user__is_demo=False,
    )
