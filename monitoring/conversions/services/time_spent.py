"""Write down how long people worked for social media: by hand, or by a timer of which everybody has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import Action, record, record_change
from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Campaign, Channel, TimeSpent
from monitoring.conversions.selectors.return_terms import channel_of_platform
from monitoring.lib.periods import local_day

LONGEST_MINUTES: Final = 24 * 60
# Nobody posts for longer at a stretch: the timer was forgotten.
FORGOTTEN_AFTER: Final = timedelta(hours=8)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the work was for. All of it is optional."""

    channel: str = ""  # empty: that of the post's platform, or none
    campaign: Campaign | None = None
    post: PublishedPost | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.channel:
            Channel(self.channel)

    def facts(self, organization: Organization) -> dict[str, object]:
        for thing in (self.campaign, self.post):
            if thing is not None and thing.organization_id != organization.pk:
                raise ValueError("This belongs to another organization.")
        channel = self.channel or (channel_of_platform(self.post.platform) if self.post else "")
        return {"channel": channel, "campaign": self.campaign, "post": self.post, "note": self.note[:300]}


NOWHERE: Final = Place()


@dataclass(frozen=True)
class Stopped:
    """`was_forgotten`: it ran longer than anybody works at a stretch, and only eight hours were written down."""

    entry: TimeSpent
    ran_for: timedelta
    was_forgotten: bool


@transaction.atomic
def record_time(
    *, organization: Organization, minutes: int, day: date, place: Place = NOWHERE, by: User | None = None
) -> TimeSpent:
    _check_minutes(minutes)
    entry = TimeSpent.objects.create(
        organization=organization, user=by, day=day, minutes=minutes, **place.facts(organization)
    )
    record(Action.CREATED, organization=organization, subject=entry, after=_said(entry))
    return entry


@transaction.atomic
def change_time(*, entry: TimeSpent, minutes: int, day: date, place: Place = NOWHERE) -> None:
    """An entry that has its minutes. A timer that runs is stopped first."""
    _check_minutes(minutes)
    name, before = str(entry), _said(entry)
    facts = {"minutes": minutes, "day": day, **place.facts(entry.organization)}
    for field, value in facts.items():
        setattr(entry, field, value)
    entry.save(update_fields=list(facts))
    record_change(
        organization=entry.organization, subject=entry, name=name, before=before, after=_said(entry)
    )


@transaction.atomic
def delete_time(*, entry: TimeSpent) -> None:
    record(Action.DELETED, organization=entry.organization, subject=entry, before=_said(entry))
    entry.delete()


def _said(entry: TimeSpent) -> dict[str, object]:
    """What the log says of it."""
    return {name: getattr(entry, name) for name in ("user", "day", "minutes", "channel", "campaign", "note")}


def start_timer(
    *, organization: Organization, by: User, place: Place = NOWHERE, now: datetime | None = None
) -> TimeSpent:
    """This person's timer. One that runs already goes on."""
    moment = now or timezone.now()
    entry = TimeSpent(
        organization=organization,
        user=by,
        day=local_day(moment, ZoneInfo(organization.time_zone)),
        started_at=moment,
        **place.facts(organization),
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        return TimeSpent.objects.get(organization=organization, user=by, minutes=None)
    return entry


@transaction.atomic
def stop_timer(*, organization: Organization, by: User, now: datetime | None = None) -> Stopped | None:
    """The minutes since it was started, begun ones counted; None where none runs."""
    running = TimeSpent.objects.select_for_update().filter(organization=organization, user=by, minutes=None)
    entry = running.first()
    if entry is None or entry.started_at is None:
        return None
    ran_for = (now or timezone.now()) - entry.started_at
    counted = min(ran_for, FORGOTTEN_AFTER)
    entry.minutes = max(1, ceil(counted / timedelta(minutes=1)))
    entry.save(update_fields=["minutes"])
    return Stopped(entry, ran_for, was_forgotten=ran_for > FORGOTTEN_AFTER)


def _check_minutes(minutes: int) -> None:
    if not 0 < minutes <= LONGEST_MINUTES:
        raise ValueError("From one minute to a day.")
