"""Minutes by hand and by timer, the week's budget, and the minutes that brought nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organization, User
from monitoring.conversions.models import Channel, CreditDay, CreditDue, TimeSpent
from monitoring.conversions.selectors.costs import find_running_timer, minutes_this_week, page_of_time
from monitoring.conversions.selectors.idle_minutes import read_idle_minutes
from monitoring.conversions.services.costs import set_assumptions
from monitoring.conversions.services.time_spent import (
    Place,
    change_time,
    delete_time,
    record_time,
    start_timer,
    stop_timer,
)
from monitoring.lib.periods import Period

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 10)
NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)
PERIOD = Period(date(2026, 6, 1), date(2026, 6, 30), ZoneInfo("Europe/Berlin"))


def credit(organization: Organization, channel: str, *, model: str = "last", kind: str = "order") -> None:
    CreditDay.objects.create(
        organization_id=organization.pk,
        day=DAY,
        model=model,
        kind=kind,
        currency="",
        channel=channel,
        campaign_id=0,
        link_id=0,
        number=1,
        amount=0,
    )


def test_a_timer_counts_begun_minutes(organization: Organization, owner: User) -> None:
    start_timer(organization=organization, by=owner, place=Place(channel=Channel.TIKTOK), now=NOON)
    stopped = stop_timer(organization=organization, by=owner, now=NOON + timedelta(minutes=12, seconds=1))

    assert stopped is not None
    assert (stopped.entry.minutes, stopped.entry.channel, stopped.entry.day) == (13, Channel.TIKTOK, DAY)
    assert not stopped.was_forgotten
    assert find_running_timer(organization=organization, user=owner) is None


def test_everybody_has_one_timer(organization: Organization, owner: User, marketer: User) -> None:
    first = start_timer(organization=organization, by=owner, now=NOON)
    again = start_timer(organization=organization, by=owner, now=NOON + timedelta(minutes=5))
    other = start_timer(organization=organization, by=marketer, now=NOON)

    assert first == again != other
    assert find_running_timer(organization=organization, user=owner) == first
    assert again.started_at == NOON


def test_a_forgotten_timer_counts_eight_hours_and_asks(organization: Organization, owner: User) -> None:
    start_timer(organization=organization, by=owner, now=NOON)
    stopped = stop_timer(organization=organization, by=owner, now=NOON + timedelta(hours=23))

    assert stopped is not None
    assert stopped.entry.minutes == 480
    assert stopped.was_forgotten
    assert stopped.ran_for == timedelta(hours=23)


def test_eight_hours_sharp_are_believed(organization: Organization, owner: User) -> None:
    start_timer(organization=organization, by=owner, now=NOON)
    stopped = stop_timer(organization=organization, by=owner, now=NOON + timedelta(hours=8))

    assert stopped is not None
    assert not stopped.was_forgotten


def test_stopping_twice_saves_once(organization: Organization, owner: User) -> None:
    start_timer(organization=organization, by=owner, now=NOON)

    assert stop_timer(organization=organization, by=owner, now=NOON + timedelta(minutes=1)) is not None
    assert stop_timer(organization=organization, by=owner, now=NOON + timedelta(minutes=2)) is None
    assert TimeSpent.objects.get().minutes == 1


def test_a_timer_after_midnight_belongs_to_the_local_day(organization: Organization, owner: User) -> None:
    entry = start_timer(organization=organization, by=owner, now=datetime(2026, 6, 10, 22, 30, tzinfo=UTC))

    assert entry.day == date(2026, 6, 11)


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1])
def test_nobody_works_so_long(organization: Organization, minutes: int) -> None:
    with pytest.raises(ValueError, match="From one minute"):
        record_time(organization=organization, minutes=minutes, day=DAY)


def test_an_entry_can_be_changed_and_deleted(organization: Organization) -> None:
    entry = record_time(organization=organization, minutes=15, day=DAY)

    change_time(entry=entry, minutes=20, day=DAY - timedelta(days=1), place=Place(channel=Channel.X))
    entry.refresh_from_db()
    assert (entry.minutes, entry.day, entry.channel) == (20, date(2026, 6, 9), Channel.X)

    delete_time(entry=entry)
    assert not TimeSpent.objects.exists()


def test_the_week_begins_when_the_organizations_does(organization: Organization) -> None:
    for day, minutes in ((date(2026, 6, 7), 1), (date(2026, 6, 8), 10), (date(2026, 6, 10), 100)):
        record_time(organization=organization, minutes=minutes, day=day)

    assert minutes_this_week(organization=organization, now=NOON) == 110  # Monday, the eighth

    organization.week_start = 7
    assert minutes_this_week(organization=organization, now=NOON) == 111


def test_running_timers_are_on_no_list(organization: Organization, owner: User) -> None:
    start_timer(organization=organization, by=owner, now=NOON)

    assert not page_of_time(organization=organization).entries


def test_minutes_for_what_nothing_is_credited_to_brought_nothing(organization: Organization) -> None:
    for channel, minutes in ((Channel.X, 30), (Channel.TIKTOK, 40), (Channel.INSTAGRAM, 50), ("", 60)):
        record_time(organization=organization, minutes=minutes, day=DAY, place=Place(channel=channel))
    credit(organization, Channel.X)
    credit(organization, Channel.TIKTOK, model="said")
    credit(organization, Channel.INSTAGRAM, kind="visit")

    found = read_idle_minutes(organization=organization, period=PERIOD)

    assert [(row.label, row.minutes) for row in found.rows] == [("Instagram", 50)]
    assert found.total == 50


def test_where_nothing_is_credited_at_all_nobody_is_blamed(organization: Organization) -> None:
    record_time(organization=organization, minutes=30, day=DAY, place=Place(channel=Channel.X))

    found = read_idle_minutes(organization=organization, period=PERIOD)

    assert not found.can_tell
    assert found.rows == []


def test_another_window_has_all_credits_computed_anew(organization: Organization) -> None:
    credit(organization, Channel.X)
    CreditDue.objects.all().delete()

    def assume(window_days: int) -> None:
        set_assumptions(
            organization=organization,
            margin=None,
            hourly_rate=None,
            minutes_a_week=None,
            window_days=window_days,
            half_life_days=7,
        )

    assume(30)
    assert not CreditDue.objects.exists()
    assume(60)
    assert list(CreditDue.objects.values_list("day", flat=True)) == [DAY]
