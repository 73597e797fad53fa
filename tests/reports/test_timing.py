"""The letter comes on Monday at seven, by the clock of its reader, wherever that is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Membership, Organization, Role, SetupStep, User
from monitoring.reports.letters.choosing import choose_letter
from monitoring.reports.letters.timing import SENT_WITHIN, due_at, due_letters, due_monday
from monitoring.reports.models import Letter
from monitoring.reports.tasks import forget_old_letters
from tests.cast import make_person

MONDAY = date(2026, 11, 23)
ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia")


def member_in(organization: Organization, zone: str) -> Membership:
    person = make_person(zone.replace("/", "."))
    User.objects.filter(pk=person.pk).update(time_zone=zone)
    membership = Membership.objects.create(organization=organization, user=person, role=Role.VIEWER)
    Membership.objects.update(created_at="2020-01-01T00:00Z")
    return membership


def due_at_hour(*moment: int) -> set[int]:
    return {pk for pk, _monday in due_letters(now=datetime(*moment, tzinfo=UTC))}  # type: ignore[arg-type, misc]


def test_each_reader_gets_it_on_their_own_monday(business: Organization) -> None:
    auckland, angeles = (member_in(business, zone) for zone in ("Pacific/Auckland", "America/Los_Angeles"))
    berlin = business.memberships.get(role=Role.OWNER)

    # In Auckland it is Monday 06:59, then 07:00, while it is Sunday in Berlin.
    assert due_at_hour(2026, 11, 22, 17, 59) == set()
    assert due_at_hour(2026, 11, 22, 18) == {auckland.pk}
    assert due_at_hour(2026, 11, 23, 6) == {auckland.pk, berlin.pk}
    # Los Angeles has seven o'clock eight hours after Greenwich.
    assert due_at_hour(2026, 11, 23, 14, 59) == {auckland.pk, berlin.pk}
    assert due_at_hour(2026, 11, 23, 15) == {auckland.pk, berlin.pk, angeles.pk}
    # Two days later the news is old.
    assert due_at_hour(2026, 11, 24, 18) == {berlin.pk, angeles.pk}
    assert due_at_hour(2026, 11, 25, 15) == set()


def test_seven_stays_seven_when_the_clocks_change(business: Organization) -> None:
    """Europe sets its clocks back on Sunday, 25 October 2026, and forward on 29 March."""
    berlin = {business.memberships.get().pk}
    assert due_at_hour(2026, 10, 19, 5) == berlin
    assert due_at_hour(2026, 10, 26, 5) == set()
    assert due_at_hour(2026, 10, 26, 6) == berlin
    assert due_at_hour(2026, 3, 30, 5) == berlin


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)),  # noqa: DTZ001
    st.sampled_from(ZONES),
)
def test_it_is_due_for_two_days_of_each_week(moment: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    monday = due_monday(moment, zone)
    local = moment.astimezone(zone)
    if monday is None:
        # Up to two changes of the clock may lie within the two days.
        assert local.isoweekday() > 2 or local.hour < 7
        return
    assert monday.isoweekday() == 1
    assert due_at(monday, zone) <= moment < due_at(monday, zone) + SENT_WITHIN
    assert due_at(monday, zone).astimezone(zone).hour == 7
    assert due_monday(moment + timedelta(days=7), zone) in {monday + timedelta(days=7), None}


def test_who_has_it_is_not_due_again(business: Organization) -> None:
    membership = business.memberships.get()
    letter = Letter.objects.create(membership=membership, monday=MONDAY)
    assert due_at_hour(2026, 11, 23, 8) == {membership.pk}

    Letter.objects.filter(pk=letter.pk).update(sent_at=datetime(2026, 11, 23, 6, tzinfo=UTC))
    assert due_at_hour(2026, 11, 23, 8) == set()
    assert due_at_hour(2026, 11, 30, 8) == {membership.pk}


def test_that_a_letter_was_sent_is_forgotten_after_two_years(business: Organization) -> None:
    membership, today = business.memberships.get(), timezone.now().date()
    for days in (731, 729, 0):
        Letter.objects.create(membership=membership, monday=today - timedelta(days=days))
    forget_old_letters()
    assert set(Letter.objects.values_list("monday", flat=True)) == {today, today - timedelta(days=729)}


@pytest.mark.parametrize("reason", ["said no", "set-up", "demo", "left", "new"])
def test_who_should_not_get_it_does_not(business: Organization, reason: str) -> None:
    membership = business.memberships.get()
    if reason == "said no":
        choose_letter(membership=membership, wants=False)
    elif reason == "set-up":
        Organization.objects.update(setup_step=SetupStep.GOAL)
    elif reason == "demo":
        Organization.objects.update(is_demo=True)
    elif reason == "left":
        User.objects.update(is_active=False)
    else:
        Membership.objects.update(created_at=datetime(2026, 11, 23, 7, tzinfo=UTC))
    assert due_at_hour(2026, 11, 23, 8) == set()
