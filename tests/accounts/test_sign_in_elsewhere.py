"""An account at Google or Microsoft signs in only whom it was connected to, and only where the operator has keys."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.accounts.made_up_elsewhere import CLIENT, Elsewhere, made_up_elsewhere
from tests.accounts.second_factors import give_app
from tests.cast import PASSWORD, SignIn

LOGIN = "/account/login/"


@pytest.fixture(params=["google", "microsoft"])
def elsewhere(
    request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Elsewhere]:
    with made_up_elsewhere(request.param) as server:
        app: dict[str, object] = {"client_id": CLIENT, "secret": "of a test"}
        if server.name == "microsoft":
            app["settings"] = {"login_url": server.url, "graph_url": server.url}
        monkeypatch.setattr(GoogleOAuth2Adapter, "access_token_url", server.url)
        settings.SOCIALACCOUNT_PROVIDERS = {server.name: {"APP": app}}
        settings.EMAIL_HOST, settings.ACCOUNT_EMAIL_VERIFICATION = "mail.example.com", "mandatory"
        yield server


def go_there_and_back(client: Client, elsewhere: Elsewhere, process: str = "login") -> str:
    """Returns where one is in the end."""
    way = f"/account/{elsewhere.name}/login/"
    there = client.post(f"{way}?process={process}").headers["Location"]
    state = parse_qs(urlsplit(there).query)["state"][0]
    answer = client.get(f"{way}callback/", {"code": "of a test", "state": state}, follow=True)
    return str(answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"])


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("policy", ["invited", "open"])
def test_the_same_address_alone_opens_nobodys_account(
    settings: Settings, elsewhere: Elsewhere, client: Client, owner: User, policy: str
) -> None:
    settings.SIGN_UP, elsewhere.address = policy, owner.email
    go_there_and_back(client, elsewhere)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.count() == 1


def test_once_connected_it_signs_in_and_the_second_factor_is_asked_all_the_same(
    elsewhere: Elsewhere, sign_in: SignIn, client: Client, owner: User
) -> None:
    connecting = Client()
    connecting.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert go_there_and_back(connecting, elsewhere, process="connect").startswith("/account/security/")
    assert SocialAccount.objects.get().user == owner
    assert mail.outbox[-1].subject == "Account connected"

    go_there_and_back(client, elsewhere)
    assert client.session["_auth_user_id"] == str(owner.pk)

    give_app(owner)
    another = Client()
    assert go_there_and_back(another, elsewhere) == "/account/security/authenticate/"
    assert not is_signed_in(another)


@pytest.mark.parametrize(("policy", "made"), [("invited", False), ("closed", False), ("open", True)])
def test_a_stranger_makes_an_account_only_where_everybody_may(
    settings: Settings, elsewhere: Elsewhere, client: Client, owner: User, policy: str, made: bool
) -> None:
    settings.SIGN_UP = policy
    go_there_and_back(client, elsewhere)
    assert User.objects.filter(email=elsewhere.address, name="Eva Halden").exists() is made
    assert is_signed_in(client) is (made and elsewhere.name == "google"), "Microsoft's word proves no address"


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
