"""The Bluesky connector against Bluesky's own reference implementation."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from redis import Redis

from monitoring.platforms.connectors import bluesky as connector_module
from monitoring.platforms.connectors.bluesky import BlueskyConnector
from monitoring.platforms.errors import AccessDenied, NotFound
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.sessions import MemorySessions
from monitoring.platforms.types import Page, Post, SearchRequest
from tests.real.bluesky_network import Network

pytestmark = pytest.mark.real

NOBODY: Mapping[str, str] = {}


def _connect(
    server: str, credentials: Mapping[str, str] = NOBODY, sessions: MemorySessions | None = None
) -> BlueskyConnector:
    budget = RedisRateBudget(Redis.from_url(settings.REDIS_URL))
    http = PlatformHttp(budget, key=str(uuid.uuid4()), allowed_private_hosts=["127.0.0.1", "localhost"])
    return BlueskyConnector(
        http, server=server, credentials=credentials, sessions=sessions or MemorySessions()
    )


def _credentials(network: Network, number: int = 0) -> Mapping[str, str]:
    account = network.accounts[number]
    return {"identifier": account["handle"], "app_password": account["password"]}


def _all(read: Callable[[str | None], Page[Post]]) -> list[Post]:
    posts: list[Post] = []
    cursor = None
    for _page in range(20):
        page = read(cursor)
        posts += page.items
        cursor = page.next_cursor
        if cursor is None:
            return posts
    raise AssertionError("the pages never end")


def test_small_pages_find_what_one_large_page_finds(
    bluesky: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = _connect(bluesky.appview)
    whole = connector.search_posts(SearchRequest(text="acme"))
    assert len(whole.items) > 30
    assert whole.next_cursor is None
    monkeypatch.setattr(connector_module, "PAGE_SIZE", 10)
    posts = _all(lambda cursor: connector.search_posts(SearchRequest(text="acme"), cursor))
    assert {post.external_id for post in posts} == {post.external_id for post in whole.items}
    assert len(posts) < 1.2 * len(whole.items)  # a page begins with the instant at which the last one ended
    moments = [post.published_at for post in posts]
    assert moments == sorted(moments, reverse=True)


def test_search_goes_back_no_further_than_asked(bluesky: Network) -> None:
    since = datetime.now(UTC) - timedelta(minutes=40)
    posts = _connect(bluesky.appview).search_posts(SearchRequest(text="acme", since=since)).items
    assert posts
    assert min(post.published_at for post in posts) >= since - timedelta(seconds=1)


def test_hashtags_and_phrases_are_searched(bluesky: Network) -> None:
    connector = _connect(bluesky.appview)
    tagged = connector.search_posts(SearchRequest(text="#acme")).items
    assert tagged
    assert all("#acme" in post.text for post in tagged)
    phrase = connector.search_posts(SearchRequest(text='"best purchase this year"')).items
    assert phrase
    assert all("best purchase this year" in post.text for post in phrase)


def test_a_profile_has_its_followers(bluesky: Network) -> None:
    profile = _connect(bluesky.appview).read_profile("alice.test")
    assert profile.external_id == bluesky.accounts[0]["did"]
    assert (profile.handle, profile.name, profile.followers) == ("alice.test", "Alice", 4)
    assert profile.posts == bluesky.posts / 5


def test_own_posts_carry_their_engagement_and_no_reposts(bluesky: Network) -> None:
    connector = _connect(bluesky.appview)
    posts = _all(lambda cursor: connector.list_posts("alice.test", cursor))
    assert {post.author.handle for post in posts} == {"alice.test"}
    assert len(posts) == bluesky.posts / 5
    everybody = [connector.list_posts(account["handle"]).items for account in bluesky.accounts]
    assert sum(post.engagement.likes or 0 for posts in everybody for post in posts) > 0
    assert sum(post.engagement.shares or 0 for posts in everybody for post in posts) > 0


def test_an_unknown_profile_is_not_found(bluesky: Network) -> None:
    with pytest.raises(NotFound):
        _connect(bluesky.appview).read_profile("nobody.test")
    with pytest.raises(NotFound):
        _connect(bluesky.appview).list_posts("nobody.test")


def test_a_deleted_post_is_missing(bluesky: Network) -> None:
    connector = _connect(bluesky.appview)
    kept, deleted = connector.list_posts("erin.test").items[:2]
    _delete(bluesky, deleted)
    deadline = time.monotonic() + 20
    while len(found := connector.read_posts([kept.external_id, deleted.external_id]).items) > 1:
        assert time.monotonic() < deadline, "the deletion did not arrive"
        time.sleep(0.2)
    assert [post.external_id for post in found] == [kept.external_id]


def _delete(network: Network, post: Post) -> None:
    sessions = MemorySessions()
    connector = _connect(network.pds, _credentials(network, 4), sessions)
    connector.read_profile("erin.test")
    session = sessions.load() or {}
    repo, collection, key = post.external_id.removeprefix("at://").split("/")
    connector.http.post_json(
        f"{network.pds}/xrpc/com.atproto.repo.deleteRecord",
        body={"repo": repo, "collection": collection, "rkey": key},
        headers={"Authorization": f"Bearer {session['access']}"},
    )


def test_search_with_an_account_asks_its_own_server(bluesky: Network) -> None:
    connector = _connect(bluesky.pds, _credentials(bluesky))
    assert connector.search_posts(SearchRequest(text="widget")).items


def test_its_own_server_refuses_strangers(bluesky: Network) -> None:
    with pytest.raises(AccessDenied):
        _connect(bluesky.pds).search_posts(SearchRequest(text="widget"))


def test_forty_calls_need_one_log_in(bluesky: Network) -> None:
    """The 31st log-in within five minutes would be refused."""
    sessions = MemorySessions()
    kept = set()
    for _call in range(40):
        _connect(bluesky.pds, _credentials(bluesky, 1), sessions).read_profile("bob.test")
        kept.add((sessions.load() or {})["access"])
    assert len(kept) == 1


def test_a_log_in_is_renewed(bluesky: Network) -> None:
    sessions = MemorySessions()
    connector = _connect(bluesky.pds, _credentials(bluesky, 2), sessions)
    connector.read_profile("carla.test")
    first = dict(sessions.load() or {})
    sessions.save(first | {"access": first["access"][:-4] + "AAAA"})
    connector.read_profile("carla.test")
    second = sessions.load() or {}
    assert second["refresh"] != first["refresh"]


def test_a_wrong_password_is_refused_in_words(bluesky: Network) -> None:
    wrong = {"identifier": "dan.test", "app_password": "not-the-password"}
    with pytest.raises(AccessDenied, match="Enter them again"):
        _connect(bluesky.pds, wrong).read_profile("dan.test")
