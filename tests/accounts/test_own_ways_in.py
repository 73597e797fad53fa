"""What people do about how they sign in: address, password, devices, staying signed in."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Organization, User
from smedash.tasks import forget_old_sessions
from tests.cast import PASSWORD, SignIn

LOGIN, ADDRESS, SESSIONS = "/account/login/", "/account/email/", "/account/sessions/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1"
)


@pytest.fixture(autouse=True)
def mail_server(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def signed_in(user: User, *, remember: bool = False, browser: str = "") -> Client:
    """Through the form, as the session lists know nothing else."""
    client = Client(HTTP_USER_AGENT=browser)
    client.post(
        LOGIN, {"login": user.email, "password": PASSWORD, **({"remember": "on"} if remember else {})}
    )
    return client


def link_in(body: object) -> str:
    """Its path, wherever the request came in."""
    link = next(word for word in str(body).split() if word.startswith("http"))
    assert link.startswith(django_settings.PUBLIC_URL)
    return link.removeprefix(django_settings.PUBLIC_URL)


def test_a_new_address_counts_once_its_link_was_followed(owner: User) -> None:
    client = signed_in(owner)
    client.post(ADDRESS, {"action_add": "", "email": "eva@halden.example"})
    owner.refresh_from_db()
    assert owner.email == "owner@example.com"
    assert mail.outbox[0].to == ["eva@halden.example"]

    client.post(link_in(mail.outbox[0].body))
    owner.refresh_from_db()
    assert owner.email == "eva@halden.example"
    assert list(EmailAddress.objects.filter(user=owner).values_list("email", "verified", "primary")) == [
        ("eva@halden.example", True, True)
    ]
    assert mail.outbox[1].to == ["owner@example.com"]
    assert "is now eva@halden.example" in str(mail.outbox[1].body)


def test_the_address_of_somebody_else_is_neither_taken_nor_given_away(owner: User, stranger: User) -> None:
    answers = []
    for address in (stranger.email, "free@example.com"):
        client = signed_in(owner)
        answers.append(client.post(ADDRESS, {"action_add": "", "email": address}, follow=True).status_code)
    assert len(set(answers)) == 1
    owner.refresh_from_db()
    assert owner.email == "owner@example.com"
    assert not EmailAddress.objects.filter(user=owner, email=stranger.email, verified=True).exists()


def test_without_a_mail_server_no_address_waits_for_a_link(settings: Settings, owner: User) -> None:
    settings.EMAIL_HOST, settings.ACCOUNT_EMAIL_VERIFICATION = "", "none"
    client = signed_in(owner)
    page = client.post(ADDRESS, {"action_add": "", "email": "eva@halden.example"}).content.decode()
    assert "This server sends no mail" in page
    assert not EmailAddress.objects.filter(email="eva@halden.example").exists()

    call_command("change_address", owner.email, "Eva@halden.example", stdout=StringIO())
    owner.refresh_from_db()
    assert owner.email == "eva@halden.example"
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("change_address", "nobody@example.com", "x@example.com")


def test_a_new_password_signs_the_other_devices_out_and_is_told_by_mail(owner: User) -> None:
    here, there = signed_in(owner), signed_in(owner, browser=PHONE)
    new = {"oldpassword": PASSWORD, "password1": "a whole new kettle", "password2": "a whole new kettle"}
    here.post("/account/password/change/", new)
    assert here.get(SESSIONS).status_code == 200
    assert there.get(SESSIONS).status_code == 302
    assert mail.outbox[-1].subject == "Your password changed"


def test_devices_are_listed_and_all_others_signed_out_at_once(owner: User, stranger: User) -> None:
    here, there, foreign = signed_in(owner), signed_in(owner, browser=PHONE), signed_in(stranger)
    assert "iPhone · Safari" in here.get(SESSIONS).content.decode()
    here.post(SESSIONS)
    assert [client.get(SESSIONS).status_code for client in (here, there, foreign)] == [200, 302, 200]


def test_a_session_that_began_otherwise_is_listed_too_but_not_that_of_a_visitor_of_the_demo(
    owner: User, sign_in: SignIn
) -> None:
    client = sign_in(owner)
    assert "this one" in client.get(SESSIONS).content.decode()

    User.objects.update(is_demo=True)
    UserSession.objects.all().delete()
    assert "this one" not in client.get(SESSIONS).content.decode()


def test_where_somebody_was_signed_in_is_forgotten_with_the_session(owner: User) -> None:
    here, there = signed_in(owner), signed_in(owner)
    Session.objects.filter(session_key=there.session.session_key).update(expire_date=timezone.now())
    forget_old_sessions()
    assert UserSession.objects.get().session_key == here.session.session_key


def test_signing_in_begins_a_new_session(owner: User) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert client.session.session_key != planted


@pytest.mark.parametrize("remember", [False, True])
def test_a_session_ends_with_the_browser_unless_one_says_otherwise(owner: User, remember: bool) -> None:
    assert signed_in(owner, remember=remember).session.get_expire_at_browser_close() is not remember


def test_an_address_that_was_never_verified_signs_nobody_in(owner: User) -> None:
    EmailAddress.objects.filter(user=owner).update(verified=False)
    assert signed_in(owner).get(SESSIONS).status_code == 302
    assert mail.outbox[0].subject == "Is this your address?"


def test_ones_ways_in_are_shown_within_the_settings_and_without_a_business_alone(
    owner: User, organization: Organization, stranger: User
) -> None:
    answer = signed_in(owner).get("/account/security/", follow=True)
    assert answer.redirect_chain == [("/o/halden-coffee/settings/security/", 302)]
    assert "You are signed in on 1 device." in answer.content.decode()
    assert "How you sign in" in signed_in(stranger).get("/account/security/").content.decode()
