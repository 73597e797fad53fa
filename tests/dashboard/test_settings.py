"""Everybody sees the organization's settings; admins change them."""

from __future__ import annotations

import pytest

from accounts.models import Organization, User
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/"
FACTS = {
    "name": "Halden Roasters",
    "website": "halden.example",
    "time_zone": "Europe/Oslo",
    "week_start": "7",
    "currency": "NOK",
    "language": "en-gb",
}


def test_an_admin_changes_them(sign_in: SignIn, organization: Organization, admin: User) -> None:
    page = sign_in(admin).post(PAGE, FACTS, follow=True).content.decode()
    assert "Saved." in page
    organization.refresh_from_db()
    assert organization.name == "Halden Roasters"
    assert organization.website == "https://halden.example"
    assert (organization.time_zone, organization.week_start, organization.currency) == (
        "Europe/Oslo",
        7,
        "NOK",
    )


def test_the_address_stays_when_the_name_changes(
    sign_in: SignIn, organization: Organization, admin: User
) -> None:
    sign_in(admin).post(PAGE, FACTS)
    organization.refresh_from_db()
    assert organization.slug == "halden-coffee"


def test_a_viewer_reads_but_cannot_change(sign_in: SignIn, organization: Organization, viewer: User) -> None:
    client = sign_in(viewer)
    page = client.get(PAGE).content.decode()
    assert "Only owners and admins can change these." in page
    assert "Europe/Berlin" in page
    assert client.post(PAGE, FACTS).status_code == 403
    organization.refresh_from_db()
    assert organization.name == "Halden Coffee"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": ""}, "This field is required"),
        ({"website": "no address"}, "valid URL"),
        ({"time_zone": "Europe/Halden"}, "not one of the available choices"),
        ({"currency": "XXX"}, "not one of the available choices"),
        ({"week_start": "2"}, "not one of the available choices"),
    ],
)
def test_a_bad_value_is_explained_and_nothing_is_saved(
    sign_in: SignIn, organization: Organization, admin: User, change: dict[str, str], complaint: str
) -> None:
    page = sign_in(admin).post(PAGE, FACTS | change).content.decode()
    assert complaint in page
    organization.refresh_from_db()
    assert organization.name == "Halden Coffee"


def test_naming_a_business_makes_an_organization(sign_in: SignIn, owner: User) -> None:
    facts = {"name": "Кофейня", "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en"}
    answer = sign_in(owner).post("/start/business/", facts)
    assert answer.headers["Location"].startswith("/o/kofeynya/")
    assert Organization.objects.get().memberships.get().user == owner
