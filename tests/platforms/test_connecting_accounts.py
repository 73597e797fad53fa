"""Admins connect accounts on a page. Each is tried at the platform first; what is secret is never shown."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.listening.models import BrandKind, Keyword, Source
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.models import ConnectedAccount, Spending
from monitoring.platforms.opening import open_connector
from monitoring.platforms.registry import platforms
from tests.cast import SignIn
from tests.platforms.conftest import Serve
from tests.platforms.local_server import LocalServer, Request, Response

PAGE = "/o/halden-coffee/settings/platforms/"
TOKEN = "token-of-acme-4711"
COSTS_OF_A_PROFILE = Decimal("0.01")


def as_mastodon(request: Request) -> Response:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return Response({"error": "The access token is invalid"}, status=401)
    return Response({"id": "1", "acct": "acme", "username": "acme", "followers_count": 3})


def as_x(request: Request) -> Response:
    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return Response({"title": "Unauthorized", "status": 401}, status=401)
    return Response({"data": {"id": "77", "name": "Acme", "username": "acme", "public_metrics": {}}})


def as_bluesky(request: Request) -> Response:
    if request.path.endswith("createSession"):
        if request.json() != {"identifier": "acme.example", "password": TOKEN}:
            return Response({"error": "AuthenticationRequired", "message": "Invalid"}, status=401)
        return Response({"accessJwt": "access-1", "refreshJwt": "refresh-1", "did": "did:plc:acme"})
    return Response({"did": "did:plc:acme", "handle": "acme.example"})


@pytest.fixture
def keyword(organization: Organization) -> Keyword:
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    return create_keyword(brand=brand, query="halden", by=None)


@pytest.fixture
def client(sign_in: SignIn, admin: User) -> Client:
    return sign_in(admin)


@pytest.fixture
def mastodon(serve: Serve, settings: Settings) -> LocalServer:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
    return serve(as_mastodon)


def connect_mastodon(client: Client, server: LocalServer, token: str = TOKEN) -> Any:
    typed = {"server": server.url, "access_token": token}
    return client.post(f"{PAGE}mastodon/connect/", typed, follow=True)


def test_everybody_sees_every_platform_and_viewers_can_change_nothing(
    sign_in: SignIn, viewer: User, keyword: Keyword
) -> None:
    page = sign_in(viewer).get(PAGE).content.decode()
    assert all(platform.name in page for platform in platforms())
    assert "$0.005 a post" in page
    assert "/connect/" not in page
    assert sign_in(viewer).get(f"{PAGE}mastodon/connect/").status_code == 403


def test_an_account_is_tried_stored_sealed_and_searched_through(
    client: Client, keyword: Keyword, mastodon: LocalServer
) -> None:
    page = connect_mastodon(client, mastodon).content.decode()
    account = ConnectedAccount.objects.get()

    assert [request.path for request in mastodon.requests] == ["/api/v1/accounts/verify_credentials"]
    assert account.handle in page
    assert TOKEN not in page
    assert TOKEN not in str(ConnectedAccount.objects.values().get())
    assert account.credentials == {"access_token": TOKEN}
    assert set(account.sources.values_list("query", flat=True)) == {"#halden", "halden"}


def test_a_wrong_token_is_said_at_its_field_and_nothing_is_stored(
    client: Client, keyword: Keyword, mastodon: LocalServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = connect_mastodon(client, mastodon, token="wrong-8899")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["access_token"]
    assert "refuses access" in page
    assert mastodon.url in page  # what was typed is kept
    assert "wrong-8899" not in page + caplog.text
    assert not ConnectedAccount.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"server": "not an address", "access_token": "t"}, "server"),
        ({"server": "https://me:pw@example.social", "access_token": "t"}, "server"),
        ({"server": "", "access_token": "t"}, "server"),
        ({"server": "example.social", "access_token": "ключ"}, "access_token"),
        ({"server": "example.social", "access_token": ""}, "access_token"),
        ({"server": f"{'a' * 300}.example", "access_token": "t"}, "server"),
    ],
)
def test_what_cannot_be_right_is_said_without_asking_anybody(
    client: Client, organization: Organization, typed: dict[str, str], field: str
) -> None:
    answer = client.post(f"{PAGE}mastodon/connect/", typed)
    assert list(answer.context["form"].errors) == [field]


def test_a_server_that_does_not_answer_is_said_at_the_server(
    client: Client, organization: Organization, mastodon: LocalServer
) -> None:
    mastodon.answer = lambda _request: Response(status=503)
    answer = connect_mastodon(client, mastodon)
    assert list(answer.context["form"].errors) == ["server"]
    assert "fault of its own" in answer.content.decode()


def test_bluesky_keeps_the_log_in_that_the_trial_made(
    client: Client, keyword: Keyword, serve: Serve, settings: Settings
) -> None:
    server = serve(as_bluesky)
    settings.PLATFORM_URLS = {"bluesky": server.url}
    client.post(f"{PAGE}bluesky/connect/", {"identifier": "acme.example", "app_password": TOKEN})
    account = ConnectedAccount.objects.get(handle="acme.example")
    open_connector(platform="bluesky", account=account).own_profile()

    assert [request.path.rsplit(".", 1)[1] for request in server.requests] == [
        "createSession",
        "getSession",
        "getSession",
    ]


def test_a_paid_platform_spends_no_more_than_its_limit_even_to_try(
    client: Client, organization: Organization, serve: Serve, settings: Settings
) -> None:
    server = serve(as_x)
    settings.PLATFORM_URLS = {"x": server.url}
    typed = {"bearer_token": TOKEN, "handle": "@acme", "monthly_spend_limit": "0"}
    refused = client.post(f"{PAGE}x/connect/", typed)
    assert list(refused.context["form"].errors) == ["monthly_spend_limit"]
    assert not server.requests

    page = client.post(
        f"{PAGE}x/connect/", typed | {"monthly_spend_limit": "25"}, follow=True
    ).content.decode()
    assert Spending.objects.get().amount == COSTS_OF_A_PROFILE
    assert "$0.01 of $25" in page


def test_only_a_limit_changes_without_asking_the_platform(
    client: Client, organization: Organization, serve: Serve, settings: Settings
) -> None:
    server = serve(as_x)
    settings.PLATFORM_URLS = {"x": server.url}
    typed = {"bearer_token": TOKEN, "handle": "acme", "monthly_spend_limit": "25"}
    client.post(f"{PAGE}x/connect/", typed)
    account = ConnectedAccount.objects.get()
    form = client.get(f"{PAGE}accounts/{account.pk}/").content.decode()
    client.post(f"{PAGE}accounts/{account.pk}/", {"monthly_spend_limit": "40", "rechecks_posts": "on"})
    account.refresh_from_db()

    assert TOKEN not in form
    assert "A look at 1,000 posts costs $5" in form
    assert account.rechecks_posts
    assert (account.monthly_spend_limit, account.credentials["bearer_token"]) == (Decimal(40), TOKEN)
    assert len(server.requests) == 1


def test_an_account_is_connected_again(client: Client, keyword: Keyword, mastodon: LocalServer) -> None:
    connect_mastodon(client, mastodon)
    ConnectedAccount.objects.update(status="needs_reconnection", last_error="The token was revoked.")
    Source.objects.filter(account__isnull=False).update(due_at="2999-01-01T00:00Z")
    account = ConnectedAccount.objects.get()
    page = client.get(PAGE).content.decode()
    assert "Needs to be connected again" in page
    assert "The token was revoked." in page

    wrong = client.post(f"{PAGE}accounts/{account.pk}/", {"access_token": "another"})
    assert list(wrong.context["form"].errors) == ["access_token"]
    client.post(f"{PAGE}accounts/{account.pk}/", {"access_token": TOKEN})
    account.refresh_from_db()

    assert (account.status, account.last_error) == ("ok", "")
    assert not account.sources.filter(due_at__year=2999).exists()


def test_connecting_the_same_profile_twice_makes_one_account(
    client: Client, keyword: Keyword, mastodon: LocalServer
) -> None:
    connect_mastodon(client, mastodon)
    connect_mastodon(client, mastodon)
    assert ConnectedAccount.objects.count() == 1


def test_disconnecting_deletes_the_credentials_and_searches_openly_again(
    client: Client, keyword: Keyword, serve: Serve, settings: Settings
) -> None:
    settings.PLATFORM_URLS = {"bluesky": serve(as_bluesky).url}
    before = set(Source.objects.filter(subscriptions__keyword=keyword).values_list("pk", flat=True))
    client.post(f"{PAGE}bluesky/connect/", {"identifier": "acme.example", "app_password": TOKEN})
    assert set(Source.objects.filter(subscriptions__keyword=keyword).values_list("pk", flat=True)) != before
    account = ConnectedAccount.objects.get()
    page = client.post(f"{PAGE}accounts/{account.pk}/disconnect/", follow=True).content.decode()

    assert "is disconnected" in page
    assert not ConnectedAccount.objects.exists()
    assert set(Source.objects.filter(subscriptions__keyword=keyword).values_list("pk", flat=True)) == before


def test_another_organizations_account_is_out_of_reach(
    sign_in: SignIn,
    stranger: User,
    strangers_organization: Organization,
    client: Client,
    mastodon: LocalServer,
) -> None:
    connect_mastodon(client, mastodon)
    account = ConnectedAccount.objects.get()
    for way in (f"accounts/{account.pk}/", f"accounts/{account.pk}/disconnect/"):
        theirs = f"/o/{strangers_organization.slug}/settings/platforms/{way}"
        assert sign_in(stranger).post(theirs, {"access_token": "mine"}).status_code == 404
    assert ConnectedAccount.objects.exists()


def test_a_platform_without_accounts_has_no_form_for_one(client: Client, organization: Organization) -> None:
    assert client.get(f"{PAGE}hackernews/connect/").status_code == 404
    assert client.get(f"{PAGE}bluesky/add/").status_code == 404
