from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from monitoring.analysis.queries import parse
from monitoring.platforms.connectors.bluesky import BlueskyConnector
from monitoring.platforms.errors import AccessDenied, NotFound
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.sessions import MemorySessions
from monitoring.platforms.types import Capability, ProfileLink, SearchRequest
from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import Connect, ConnectorContract
from tests.platforms.local_server import Request, Response

NOTHING: dict[str, list[object]] = {"posts": []}
CREDENTIALS = {"identifier": "acme.com", "app_password": "abcd-efgh-ijkl-mnop"}
EMPTY = {
    Capability.SEARCH_POSTS: NOTHING,
    Capability.LIST_POSTS: {"feed": []},
    Capability.READ_POSTS: NOTHING,
}


class TestBluesky(ConnectorContract):
    connector_class = BlueskyConnector
    empty = EMPTY

    @pytest.mark.parametrize(
        ("query", "texts"),
        [
            ('"blue bottle" OR #bluebottle', ('"blue bottle"', "#bluebottle")),
            ("acme coffee -job lang:en", ("acme coffee",)),
            ("coff*", ("coff",)),
            ("acme platform:mastodon", ()),
            ("acme from:@jo.bsky.social", ("acme from:jo.bsky.social",)),
        ],
    )
    def test_asks_for_each_alternative(self, query: str, texts: tuple[str, ...]) -> None:
        assert BlueskyConnector.searches(parse(query)) == texts

    @pytest.mark.parametrize(
        "pasted",
        [
            "https://bsky.app/profile/acme.bsky.social",
            "bsky.app/profile/acme.bsky.social/post/3l3q",
            "@acme.bsky.social",
            " Acme.bsky.social ",
        ],
    )
    def test_recognizes_what_people_paste(self, pasted: str) -> None:
        assert BlueskyConnector.recognize(pasted) == ProfileLink(
            platform="bluesky", handle="acme.bsky.social"
        )

    @pytest.mark.parametrize("pasted", ["acme.com", "https://example.com/profile/acme.com", "@acme", ""])
    def test_leaves_alone_what_may_be_anything(self, pasted: str) -> None:
        assert BlueskyConnector.recognize(pasted) is None

    def test_reads_a_post(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(self.from_fixture(Capability.SEARCH_POSTS)))
        first, second = connector.search_posts(SearchRequest(text="acme")).items
        assert first.url == "https://bsky.app/profile/did:plc:abc/post/3l3qo2vuowo2b"
        assert first.published_at == datetime(2026, 11, 20, 10, 15, 30, 123000, tzinfo=UTC)
        assert (first.engagement.likes, first.engagement.views) == (3, None)
        assert (second.language, second.has_media) == ("es", True)
        assert second.links == ("https://example.com/a-very-long-way?x=1",)
        assert second.thread_id == "at://did:plc:abc/app.bsky.feed.post/3root"

    def test_reposts_are_left_out_of_own_posts(self, serve: Serve, connect: Connect) -> None:
        page = connect(serve(self.from_fixture(Capability.LIST_POSTS))).list_posts("@acme.com")
        assert len(page.items) == 2
        assert page.skipped == 0

    def test_pages_back_by_time(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        connector = connect(server)
        since = datetime(2026, 11, 1, tzinfo=UTC)
        page = connector.search_posts(SearchRequest(text="acme", since=since))
        assert page.next_cursor == "2026-11-20T09:00:00.001Z"
        page = connector.search_posts(SearchRequest(text="acme", since=since), page.next_cursor)
        assert page.next_cursor == "2026-11-20T09:00:00.000Z"
        assert connector.search_posts(SearchRequest(text="acme"), page.next_cursor).next_cursor is None
        last = server.requests[1]
        assert (last.argument("until"), last.argument("cursor")) == ("2026-11-20T09:00:00.001Z", None)
        assert last.argument("since") == "2026-11-01T00:00:00.000Z"

    @pytest.mark.parametrize(
        "body",
        [
            {"error": "InvalidRequest", "message": "Profile not found"},
            {"error": "AccountTakedown", "message": "Account has been suspended"},
            {"error": "AccountDeactivated", "message": "Account is deactivated"},
        ],
    )
    def test_a_missing_profile_is_not_found_although_the_status_is_400(
        self, body: dict[str, str], serve: Serve, connect: Connect
    ) -> None:
        connector = connect(serve(lambda _request: Response(body, 400)))
        with pytest.raises(NotFound):
            connector.read_profile("nobody.example")

    def test_many_posts_are_read_25_at_a_time(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(NOTHING))
        connect(server).read_posts([f"at://did:plc:a/app.bsky.feed.post/{number}" for number in range(60)])
        assert [len(request.query["uris"]) for request in server.requests] == [25, 25, 10]


class TestBlueskyWithAppPassword(ConnectorContract):
    connector_class = BlueskyConnector
    credentials = CREDENTIALS
    session: ClassVar = {"access": "access-token-1", "refresh": "refresh-token-1", "server": ""}
    empty = EMPTY

    def test_sends_the_kept_token(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.READ_PROFILE))
        connect(server).read_profile("acme.com")
        assert server.requests[0].headers["authorization"] == "Bearer access-token-1"


class Network:
    """Answers as an account's server does: one password, tokens that run out when told."""

    def __init__(self) -> None:
        self.valid = "access-0"
        self.refresh = "refresh-0"
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Response:
        method = request.path.rsplit(".", 1)[-1]
        self.asked.append(method)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if method == "createSession":
            right = request.json() == {"identifier": "acme.com", "password": "abcd-efgh-ijkl-mnop"}
            return self.session() if right else Response({"error": "AuthenticationRequired"}, 401)
        if method == "refreshSession":
            assert request.body == b""
            expired = {"error": "ExpiredToken", "message": "Token has expired"}
            return self.session() if token == self.refresh else Response(expired, 400)
        if token != self.valid:
            return Response({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        return Response({"did": "did:plc:xyz", "handle": "acme.com", "followersCount": 7})

    def session(self) -> Response:
        number = len(self.asked)
        self.valid, self.refresh = f"access-{number}", f"refresh-{number}"
        return Response({"did": "did:plc:xyz", "accessJwt": self.valid, "refreshJwt": self.refresh})


Open = Callable[[Network, MemorySessions], BlueskyConnector]


@pytest.fixture
def open_on(serve: Serve, budget: RedisRateBudget) -> Open:
    def open_on(network: Network, sessions: MemorySessions) -> BlueskyConnector:
        http = PlatformHttp(budget, key=str(uuid.uuid4()), allowed_private_hosts=["127.0.0.1"])
        return BlueskyConnector(http, server=serve(network).url, credentials=CREDENTIALS, sessions=sessions)

    return open_on


def test_logs_in_once_for_many_calls(open_on: Open) -> None:
    network, sessions = Network(), MemorySessions()
    connector = open_on(network, sessions)
    assert [connector.read_profile("acme.com").followers for _ in range(3)] == [7, 7, 7]
    assert network.asked == ["createSession", "getProfile", "getProfile", "getProfile"]


def test_another_worker_uses_the_kept_log_in(open_on: Open) -> None:
    network, sessions = Network(), MemorySessions()
    open_on(network, sessions).read_profile("acme.com")
    open_on(network, sessions).read_profile("acme.com")
    assert network.asked.count("createSession") == 1


def test_a_token_that_ran_out_is_renewed_without_a_log_in(open_on: Open) -> None:
    network, sessions = Network(), MemorySessions()
    connector = open_on(network, sessions)
    connector.read_profile("acme.com")
    network.valid = "another"
    connector.read_profile("acme.com")
    assert network.asked[2:] == ["getProfile", "refreshSession", "getProfile"]


def test_a_log_in_that_cannot_be_renewed_is_made_anew(open_on: Open) -> None:
    network = Network()
    sessions = MemorySessions({"access": "ancient", "refresh": "ancient", "server": ""})
    assert open_on(network, sessions).read_profile("acme.com").followers == 7
    assert network.asked == ["getProfile", "refreshSession", "createSession", "getProfile"]


def test_what_another_worker_renewed_is_used(open_on: Open) -> None:
    network = Network()

    class Overtaken(MemorySessions):
        """Between the first look and the second, another worker renewed the log-in."""

        looks = 0

        def load(self) -> Mapping[str, str] | None:
            self.looks += 1
            return (
                super().load() if self.looks == 1 else {"access": network.valid, "refresh": "", "server": ""}
            )

    open_on(network, Overtaken({"access": "old", "refresh": "old", "server": ""})).read_profile("acme.com")
    assert network.asked == ["getProfile", "getProfile"]


def test_a_refused_password_is_tried_once(open_on: Open) -> None:
    network, sessions = Network(), MemorySessions()
    connector = open_on(network, sessions)
    connector.credentials = {**CREDENTIALS, "app_password": "wrong"}
    for _ in range(3):
        with pytest.raises(AccessDenied, match="Enter them again"):
            connector.read_profile("acme.com")
    assert network.asked == ["createSession"]
