"""Organizations get an address from their name, and say what changed about them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization, Role, User, Weekday
from accounts.services.organizations import create_organization, slugs_for, update_organization
from tests.cast import make_person


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Halden Coffee", "halden-coffee"),
        ("Café Müller & Söhne", "cafe-muller-sohne"),
        ("さくら", "sakura"),
        ("Кофейня", "kofeynya"),
        ("☕", "coffee"),
        ("!!!", "business"),
        ("Settings", "settings-2"),
        ("New", "new-2"),
    ],
)
def test_a_name_in_any_script_becomes_an_address(name: str, slug: str) -> None:
    assert slugs_for(name)[0] == slug


@given(st.text(max_size=120))
def test_every_name_becomes_valid_addresses_that_fit(name: str) -> None:
    for slug in slugs_for(name):
        validate_slug(slug)
        assert 0 < len(slug) <= 60


def test_the_second_of_a_name_gets_a_number(owner: User) -> None:
    slugs = [create_organization(owner=owner, name="Halden Coffee").slug for _ in range(3)]
    assert slugs == ["halden-coffee", "halden-coffee-2", "halden-coffee-3"]


def test_the_creator_becomes_the_owner(organization: Organization, owner: User) -> None:
    assert list(organization.memberships.values_list("user", "role")) == [(owner.pk, Role.OWNER)]


def test_an_unknown_time_zone_is_refused(owner: User) -> None:
    with pytest.raises(ValidationError):
        create_organization(owner=owner, name="Halden", time_zone="Europe/Halden")
    assert not Organization.objects.exists()


@pytest.mark.parametrize(
    ("time_zone", "week_start"),
    [
        ("Europe/Zurich", Weekday.MONDAY),
        ("America/New_York", Weekday.SUNDAY),
        ("Asia/Calcutta", Weekday.SUNDAY),  # the old name, as Chromium says it
        ("Africa/Cairo", Weekday.SATURDAY),
        ("Indian/Maldives", Weekday.MONDAY),  # Friday, which is no setting of ours
        ("UTC", Weekday.MONDAY),
    ],
)
def test_a_week_begins_as_is_usual_there(owner: User, time_zone: str, week_start: Weekday) -> None:
    organization = create_organization(owner=owner, name="Halden", time_zone=time_zone)
    assert organization.week_start == week_start


def test_what_is_said_of_the_week_is_kept(owner: User) -> None:
    organization = create_organization(
        owner=owner, name="Halden", time_zone="America/New_York", week_start=Weekday.MONDAY
    )
    assert organization.week_start == Weekday.MONDAY


@pytest.mark.django_db(transaction=True)
def test_organizations_of_one_name_made_at_once_get_different_addresses() -> None:
    people = [make_person(f"Person{number}") for number in range(4)]

    def create(person: User) -> str:
        try:
            return create_organization(owner=person, name="Halden").slug
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, people)) == ["halden", "halden-2", "halden-3", "halden-4"]


def test_a_change_names_the_fields_that_changed(organization: Organization) -> None:
    facts = {"name": "Halden Coffee", "time_zone": "Asia/Kolkata", "currency": "INR"}
    changed = update_organization(organization=organization, changes=facts)
    assert changed == {"time_zone", "currency"}
    organization.refresh_from_db()
    assert (organization.time_zone, organization.currency) == ("Asia/Kolkata", "INR")


def test_what_is_no_setting_cannot_be_changed(organization: Organization) -> None:
    with pytest.raises(ValidationError):
        update_organization(organization=organization, changes={"slug": "another"})
