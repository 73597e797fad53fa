"""Where an organization requires two-factor, a member without it reaches nothing of it but the way to set it up."""

from __future__ import annotations

from django.test import Client

from accounts.models import Membership, Organization, Role, User
from tests.accounts.second_factors import give_app
from tests.cast import SignIn

SWITCH = "/o/halden-coffee/settings/organization-security/"
SET_UP = "/account/security/"


def require(organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(requires_two_factor=True)


def test_whoever_has_none_is_led_to_set_it_up(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    require(organization)
    client = sign_in(viewer)
    answer = client.get("/o/halden-coffee/settings/you/", follow=True)
    assert answer.redirect_chain == [(SET_UP, 302)]
    assert "Halden Coffee asks everybody for two-factor sign-in." in answer.content.decode()
    assert client.post("/o/halden-coffee/settings/you/").headers["Location"] == SET_UP
    fragment = client.get("/o/halden-coffee/sources/", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Refresh"] == "true"

    give_app(viewer)
    assert client.get("/o/halden-coffee/settings/you/").status_code == 200


def test_other_businesses_stay_open(
    sign_in: SignIn, organization: Organization, strangers_organization: Organization, stranger: User
) -> None:
    Membership.objects.create(organization=organization, user=stranger, role=Role.VIEWER)
    require(organization)
    client = sign_in(stranger)
    assert client.get("/o/bright-bean/settings/").status_code == 200
    assert client.get("/o/halden-coffee/settings/").headers["Location"] == SET_UP


def test_an_owner_who_has_it_requires_it_and_sees_who_lacks_it(
    sign_in: SignIn, organization: Organization, owner: User, viewer: User
) -> None:
    give_app(owner)
    client = sign_in(owner)
    assert "1 member has no second factor." in client.get(SWITCH).content.decode()
    page = client.post(SWITCH, {"required": "yes"}, follow=True).content.decode()
    assert "Everybody needs two-factor now." in page
    organization.refresh_from_db()
    assert organization.requires_two_factor
    event = organization.audit_events.get(action="changed")
    assert (event.before, event.after) == ({"requires_two_factor": False}, {"requires_two_factor": True})

    client.post(SWITCH, {"required": "no"})
    organization.refresh_from_db()
    assert not organization.requires_two_factor


def test_an_owner_without_it_cannot_lock_themselves_out(
    sign_in: SignIn, organization: Organization, owner: User
) -> None:
    page = sign_in(owner).post(SWITCH, {"required": "yes"}, follow=True).content.decode()
    assert "Otherwise you would be locked out." in page
    organization.refresh_from_db()
    assert not organization.requires_two_factor


def test_an_admin_can_neither_see_nor_switch_it(
    sign_in: SignIn, organization: Organization, admin: User
) -> None:
    client: Client = sign_in(admin)
    assert [client.get(SWITCH).status_code, client.post(SWITCH, {"required": "yes"}).status_code] == [
        403,
        403,
    ]
