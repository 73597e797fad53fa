"""Hacker News: what its search is asked, and how deep it goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from monitoring.analysis.queries import parse
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.hackernews import PAGE_SIZE, HackerNewsConnector
from monitoring.platforms.errors import NotFound
from monitoring.platforms.types import Capability, Page, Post, ProfileLink, SearchRequest
from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import Connect, ConnectorContract
from tests.platforms.local_server import LocalServer, Request, Response

NOTHING: Mapping[str, object] = {"hits": [], "nbHits": 0}
NO_ITEM = {"status": 404, "error": "Not Found"}


def hit(number: int, written_at: int) -> dict[str, object]:
    return {
        "objectID": str(number),
        "author": "jo",
        "created_at_i": written_at,
        "comment_text": f"acme {number}",
    }


def argument(request: Request, name: str) -> str:
    return request.argument(name) or ""


class Algolia:
    """Answers as the search does: newest first, within the bounds asked for, at most a page."""

    def __init__(self, hits: list[dict[str, object]]) -> None:
        self.hits: list[dict[str, Any]] = sorted(
            hits, key=lambda item: str(item["created_at_i"]), reverse=True
        )

    def __call__(self, request: Request) -> Response:
        found = self.hits
        for bound in filter(None, argument(request, "numericFilters").split(",")):
            if bound.startswith("created_at_i<="):
                found = [item for item in found if item["created_at_i"] <= int(bound[14:])]
            else:
                found = [
                    item
                    for item in found
                    if item["created_at_i"] >= int(bound.removeprefix("created_at_i>="))
                ]
        return Response({"hits": found[: int(argument(request, "hitsPerPage"))]})


def all_pages(connector: Connector, request: SearchRequest) -> list[Post]:
    posts: list[Post] = []
    cursor = None
    for _ in range(50):
        page = connector.search_posts(request, cursor)
        posts += page.items
        cursor = page.next_cursor
        if cursor is None:
            return posts
    raise AssertionError("the pages never end")


class TestHackerNews(ConnectorContract):
    connector_class = HackerNewsConnector
    handle = "jo"
    ids = ("42000001",)
    empty: ClassVar = {
        Capability.SEARCH_POSTS: NOTHING,
        Capability.LIST_POSTS: NOTHING,
        Capability.READ_POSTS: NOTHING,
    }

    def test_an_empty_page_is_the_last(self, serve: Serve, connect: Connect) -> None:
        """Items that the search does not know are asked for one by one, and are not there either."""

        def answer(request: Request) -> Response:
            return Response(NO_ITEM, 404) if "/items/" in request.path else Response(NOTHING)

        for capability in self.empty:
            page = self.ask(connect(serve(answer)), capability)
            assert page == Page(items=())

    def test_asks_for_exact_words_newest_first(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        since = datetime(2026, 11, 1, tzinfo=UTC)
        connect(server).search_posts(SearchRequest(text='"blue bottle"', since=since))
        asked = server.requests[0]
        assert asked.path == "/api/v1/search_by_date"
        assert argument(asked, "query") == '"blue bottle"'
        assert argument(asked, "tags") == "(story,comment)"
        assert argument(asked, "typoTolerance") == "false"
        assert argument(asked, "queryType") == "prefixNone"
        assert argument(asked, "numericFilters") == f"created_at_i>={int(since.timestamp())}"

    def test_a_prefix_lets_words_begin_like_it(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(NOTHING))
        connect(server).search_posts(SearchRequest(text='"acme" coff*'))
        assert argument(server.requests[0], "query") == '"acme" coff'
        assert argument(server.requests[0], "queryType") == "prefixAll"

    def test_reads_html_parents_and_counts(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        comment, story, question = connect(server).search_posts(SearchRequest(text="x")).items
        assert (
            comment.text == "I use Blue Bottle & like it's taste\n\nsecond para https://bluebottle.test/beans"
        )
        assert (comment.parent_id, comment.thread_id) == ("42000001", "42000001")
        assert (comment.title, comment.engagement.likes) == ("", None)
        assert comment.published_at == datetime(2026, 11, 20, 10, 16, 40, tzinfo=UTC)
        assert (story.title, story.text) == ("Show HN: Blue Bottle for everyone", "")
        assert (story.engagement.likes, story.engagement.replies, story.parent_id) == (12, 3, None)
        assert story.links == ("https://bluebottle.test",)
        assert story.url == "https://news.ycombinator.com/item?id=42000001"
        assert question.external_id == "9007199254740993"
        assert question.text == "Has anybody's team tried blue bottle?\n\nThanks"

    @pytest.mark.parametrize("in_one_second", [1, 7, 60])
    def test_goes_deeper_than_a_thousand_hits(
        self, in_one_second: int, serve: Serve, connect: Connect
    ) -> None:
        written = [1_795_000_000 + number // in_one_second for number in range(1250)]
        server = serve(Algolia([hit(number, moment) for number, moment in enumerate(written)]))
        posts = all_pages(connect(server), SearchRequest(text="acme"))
        assert {post.external_id for post in posts} == {str(number) for number in range(1250)}
        assert len(server.requests) > 1250 // PAGE_SIZE

    def test_a_second_with_more_posts_than_a_page_does_not_stop_it(
        self, serve: Serve, connect: Connect
    ) -> None:
        crowd = [hit(number, 1_795_000_100) for number in range(PAGE_SIZE + 20)]
        server = serve(Algolia([*crowd, hit(9999, 1_795_000_000)]))
        posts = all_pages(connect(server), SearchRequest(text="acme"))
        assert "9999" in {post.external_id for post in posts}

    def test_a_post_without_author_was_deleted(self, serve: Serve, connect: Connect) -> None:
        dead = {"objectID": "7", "author": None, "created_at_i": 1_795_000_000, "comment_text": None}
        server = serve(lambda _request: Response({"hits": [dead]}))
        assert connect(server).search_posts(SearchRequest(text="acme")).items == ()

    def test_reads_stories_at_once_and_comments_one_by_one(self, serve: Serve, connect: Connect) -> None:
        item = {
            "id": 42000002, "author": "al", "text": "I use <i>Acme</i>", "created_at": "2026-11-20T10:16:40Z",
            "parent_id": 42000001, "story_id": 42000001, "points": None, "children": [], "type": "comment",
        }  # fmt: skip

        def answer(request: Request) -> Response:
            if request.path == "/api/v1/items/42000002":
                return Response(item)
            if request.path.startswith("/api/v1/items/"):
                return Response(NO_ITEM, 404)
            return self.from_fixture(Capability.READ_POSTS)(request)

        server = serve(answer)
        page = connect(server).read_posts(["42000001", "42000002", "42000003"])
        assert [post.external_id for post in page.items] == ["42000001", "42000002"]
        assert page.items[1].text == "I use Acme"
        assert page.items[1].parent_id == "42000001"
        assert argument(server.requests[0], "tags") == "story,(story_42000001,story_42000002,story_42000003)"
        assert len(server.requests) == 3

    def test_karma_is_no_audience(self, serve: Serve, connect: Connect) -> None:
        profile = connect(serve(self.from_fixture(Capability.READ_PROFILE))).read_profile("jo")
        assert (profile.handle, profile.followers) == ("jo", None)

    def test_an_impossible_name_is_not_asked_for(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(NOTHING))
        with pytest.raises(NotFound):
            connect(server).list_posts("jo),(story")
        assert server.requests == []


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("acme", ('"acme"',)),
        ('"blue bottle" coffee -job', ('"coffee" "blue bottle"',)),
        ("acme OR #bluebottle", ('"acme"', '"bluebottle"')),
        ("@acme roast*", ('"acme" roast*',)),
        ("acme -platform:hackernews", ()),
        ("acme platform:mastodon", ()),
    ],
)
def test_searches_for_words_in_quotes(query: str, searches: tuple[str, ...]) -> None:
    assert HackerNewsConnector.searches(parse(query)) == searches


def test_recognizes_a_profile_address() -> None:
    link = HackerNewsConnector.recognize("https://news.ycombinator.com/user?id=jo_1")
    assert link == ProfileLink(platform="hackernews", handle="jo_1")
    assert HackerNewsConnector.recognize("https://news.ycombinator.com/item?id=42") is None
    assert HackerNewsConnector.recognize("@jo") is None


def test_the_local_search_answers_within_bounds() -> None:
    with LocalServer(Algolia([hit(1, 10), hit(2, 20)])) as server:
        assert server.url.startswith("http://127.0.0.1:")
