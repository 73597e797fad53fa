"""Lemmy: what is asked of a server, and how its views become posts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from monitoring.analysis.queries import parse
from monitoring.platforms.connectors.lemmy import PAGE_SIZE, LemmyConnector
from monitoring.platforms.errors import NotFound, RateLimited
from monitoring.platforms.types import Capability, Page, ProfileLink, SearchRequest
from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import FIXTURES, Connect, ConnectorContract
from tests.platforms.local_server import Request, Response

NOTHING = {"type_": "All", "posts": [], "comments": [], "communities": [], "users": []}
GONE = Response({"error": "couldnt_find_object"}, 404)


def fixture(name: str) -> bytes:
    return (FIXTURES / "lemmy" / name).read_bytes()


class TestLemmy(ConnectorContract):
    connector_class = LemmyConnector
    handle = "jo@lemmy.world"
    ids = ("https://lemmy.world/post/501",)
    empty: ClassVar = {
        Capability.SEARCH_POSTS: NOTHING,
        Capability.LIST_POSTS: NOTHING,
        Capability.READ_POSTS: {"community": {"community": {"id": 3}}},
    }

    def test_asks_for_posts_and_comments_of_all_servers_newest_first(
        self, serve: Serve, connect: Connect
    ) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        connect(server).search_posts(SearchRequest(text="blue bottle"), "3")
        asked = server.requests[0]
        assert asked.path == "/api/v3/search"
        assert {name: asked.argument(name) for name in asked.query} == {
            "q": "blue bottle",
            "type_": "All",
            "sort": "New",
            "listing_type": "All",
            "limit": str(PAGE_SIZE),
            "page": "3",
        }

    def test_posts_and_comments_stand_in_one_order(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("thread.json")))
        page = connect(server).search_posts(SearchRequest(text="x"))
        answer, first, post = page.items
        assert {item.community for item in page.items} == {"!coffee@lemmy.world"}
        assert [item.external_id for item in page.items] == [
            "https://feddit.org/comment/777",
            "https://lemmy.world/comment/8999",
            "https://lemmy.world/post/501",
        ]
        assert (post.title, post.parent_id, post.thread_id) == (
            "Blue Bottle: a review",
            None,
            "https://lemmy.world/post/501",
        )
        assert post.text == "I tried Blue Bottle at their shop.\n\nnothing beats it\n\n5 & 6 are best"
        assert post.links == ("https://blog.test/blue-bottle", "https://bluebottle.test/shop")
        assert (post.engagement.likes, post.engagement.replies, post.engagement.views) == (6, 2, None)
        assert post.edited_at == datetime(2026, 11, 20, 10, 20, 0, 1, tzinfo=UTC)
        assert (post.author.handle, post.author.name) == ("jo@lemmy.world", "Jo ☕")
        assert first.parent_id == first.thread_id == post.external_id
        assert answer.parent_id is not None
        assert answer.parent_id.endswith("/comment/8999")
        assert (answer.title, answer.text, answer.author.handle) == (
            "",
            "Blue Bottle closed here",
            "ana@feddit.org",
        )

    def test_a_full_page_leads_to_the_next(self, serve: Serve, connect: Connect) -> None:
        view = json.loads(fixture("search_posts.json"))["posts"][0]
        many = [
            {**view, "post": {**view["post"], "ap_id": f"https://lemmy.world/post/{n}"}}
            for n in range(PAGE_SIZE)
        ]
        connector = connect(serve(lambda _request: Response(NOTHING | {"posts": many})))
        assert connector.search_posts(SearchRequest(text="x")).next_cursor == "2"
        assert connector.search_posts(SearchRequest(text="x"), "2").next_cursor == "3"

    @pytest.mark.parametrize("flag", ["deleted", "removed"])
    def test_what_was_removed_is_left_out(self, flag: str, serve: Serve, connect: Connect) -> None:
        view = json.loads(fixture("search_posts.json"))["posts"][0]
        gone = {**view, "post": {**view["post"], flag: True}}
        connector = connect(serve(lambda _request: Response(NOTHING | {"posts": [gone]})))
        assert connector.search_posts(SearchRequest(text="x")) == Page(items=())

    def test_reads_the_names_of_version_1(self, serve: Serve, connect: Connect) -> None:
        (post,) = (
            connect(serve(lambda _request: Response(fixture("version_1.json"))))
            .search_posts(SearchRequest(text="x"))
            .items
        )
        assert post.published_at == datetime(2026, 11, 20, 10, 15, 30, 123456, tzinfo=UTC)
        assert (post.author.handle, post.engagement.likes, post.engagement.replies) == (
            "jo@lemmy.world",
            6,
            2,
        )

    def test_a_community_has_followers_and_a_person_has_none(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("community.json")))
        community = connect(server).read_profile("!coffee@lemmy.world")
        assert server.requests[0].argument("name") == "coffee@lemmy.world"
        assert (community.handle, community.name, community.followers) == (
            "!coffee@lemmy.world",
            "Coffee lovers",
            15230,
        )
        person = connect(serve(self.from_fixture(Capability.READ_PROFILE))).read_profile("jo@lemmy.world")
        assert (person.followers, person.posts, person.url) == (None, 41, "https://lemmy.world/u/jo")

    def test_lists_the_posts_of_a_community(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        assert connect(server).list_posts("!coffee@lemmy.world").items
        assert server.requests[0].path == "/api/v3/post/list"
        assert server.requests[0].argument("community_name") == "coffee@lemmy.world"

    def test_a_missing_address_is_a_deleted_post(self, serve: Serve, connect: Connect) -> None:
        def answer(request: Request) -> Response:
            return (
                GONE
                if request.argument("q") == "https://a.test/post/2"
                else Response(fixture("read_posts.json"))
            )

        page = connect(serve(answer)).read_posts(["https://lemmy.world/post/501", "https://a.test/post/2"])
        assert [post.external_id for post in page.items] == ["https://lemmy.world/post/501"]

    def test_a_proxy_that_is_lost_deletes_nothing(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response("<h1>404</h1>", 404)))
        with pytest.raises(NotFound):
            connector.read_posts(["https://lemmy.world/post/501"])

    def test_a_400_may_mean_too_many_requests(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response({"error": "rate_limit_error"}, 400)))
        with pytest.raises(RateLimited):
            connector.search_posts(SearchRequest(text="x"))

    @pytest.mark.parametrize(
        "word", ["couldnt_find_person", "couldnt_find_that_username_or_email", "not_found"]
    )
    def test_a_400_may_mean_not_found(self, word: str, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response({"error": word}, 400)))
        with pytest.raises(NotFound):
            connector.read_profile("nobody")


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("acme", ("acme",)),
        ('"blue bottle" coffee -job', ("blue bottle",)),
        ("acme OR #bluebottle", ("#bluebottle", "acme")),
        ('acme OR ("acme corp" brown)', ("acme",)),
        ("roast*", ("roast",)),
        ("@acme@mastodon.social", ("@acme@mastodon.social",)),
        ("acme -platform:lemmy", ()),
    ],
)
def test_looks_for_one_piece_of_text(query: str, searches: tuple[str, ...]) -> None:
    assert LemmyConnector.searches(parse(query)) == searches


@pytest.mark.parametrize(
    ("pasted", "handle", "server"),
    [
        ("https://lemmy.world/u/jo", "jo@lemmy.world", "https://lemmy.world"),
        ("lemmy.ml/c/coffee", "!coffee@lemmy.ml", "https://lemmy.ml"),
        ("https://lemmy.world/c/coffee@lemmy.ml", "!coffee@lemmy.ml", "https://lemmy.world"),
        ("!coffee@feddit.org", "!coffee@feddit.org", "https://feddit.org"),
    ],
)
def test_recognizes_people_and_communities(pasted: str, handle: str, server: str) -> None:
    assert LemmyConnector.recognize(pasted) == ProfileLink(platform="lemmy", handle=handle, server=server)


@pytest.mark.parametrize(
    "pasted", ["https://example.com/u/jo", "@jo@mastodon.social", "jo", "", "http://[", "!x"]
)
def test_leaves_what_is_not_its_own(pasted: str) -> None:
    assert LemmyConnector.recognize(pasted) is None
