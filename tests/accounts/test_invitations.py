"""Invitations: one link, one use, seven days; for a new person, a known one, and never for the wrong one."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta

import pytest
import redis
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import AuditEvent, Invitation, Membership, Organization, Role, User
from accounts.services.invitations import A_DAY, invite
from accounts.tasks import send_invitation
from tests.cast import PASSWORD, SignIn

TEAM = "/o/halden-coffee/settings/team/"
GUEST = "lea@example.com"
PERSON = {"name": "Lea", "password": "steamed milk and patience"}


def ask(client: Client, email: str = GUEST, role: str = "marketer") -> str:
    """Invite through the page, where no mail is sent; the link, as the page shows it."""
    page = BeautifulSoup(client.post(TEAM, {"email": email, "role": role}).content, "html.parser")
    link = str(page.select("#invitation-link")[0]["value"])
    return link[link.index("/invitation/") :]


def text_of(client: Client, path: str) -> str:
    return " ".join(BeautifulSoup(client.get(path).content, "html.parser").get_text(" ").split())


@pytest.fixture
def link(owner: User, organization: Organization, sign_in: SignIn) -> str:
    return ask(sign_in(owner))


def test_a_new_person_joins_with_a_name_and_a_password(
    link: str, organization: Organization, owner: User
) -> None:
    browser = Client()
    assert "Owner invites you. Your role will be: Marketer." in text_of(browser, link)

    assert browser.post(link, PERSON).headers["Location"] == "/o/halden-coffee/"

    place = Membership.objects.get(user__email=GUEST)
    assert (place.organization, place.role, place.user.name) == (organization, Role.MARKETER, "Lea")
    assert browser.get(TEAM).status_code == 200
    event = AuditEvent.objects.get(action="joined")
    assert (event.actor, event.after) == (place.user, {"role": "marketer", "invited_by": "Owner"})
    assert "no longer works" in text_of(Client(), link)


def test_a_weak_password_is_refused_and_the_link_still_works(link: str) -> None:
    assert Client().post(link, PERSON | {"password": "lea@example"}).status_code == 422
    assert not User.objects.filter(email=GUEST).exists()
    assert Client().get(link).status_code == 200


def test_a_known_person_signs_in_and_comes_back(
    owner: User, stranger: User, organization: Organization, sign_in: SignIn
) -> None:
    link, browser = ask(sign_in(owner), email="Stranger@Example.com", role="admin"), Client()
    page = BeautifulSoup(browser.get(link).content, "html.parser")
    sign_in_link = str(page.select("main a.btn-primary")[0]["href"])

    answer = browser.post(sign_in_link, {"login": stranger.email, "password": PASSWORD})
    assert answer.headers["Location"] == link
    assert not Membership.objects.filter(user=stranger).exists()  # looking alone changes nothing
    browser.post(link)

    assert Membership.objects.get(user=stranger).role == Role.ADMIN
    assert browser.get(link).status_code == 404


def test_the_wrong_person_is_told_so_and_not_whose_it_is(link: str, stranger: User, sign_in: SignIn) -> None:
    browser = sign_in(stranger)
    page = text_of(browser, link)
    assert "This invitation is for somebody else" in page
    assert "stranger@example.com" in page
    assert GUEST not in page
    assert "Halden" not in page

    assert browser.post(link).status_code == 403
    assert not Membership.objects.filter(user=stranger).exists()
    assert browser.post("/account/logout/", {"next": link}).headers["Location"] == link


@pytest.mark.parametrize("how", ["expired", "withdrawn", "sent again", "made up"])
def test_a_link_that_stopped_does_not_tell_whose_it_was(
    link: str, owner: User, sign_in: SignIn, how: str
) -> None:
    invitation = Invitation.objects.get()
    page = f"{TEAM}invitations/{invitation.pk}/"
    if how == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "made up":
        link = "/invitation/a-guess/"
    else:
        sign_in(owner).post(page + ("withdraw/" if how == "withdrawn" else "resend/"))

    answer = Client().get(link)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "This invitation no longer works" in text
    assert GUEST not in text
    assert "Halden" not in text
    assert Client().post(link, PERSON).status_code == 404
    assert not User.objects.filter(email=GUEST).exists()


def test_somebody_in_the_team_is_not_invited_again(
    owner: User, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    answer = sign_in(owner).post(TEAM, {"email": "VIEWER@example.com", "role": "admin"})
    assert answer.status_code == 422
    assert "viewer@example.com is in the team already." in answer.content.decode()


def test_who_is_invited_twice_has_one_link_that_works(link: str, owner: User, sign_in: SignIn) -> None:
    second = ask(sign_in(owner), role="viewer")
    assert Client().get(link).status_code == 404
    assert "Viewer" in text_of(Client(), second)


def test_a_business_cannot_flood_strangers(organization: Organization, owner: User, sign_in: SignIn) -> None:
    for number in range(A_DAY):
        invite(organization=organization, email=f"guest{number}@example.com", role=Role.VIEWER, by=owner)

    answer = sign_in(owner).post(TEAM, {"email": GUEST, "role": "viewer"})

    assert answer.status_code == 422
    assert "Go on tomorrow" in answer.content.decode()
    assert not Invitation.objects.filter(email=GUEST).exists()


def test_where_nobody_may_make_an_account_an_invitation_makes_none(
    link: str, settings: Settings, stranger: User, owner: User, sign_in: SignIn
) -> None:
    settings.SIGN_UP = "closed"
    assert "No new accounts here" in text_of(Client(), link)
    Client().post(link, PERSON)
    assert not User.objects.filter(email=GUEST).exists()
    assert "sign in as stranger@example.com" in text_of(Client(), ask(sign_in(owner), stranger.email))


def test_the_link_is_made_when_the_mail_is_sent(
    organization: Organization,
    owner: User,
    sign_in: SignIn,
    settings: Settings,
    redis_server: redis.Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_HOST = "mail.example.com"
    Organization.objects.update(language="en-gb", name="Halden\nCoffee")
    with django_capture_on_commit_callbacks(execute=True):
        page = sign_in(owner).post(TEAM, {"email": GUEST, "role": "viewer"}, follow=True)

    invitation = Invitation.objects.get()
    [message] = redis_server.lrange("mail", 0, -1)
    arguments, _options, _embedded = json.loads(base64.b64decode(json.loads(message)["body"]))
    assert arguments == [invitation.pk]
    assert "/invitation/" not in page.content.decode()

    send_invitation(*arguments)
    send_invitation(*arguments)  # a task that a broker hands out twice
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([GUEST], "Join Halden Coffee on SMEdash")
    assert "Owner invites you" in sent.body
    link = re.search(r"/invitation/\S+", str(sent.body))
    assert link
    assert Client().get(link[0]).status_code == 200
