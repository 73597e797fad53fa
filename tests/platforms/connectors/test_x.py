"""X: tweepy runs for real against a local server that answers as X does."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.analysis.queries import QueryError, parse
from monitoring.platforms.connector import Bill
from monitoring.platforms.connectors.x import XConnector
from monitoring.platforms.connectors.x.search_text import LONGEST
from monitoring.platforms.errors import AccessDenied, NotFound, RateLimited, UnexpectedResponse
from monitoring.platforms.sessions import MemorySessions
from monitoring.platforms.types import Capability, Page, ProfileLink, SearchRequest
from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import FIXTURES, Connect, ConnectorContract
from tests.platforms.local_server import Request, Response

TOKEN = "AAAA-s3cret-bearer-token"
NOTHING = {"meta": {"result_count": 0}}
NO_POST = {"errors": [{"resource_id": "1", "resource_type": "tweet", "title": "Not Found Error"}]}
NEWEST = "1991500000000000001"


def fixture(name: str) -> bytes:
    return (FIXTURES / "x" / name).read_bytes()


def _always(response: Response, _request: Request) -> Response:
    return response


class Purse:
    """A meter with so much in it."""

    def __init__(self, dollars: str) -> None:
        self.left = Decimal(dollars)

    @contextmanager
    def spending(self, at_most: Decimal) -> Iterator[Bill]:
        if at_most > self.left:
            raise RateLimited("The monthly limit does not allow another request.", timedelta(days=1))
        self.left -= at_most
        bill = Bill()
        try:
            yield bill
        finally:
            self.left += at_most - (bill.amount or Decimal(0))


class TestX(ConnectorContract):
    connector_class = XConnector
    credentials: ClassVar = {"bearer_token": TOKEN}
    handle = "bluebottle"
    ids = (NEWEST,)
    requests_per_call: ClassVar = {Capability.LIST_POSTS: 2}
    empty: ClassVar = {
        Capability.SEARCH_POSTS: NOTHING,
        Capability.LIST_POSTS: NOTHING,
        Capability.READ_POSTS: NO_POST,
    }

    def test_asks_as_x_documents_it(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        connect(server).search_posts(SearchRequest(text='"blue bottle" -is:retweet'))
        asked = server.requests[0]
        assert asked.path == "/2/tweets/search/recent"
        assert asked.headers["authorization"] == f"Bearer {TOKEN}"
        assert asked.argument("query") == '"blue bottle" -is:retweet'
        assert (asked.argument("sort_order"), asked.argument("max_results")) == ("recency", "100")
        assert "note_tweet" in (asked.argument("tweet.fields") or "")
        assert asked.argument("expansions") == "author_id"

    def test_reads_long_texts_links_and_both_spellings(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        post, reply = connect(server).search_posts(SearchRequest(text="x")).items
        assert post.text == "Loving @bluebottle so far… beans & milk https://example.com/beans?a=1&b=2"
        assert post.links == ("https://example.com/beans?a=1&b=2",)
        assert post.url == f"https://x.com/jo/status/{NEWEST}"
        assert (post.author.handle, post.author.followers, post.has_media) == ("jo", 12, True)
        assert (post.engagement.shares, post.engagement.likes, post.engagement.views) == (1, 4, 210)
        assert reply.text.endswith("told at length, see https://example.com/story")
        assert (reply.engagement.shares, reply.language) == (2, "id")
        assert reply.parent_id == reply.thread_id == "1991300000000000001"

    def test_an_edited_post_keeps_its_first_id(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        _post, edited = connect(server).search_posts(SearchRequest(text="x")).items
        assert (edited.external_id, edited.native_id) == ("1991400000000000005", "1991400000000000009")
        assert edited.edited_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
        assert edited.published_at < edited.edited_at

    def test_begins_after_the_checkpoint_on_every_page(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        connector = connect(server)
        request = SearchRequest(text="x", since=datetime.now(UTC), checkpoint="1990000000000000000")
        page = connector.search_posts(request)
        assert page.checkpoint == NEWEST
        second = connector.search_posts(request, page.next_cursor)
        assert second.checkpoint == NEWEST
        assert [asked.argument("since_id") for asked in server.requests] == ["1990000000000000000"] * 2
        assert server.requests[0].argument("start_time") is None
        assert server.requests[1].argument("next_token") == "b26v89c19zqg8o3f"

    def test_a_checkpoint_that_is_too_old_gives_way_to_the_window(
        self, serve: Serve, connect: Connect
    ) -> None:
        def answer(request: Request) -> Response:
            if request.argument("since_id"):
                return Response(fixture("since_id_too_old.json"), 400)
            return Response(fixture("search_posts.json"))

        server = serve(answer)
        connector = connect(server)
        request = SearchRequest(text="x", since=datetime(2026, 1, 1, tzinfo=UTC), checkpoint="1")
        page = connector.search_posts(request)
        connector.search_posts(request, page.next_cursor)
        first, again, second = server.requests
        start = datetime.fromisoformat(again.argument("start_time") or "")
        assert timedelta(days=6) < datetime.now(UTC) - start < timedelta(days=7)
        assert [asked.argument("since_id") for asked in (first, again, second)] == ["1", None, None]
        assert page.items

    def test_an_empty_answer_keeps_the_checkpoint(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response(NOTHING)))
        assert connector.search_posts(SearchRequest(text="x", checkpoint="5")) == Page(
            items=(), checkpoint="5"
        )

    def test_reposts_are_left_out(self, serve: Serve, connect: Connect) -> None:
        post = {
            "id": "5",
            "author_id": "7",
            "text": "RT",
            "referenced_tweets": [{"type": "retweeted", "id": "4"}],
        }
        connector = connect(serve(lambda _request: Response({"data": [post], "meta": {}})))
        assert connector.search_posts(SearchRequest(text="x")).items == ()

    def test_a_post_that_x_names_as_missing_is_deleted(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(self.from_fixture(Capability.READ_POSTS)))
        page = connector.read_posts([NEWEST, "456", "789", "not an id"])
        assert [post.external_id for post in page.items] == [NEWEST]
        assert page.unknown == {"789", "not an id"}

    def test_asks_for_a_hundred_posts_at_most(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response({"data": []}))
        page = connect(server).read_posts([str(number) for number in range(1, 121)])
        assert len((server.requests[0].argument("ids") or "").split(",")) == 100
        assert {str(number) for number in range(101, 121)} <= page.unknown

    def test_looks_a_number_up_once(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.LIST_POSTS))
        connector = connect(server)
        sessions = MemorySessions({"other": "kept"})
        connector.sessions = sessions
        connector.list_posts("@bluebottle")
        connector.list_posts("BlueBottle")
        assert [asked.path.rsplit("/2/")[1] for asked in server.requests] == [
            "users/by/username/bluebottle",
            "users/77/tweets",
            "users/77/tweets",
        ]
        assert sessions.load() == {"other": "kept", "number of bluebottle": "77"}
        assert server.requests[1].argument("exclude") == "retweets"

    def test_a_suspended_account_is_not_found(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response(fixture("suspended.json"))))
        with pytest.raises(NotFound, match="suspended"):
            connector.read_profile("bluebottle")

    def test_reads_followers(self, serve: Serve, connect: Connect) -> None:
        profile = connect(serve(self.from_fixture(Capability.READ_PROFILE))).read_profile("bluebottle")
        assert (profile.external_id, profile.followers, profile.posts) == ("77", 5321, 812)

    def test_no_credits_is_said_in_words(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response(fixture("credits_depleted.json"), 402)))
        with pytest.raises(AccessDenied, match="out of credits"):
            connector.search_posts(SearchRequest(text="x"))

    def test_waits_until_x_says(self, serve: Serve, connect: Connect) -> None:
        headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(time.time()) + 600)}
        server = serve(lambda _request: Response({"title": "Too Many Requests"}, 429, headers))
        connector = connect(server)
        for _attempt in range(2):
            with pytest.raises(RateLimited) as raised:
                connector.search_posts(SearchRequest(text="x"))
            assert timedelta(minutes=9) < raised.value.retry_after <= timedelta(minutes=10)
        assert len(server.requests) == 1
        with pytest.raises(RateLimited):
            connector.read_profile("bluebottle")
        assert len(server.requests) == 2, "another end point has a budget of its own"

    @pytest.mark.parametrize(
        "body", [b"[]", b"null", b'"x"', b'{"errors": null}', b'{"errors": [null]}', b"[" * 99_999]
    )
    def test_an_odd_error_body_changes_nothing(self, body: bytes, serve: Serve, connect: Connect) -> None:
        headers = {"x-rate-limit-reset": "soon"}
        connector = connect(server := serve(lambda _request: Response(b"")))
        for status, error in (
            (401, AccessDenied),
            (404, NotFound),
            (400, UnexpectedResponse),
            (429, RateLimited),
        ):
            server.answer = functools.partial(_always, Response(body, status, headers))
            with pytest.raises(error):
                connector.search_posts(SearchRequest(text="x"))

    def test_without_a_token_nobody_is_asked(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(NOTHING))
        connector = connect(server)
        connector.credentials = {}
        with pytest.raises(AccessDenied, match="bearer token"):
            connector.search_posts(SearchRequest(text="x"))
        assert server.requests == []

    def test_the_token_is_not_logged(
        self, serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.DEBUG):
            connect(serve(self.from_fixture(Capability.SEARCH_POSTS))).search_posts(SearchRequest(text="x"))
        assert caplog.text
        assert TOKEN not in caplog.text

    def test_pays_for_what_came(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(self.from_fixture(Capability.SEARCH_POSTS)))
        connector.meter = purse = Purse("5")
        connector.search_posts(SearchRequest(text="x"))
        assert purse.left == Decimal("5") - 2 * Decimal("0.005") - Decimal("0.010")

    def test_asks_for_less_when_money_runs_short(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        connector = connect(server)
        connector.meter = Purse("0.20")
        connector.search_posts(SearchRequest(text="x"))
        assert server.requests[0].argument("max_results") == "10"
        connector.meter = Purse("0.10")
        with pytest.raises(RateLimited, match="monthly limit"):
            connector.search_posts(SearchRequest(text="x"))
        assert len(server.requests) == 1

    def test_what_fails_costs_nothing(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response(b"", 403)))
        connector.meter = purse = Purse("5")
        with pytest.raises(AccessDenied):
            connector.search_posts(SearchRequest(text="x"))
        assert purse.left == 5


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("acme", ("acme -is:retweet",)),
        ('"blue bottle" OR #bluebottle', ('(("blue bottle") OR (#bluebottle)) -is:retweet',)),
        ("coffee -job lang:id,de", ("coffee (lang:de OR lang:in) -job -is:retweet",)),
        ("@acme from:@jo", ("@acme from:jo -is:retweet",)),
        ("acme from:@jo@mastodon.social", ()),
        ("c++ -café", ('"c++" -is:retweet',)),
        ('"or" acme', ('"or" acme -is:retweet',)),
        ("roast*", ()),
        ("acme roast*", ("acme -is:retweet",)),
        ("acme min_followers:1000", ("acme -is:retweet",)),
        ("acme platform:bluesky", ()),
    ],
)
def test_searches_in_the_language_of_x(query: str, searches: tuple[str, ...]) -> None:
    assert tuple(map(sorted_words, XConnector.searches(parse(query)))) == tuple(map(sorted_words, searches))


def sorted_words(text: str) -> list[str]:
    return sorted(text.split(" "))


def test_a_long_query_is_split_where_it_says_or() -> None:
    names = [f'"blue bottle number {number}"' for number in range(30)]
    found = XConnector.searches(parse(" OR ".join(names)))
    assert 1 < len(found) < 30
    assert all(len(text) <= LONGEST for text in found)
    assert sum(name in text for text in found for name in names) == 30


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["acme", '"a b"', "OR", "-x", "(", ")", "#t", "@h", "lang:de", "y*", "NOT", "z" * 90]
        ),
        max_size=30,
    )
)
def test_no_search_is_too_long_or_only_excludes(parts: list[str]) -> None:
    try:
        query = parse(" ".join(parts))
    except QueryError:
        return
    for text in XConnector.searches(query):
        assert len(text) <= LONGEST
        assert text.endswith(" -is:retweet")
        assert not text.startswith("-")
        assert text.count("(") == text.count(")")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://x.com/acme",
        "twitter.com/acme/",
        "https://mobile.twitter.com/@acme?lang=en",
        "https://www.x.com/acme#a",
    ],
)
def test_recognizes_profile_addresses(pasted: str) -> None:
    assert XConnector.recognize(pasted) == ProfileLink(platform="x", handle="acme")


@pytest.mark.parametrize(
    "pasted", ["https://x.com/home", "x.com/acme/status/1", "@acme", "https://x.company/acme", ""]
)
def test_leaves_what_is_no_profile(pasted: str) -> None:
    assert XConnector.recognize(pasted) is None
