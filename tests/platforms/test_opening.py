from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from accounts.models import Organization
from monitoring.platforms.errors import AccessDenied
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.opening import normalized_server, open_connector, recognize
from monitoring.platforms.registry import CONNECTORS, UnknownPlatform, connector_class, platforms
from monitoring.platforms.sessions import AccountSessions
from monitoring.platforms.types import ProfileLink
from tests.platforms.conftest import Serve
from tests.platforms.local_server import Response


@pytest.fixture
def account(db: None) -> ConnectedAccount:
    organization = Organization.objects.create(name="Acme", slug="acme")
    account = ConnectedAccount(
        organization=organization, platform="mastodon", server="https://example.social", handle="acme"
    )
    account.credentials = {"access_token": "very secret"}
    account.save()
    return account


def test_every_registered_platform_opens() -> None:
    for slug in CONNECTORS:
        connector = open_connector(platform=slug)
        assert connector.platform.slug == slug
        assert connector.server == connector.platform.home


def test_an_unknown_platform_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownPlatform, match="bluesky"):
        connector_class("myspace")


def test_slugs_and_chips_tell_platforms_apart() -> None:
    found = platforms()
    assert [item.slug for item in found] == list(CONNECTORS)
    assert len({item.short_name for item in found}) == len(found)
    assert all(len(item.short_name) <= 2 for item in found)


def test_white_letters_can_be_read_on_every_chip() -> None:
    for platform in platforms():
        channels = [int(platform.color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels
        ]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= 4.5, platform.slug


def test_an_account_brings_its_server_and_credentials(account: ConnectedAccount) -> None:
    connector = open_connector(platform="mastodon", account=account)
    assert connector.server == "https://example.social"
    assert connector.credentials == {"access_token": "very secret"}
    assert "secret" not in account.sealed_credentials


def test_an_account_that_cannot_be_opened_must_be_connected_again(
    account: ConnectedAccount, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(AccessDenied, match="ENCRYPTION_KEYS"):
        open_connector(platform="mastodon", account=account)


def test_accounts_and_strangers_have_budgets_of_their_own(account: ConnectedAccount) -> None:
    keys = {
        open_connector(platform="mastodon").http.key,
        open_connector(platform="mastodon", server="https://example.social").http.key,
        open_connector(platform="mastodon", account=account).http.key,
    }
    assert len(keys) == 3


def test_an_override_replaces_the_platforms_own_address_only(settings: Settings) -> None:
    settings.PLATFORM_URLS = {"mastodon": "http://127.0.0.1:3000/"}
    assert open_connector(platform="mastodon").server == "http://127.0.0.1:3000"
    assert (
        open_connector(platform="mastodon", server="https://mastodon.social").server
        == "http://127.0.0.1:3000"
    )
    assert open_connector(platform="mastodon", server="other.example").server == "https://other.example"


def test_an_override_may_be_private_and_nothing_else(serve: Serve, settings: Settings) -> None:
    server = serve(lambda _request: Response([]))
    settings.PLATFORM_URLS = {"mastodon": server.url}
    open_connector(platform="mastodon").http.get(server.url)
    with pytest.raises(AccessDenied):
        open_connector(platform="bluesky").http.get(server.url)


def test_says_who_asks(serve: Serve, settings: Settings) -> None:
    server = serve(lambda _request: Response([]))
    settings.PLATFORM_URLS, settings.PUBLIC_URL = {"mastodon": server.url}, "https://dash.example"
    open_connector(platform="mastodon").http.get(server.url)
    assert server.requests[0].headers["user-agent"] == f"SMEdash/{settings.VERSION} (+https://dash.example)"


@pytest.mark.parametrize(
    ("server", "normalized"),
    [
        ("Example.Social", "https://example.social"),
        ("https://example.social/", "https://example.social"),
        (" HTTP://Example.social:3000 ", "http://example.social:3000"),
        ("", ""),
    ],
)
def test_one_server_has_one_spelling(server: str, normalized: str) -> None:
    assert normalized_server(server) == normalized


def test_a_log_in_is_kept_sealed_and_shared(account: ConnectedAccount) -> None:
    AccountSessions(account).save({"access": "token"})
    account.refresh_from_db()
    assert "token" not in account.sealed_session
    assert AccountSessions(account).load() == {"access": "token"}


def test_new_credentials_end_the_log_in(account: ConnectedAccount) -> None:
    before = AccountSessions(account)
    before.save({"access": "token"})
    account.credentials = {"access_token": "another"}
    account.save()
    before.save({"access": "of the old credentials"})
    assert AccountSessions(account).load() is None


@pytest.mark.parametrize(
    ("pasted", "link"),
    [
        ("https://bsky.app/profile/acme.com", ProfileLink(platform="bluesky", handle="acme.com")),
        ("acme.bsky.social", ProfileLink(platform="bluesky", handle="acme.bsky.social")),
        (
            " @acme@mastodon.social",
            ProfileLink(platform="mastodon", handle="acme@mastodon.social", server="https://mastodon.social"),
        ),
        ("https://x.com/acme", ProfileLink(platform="x", handle="acme")),
        ("acme", None),
        ("", None),
        ("javascript:alert(1)", None),
    ],
)
def test_pasted_links_are_understood(pasted: str, link: ProfileLink | None) -> None:
    assert recognize(pasted) == link
