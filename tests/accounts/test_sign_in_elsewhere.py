"""An account at Google or Microsoft signs in only whom it was connected to, and only where the operator has keys."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.made_up_microsoft import Microsoft, made_up_microsoft
from tests.accounts.second_factors import give_app
from tests.cast import PASSWORD, SignIn

LOGIN, THERE, BACK = "/account/login/", "/account/microsoft/login/", "/account/microsoft/login/callback/"


@pytest.fixture
def microsoft(settings: Settings) -> Iterator[Microsoft]:
    with made_up_microsoft() as server:
        places = {"login_url": server.url, "graph_url": server.url}
        app = {"client_id": "of a test", "secret": "of a test", "settings": places}
        settings.SOCIALACCOUNT_PROVIDERS = {"microsoft": {"APP": app}}
        settings.EMAIL_HOST, settings.ACCOUNT_EMAIL_VERIFICATION = "mail.example.com", "mandatory"
        yield server


def go_there_and_back(client: Client, process: str = "login") -> str:
    """Returns where one is in the end."""
    there = client.post(f"{THERE}?process={process}").headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    answer = client.get(BACK, {"code": "of a test", "state": state}, follow=True)
    return str(answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"])


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("policy", ["invited", "open"])
def test_the_same_address_alone_opens_nobodys_account(
    settings: Settings, microsoft: Microsoft, client: Client, owner: User, policy: str
) -> None:
    settings.SIGN_UP, microsoft.address = policy, owner.email
    go_there_and_back(client)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_once_connected_it_signs_in_and_the_second_factor_is_asked_all_the_same(
    microsoft: Microsoft, sign_in: SignIn, client: Client, owner: User
) -> None:
    connecting = Client()
    connecting.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert go_there_and_back(connecting, process="connect").startswith("/account/security/")
    assert SocialAccount.objects.get().user == owner
    assert mail.outbox[-1].subject == "Account connected"

    go_there_and_back(client)
    assert client.session["_auth_user_id"] == str(owner.pk)

    give_app(owner)
    another = Client()
    assert go_there_and_back(another) == "/account/security/authenticate/"
    assert not is_signed_in(another)


@pytest.mark.parametrize(("policy", "made"), [("invited", False), ("closed", False), ("open", True)])
def test_a_stranger_makes_an_account_only_where_everybody_may(
    settings: Settings, microsoft: Microsoft, client: Client, owner: User, policy: str, made: bool
) -> None:
    settings.SIGN_UP = policy
    go_there_and_back(client)
    assert User.objects.filter(email=microsoft.address, name="Eva Halden").exists() is made
    assert not is_signed_in(client), "Microsoft's word does not prove an address"


def test_only_the_pages_that_lead_there_may_lead_there(
    settings: Settings, client: Client, owner: User
) -> None:
    allowed = "form-action 'self' https://accounts.google.com https://login.microsoftonline.com"
    assert allowed in client.get(LOGIN).headers["Content-Security-Policy"]
    assert "google" not in client.get("/account/password/reset/").headers["Content-Security-Policy"]

    settings.SIGN_IN_WITH, settings.SOCIALACCOUNT_PROVIDERS = (), {}
    answer = client.get(LOGIN)
    assert "google" not in answer.headers["Content-Security-Policy"]
    assert "Google" not in answer.content.decode()
