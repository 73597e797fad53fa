"""`/` leads everybody to where they were, and signing in tells nobody who has an account."""

from __future__ import annotations

from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.models import Membership, Organization, Role, User
from tests.cast import PASSWORD, SignIn

LOGIN = "/account/login/"


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in(client: Client, owner: User) -> None:
    assert client.get("/").headers["Location"] == LOGIN


def test_a_member_is_sent_to_their_organization(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    assert sign_in(viewer).get("/").headers["Location"] == "/o/halden-coffee/"


def test_somebody_with_two_organizations_sees_both_and_then_the_one_used_last(
    sign_in: SignIn, organization: Organization, strangers_organization: Organization, stranger: User
) -> None:
    Membership.objects.create(organization=organization, user=stranger, role=Role.VIEWER)
    client = sign_in(stranger)
    assert client.get("/").headers["Location"] == "/businesses/"
    client.get("/o/halden-coffee/settings/")
    assert client.get("/").headers["Location"] == "/o/halden-coffee/"


def test_an_organization_one_left_is_not_home_anymore(
    sign_in: SignIn, organization: Organization, viewer: User
) -> None:
    client = sign_in(viewer)
    client.get("/o/halden-coffee/settings/")
    Membership.objects.filter(user=viewer).delete()
    assert client.get("/").headers["Location"] == "/start/business/"


def test_signing_in_leads_back_to_the_page_one_wanted(
    client: Client, organization: Organization, owner: User
) -> None:
    wanted = client.get("/o/halden-coffee/settings/").headers["Location"]
    assert wanted == f"{LOGIN}?next=/o/halden-coffee/settings/"
    answer = client.post(wanted, {"login": "owner@example.com", "password": PASSWORD})
    assert answer.headers["Location"] == "/o/halden-coffee/settings/"


def test_signing_in_does_not_lead_to_another_site(client: Client, owner: User) -> None:
    answer = client.post(f"{LOGIN}?next=https://evil.example/", {"login": owner.email, "password": PASSWORD})
    assert answer.headers["Location"] == settings.LOGIN_REDIRECT_URL


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client, owner: User) -> None:
    wrong = client.post(LOGIN, {"login": owner.email, "password": "not this one"}).content.decode()
    unknown = client.post(LOGIN, {"login": "nobody@example.com", "password": "not this one"}).content.decode()
    without_address = [
        page.replace(owner.email, "").replace("nobody@example.com", "") for page in (wrong, unknown)
    ]
    assert "not correct" in wrong
    assert _without_tokens(without_address[0]) == _without_tokens(without_address[1])


def test_a_reset_is_answered_alike_for_known_and_unknown_addresses(client: Client, owner: User) -> None:
    for address in (owner.email, "nobody@example.com"):
        answer = client.post("/account/password/reset/", {"email": address})
        assert answer.headers["Location"] == "/account/password/reset/done/"


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(client: Client, owner: User) -> None:
    client.post("/account/password/reset/", {"email": owner.email})
    link = next(word for word in str(mail.outbox[0].body).split() if "/password/reset/key/" in word)
    assert link.startswith(f"{settings.PUBLIC_URL}/")
    form = client.get(link.removeprefix(settings.PUBLIC_URL), follow=True)
    new = {"password1": "a whole new kettle", "password2": "a whole new kettle"}
    client.post(form.redirect_chain[-1][0], new)
    owner.refresh_from_db()
    assert owner.check_password("a whole new kettle")


def test_guessing_passwords_is_slowed_down(client: Client, owner: User) -> None:
    for _attempt in range(5):
        client.post(LOGIN, {"login": owner.email, "password": "a guess"})
    page = client.post(LOGIN, {"login": owner.email, "password": PASSWORD}).content.decode()
    assert "Too many failed attempts" in page


def test_nobody_can_sign_up_by_themselves(client: Client, owner: User) -> None:
    form = {"email": "new@example.com", "password1": PASSWORD}
    assert "by invitation" in client.get("/account/signup/").content.decode()
    client.post("/account/signup/", form)
    assert not User.objects.filter(email="new@example.com").exists()


def test_signing_out_ends_the_session(sign_in: SignIn, organization: Organization, viewer: User) -> None:
    client = sign_in(viewer)
    client.post("/account/logout/")
    assert client.get("/o/halden-coffee/settings/").status_code == 302


def _without_tokens(page: str) -> list[str]:
    """The page without its random parts."""
    return [line for line in page.splitlines() if "csrf" not in line.lower()]


def test_a_fragment_asked_for_after_the_session_ended_loads_the_whole_page_anew(
    client: Client, organization: Organization
) -> None:
    answer = client.get("/o/halden-coffee/sources/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")
    assert not answer.content


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(
    client: Client, organization: Organization
) -> None:
    collect = "/o/halden-coffee/sources/collect/"
    answer = client.post(collect, headers={"Referer": "http://testserver/o/halden-coffee/sources/?a=1"})
    assert answer.headers["Location"] == f"{LOGIN}?next=/o/halden-coffee/sources/%3Fa%3D1"

    answer = client.post(collect, headers={"Referer": "https://evil.example/trap/"})
    assert answer.headers["Location"] == f"{LOGIN}?next={collect}"
