"""Feeds: every format, what feeds leave out, and the platforms behind them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.analysis.queries import parse
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.feeds import FeedsConnector
from monitoring.platforms.connectors.feeds.entries import MOST_ENTRIES, read_feed
from monitoring.platforms.errors import NotFound, RateLimited, UnexpectedResponse
from monitoring.platforms.http import Answer
from monitoring.platforms.types import Capability, Cursor, Page, Post, Profile, SearchRequest
from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import FIXTURES, Connect, ConnectorContract
from tests.platforms.local_server import Answering, LocalServer, Request, Response

NOTHING = b'<rss version="2.0"><channel><title>Empty</title></channel></rss>'
CONSENT = "<!DOCTYPE html><html><head><title>Before you continue</title></head><body>Cookies?</body></html>"


def fixture(name: str) -> bytes:
    return (FIXTURES / "feeds" / name).read_bytes()


def answering(content: bytes) -> Answering:
    return lambda _request: Response(content)


def whole(connect: Connect, server: LocalServer, **request: object) -> Page[Post]:
    """Everything in the feed, as with a named feed."""
    facts: dict[str, object] = {"text": "", **request}
    return connect(server).search_posts(SearchRequest(**facts))  # type: ignore[arg-type]  # each of its field's type


class TestFeeds(ConnectorContract):
    connector_class = FeedsConnector
    empty: ClassVar = {Capability.SEARCH_POSTS: NOTHING, Capability.LIST_POSTS: NOTHING}

    def ask(
        self, connector: Connector, capability: Capability, cursor: Cursor | None = None
    ) -> Page[Post] | Profile:
        """A feed's handle is its address."""
        if capability == Capability.LIST_POSTS:
            return connector.list_posts(f"{connector.server}/feed", cursor)
        return super().ask(connector, capability, cursor)

    def test_reads_what_an_entry_says(self, serve: Serve, connect: Connect) -> None:
        page = whole(connect, serve(lambda _request: Response(fixture("search_posts.rss"))))
        found = {post.title: post for post in page.items}
        post = found["Blue Bottle – a fair review"]
        assert post.text == "They roast & pour.\n\nNothing beats it."
        assert post.external_id == post.url == "https://coffee-code.test/blue-bottle"
        assert (post.author.name, post.language, post.has_media) == ("Jo Doe", "en", True)
        assert post.published_at == datetime(2026, 11, 20, 10, 15, 30, tzinfo=UTC)
        assert (post.engagement.likes, post.engagement.views, post.community) == (
            None,
            None,
            "coffee-code.test",
        )
        assert "jo@" not in repr(post)
        assert found["Second cup"].external_id == "127.0.0.1:11"
        assert found["Second cup"].author.external_id == "127.0.0.1:Ana"

    def test_what_is_missing_is_made_up_for(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("search_posts.rss")))
        first, second = whole(connect, server), whole(connect, server)
        assert [post.external_id for post in first.items] == [post.external_id for post in second.items]
        found = {post.title: post for post in first.items}
        undated, bare = found["Third cup, undated"], found[""]
        assert undated.external_id == "https://coffee-code.test/third"
        assert undated.published_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
        assert bare.url == "https://coffee-code.test/"
        assert bare.author.name == "Coffee & Code"
        assert first.skipped == 1

    def test_hands_over_the_newest_first_and_nothing_too_old(self, serve: Serve, connect: Connect) -> None:
        since = datetime(2026, 11, 19, 12, tzinfo=UTC)
        page = whole(connect, serve(lambda _request: Response(fixture("search_posts.rss"))), since=since)
        moments = [post.published_at for post in page.items]
        assert len(moments) == 3
        assert moments == sorted(moments, reverse=True)
        assert min(moments) > since

    def test_an_unchanged_feed_is_not_sent_again(self, serve: Serve, connect: Connect) -> None:
        marks = {"ETag": 'W/"a1"', "Last-Modified": "Fri, 20 Nov 2026 12:00:00 GMT"}

        def answer(request: Request) -> Response:
            if request.headers.get("if-none-match") == marks["ETag"]:
                assert request.headers["if-modified-since"] == marks["Last-Modified"]
                return Response(b"", 304)
            return Response(fixture("search_posts.rss"), headers=marks)

        server = serve(answer)
        checkpoint = whole(connect, server).checkpoint
        assert checkpoint is not None
        assert whole(connect, server, checkpoint=checkpoint) == Page(items=(), checkpoint=checkpoint)
        assert whole(connect, server, checkpoint="not ours").items

    def test_a_feed_that_breaks_off_is_asked_for_again(self, serve: Serve, connect: Connect) -> None:
        half = fixture("search_posts.rss")[:1500]
        server = serve(lambda _request: Response(half, headers={"ETag": '"half"'}))
        page = whole(connect, server, checkpoint='{"etag": "old"}')
        assert page.items
        assert page.checkpoint == '{"etag": "old"}'

    def test_a_consent_page_is_said_to_be_one(self, serve: Serve, connect: Connect) -> None:
        with pytest.raises(UnexpectedResponse, match="a web page instead of a feed"):
            whole(connect, serve(lambda _request: Response(CONSENT)))

    def test_finds_the_feed_of_a_page_and_remembers_where(self, serve: Serve, connect: Connect) -> None:
        page = (
            '<?xml version="1.0"?><html><head>'
            '<!-- <link rel="alternate" type="application/rss+xml" href="/retired"> -->'
            '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
            '<link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
        )

        def answer(request: Request) -> Response:
            return Response(fixture("search_posts.rss") if request.path == "/feed" else page)

        server = serve(answer)
        first = whole(connect, server)
        whole(connect, server, checkpoint=first.checkpoint)
        assert [request.path for request in server.requests] == ["/", "/feed", "/feed"]
        assert connect(server).find_feed(server.url) == f"{server.url}/feed"  # type: ignore[attr-defined]  # this connector's own

    def test_a_feed_that_moved_is_found_again(self, serve: Serve, connect: Connect) -> None:
        def answer(request: Request) -> Response:
            return Response(b"", 404) if request.path == "/old" else Response(fixture("search_posts.rss"))

        server = serve(answer)
        known = json.dumps({"found_at": f"{server.url}/old", "etag": "1"})
        assert whole(connect, server, checkpoint=known).items

    def test_a_post_is_gone_where_its_server_says_so_and_only_there(
        self, serve: Serve, connect: Connect
    ) -> None:
        statuses = {"/gone": 410, "/never": 404, "/here": 200, "/busy": 429, "/broken": 500, "/shut": 403}
        server = serve(lambda request: Response(b"", statuses[request.path]))
        addresses = [f"{server.url}{path}" for path in statuses]
        others = [
            "https://www.reddit.com/r/coffee/comments/1/",
            "javascript:alert(1)",
            "",
            "http://[no address",
            "http://10.0.0.1/",
        ]

        found = connect(server).find_gone([*others, *addresses])

        assert found == {f"{server.url}/gone", f"{server.url}/never"}

    def test_a_headline_without_a_publisher_is_kept(self, serve: Serve, connect: Connect) -> None:
        headline = "कॉफ़ी " * 60
        nameless = re.sub(
            rb"<source.*?</source>",
            b"",
            re.sub(rb"<title>[^<]* - [^<]*</title>", b"<title>T</title>", fixture("google_news.rss")),
        ).replace(b"<title>T</title>", f"<title>{headline}</title>".encode())
        server = serve(lambda _request: Response(nameless))
        page = connect(server).search_posts(SearchRequest(text='news-de:"blue bottle"'))
        assert page.skipped == 0
        assert {post.title for post in page.items} == {headline.strip()}
        assert {post.author.name for post in page.items} != {headline.strip()}

    def test_google_news_names_the_publisher(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("google_news.rss")))
        since = datetime(2026, 11, 18, tzinfo=UTC)
        page = connect(server).search_posts(SearchRequest(text='news-de:"blue bottle"', since=since))
        newest, post = page.items
        assert (post.title, post.text) == ("Blue Bottle opens - and closes - in Berlin", "")
        assert (post.author.name, post.author.external_id, post.community) == (
            "The Paper",
            "thepaper.test",
            "thepaper.test",
        )
        assert post.external_id == "news.google.com:CBMiAAA"
        assert newest.author.handle == "bottletimes.test"
        asked = server.requests[0]
        assert asked.path == "/rss/search"
        assert {name: asked.argument(name) for name in asked.query} == {
            "q": '"blue bottle" after:2026-11-18',
            "hl": "de",
            "gl": "DE",
            "ceid": "DE:de",
        }

    def test_google_alerts_lead_to_the_page_itself(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("google_alerts.atom")))
        (post,) = connect(server).list_posts("https://www.google.com/alerts/feeds/0123/456").items
        assert post.url == "https://town.test/news?id=7"
        assert post.title == "Blue Bottle comes to town"
        assert post.text == "The coffee chain Blue Bottle opens on Monday ..."
        assert post.external_id == "tag:google.com,2013:googlealerts/feed:789"

    def test_reddit_posts_lose_their_footer(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("reddit.atom")))
        comment, post = connect(server).search_posts(SearchRequest(text='reddit:"blue bottle"')).items
        assert post.title == "Is Blue Bottle any good?"
        assert post.text == "We went & it was submitted by fate.\n\nYours?"
        assert (post.author.handle, post.author.url) == ("jo", "https://www.reddit.com/user/jo")
        assert (post.external_id, post.thread_id) == ("reddit.com:t3_1abcd2", "reddit.com:t3_1abcd2")
        assert (comment.title, comment.text) == ("", "Blue Bottle is fine.")
        assert (comment.community, post.community) == ("r/coffee", "r/coffee")
        assert (comment.external_id, comment.thread_id) == ("reddit.com:t1_xyz", "reddit.com:t3_1abcd2")
        assert server.requests[0].path == "/search.rss"
        assert server.requests[0].argument("sort") == "new"

    def test_reddit_is_asked_once_a_minute_and_silences_nobody_else(
        self, serve: Serve, connect: Connect
    ) -> None:
        connector = connect(serve(lambda _request: Response(fixture("reddit.atom"))))
        connector.search_posts(SearchRequest(text='reddit:"blue bottle"'))
        with pytest.raises(RateLimited) as raised:
            connector.search_posts(SearchRequest(text='reddit:"coffee"'))
        assert timedelta(0) < raised.value.retry_after <= timedelta(minutes=1)
        assert connector.search_posts(SearchRequest(text="")).items

    def test_a_host_that_throttles_us_silences_no_other(self, serve: Serve, connect: Connect) -> None:
        """Whoever has a feed, or a page that a feed tells of, chooses what its headers say."""
        used_up = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "86400"}
        statuses = {"/feed": 429, "/page": 200}
        busy = serve(lambda request: Response(b"", statuses[request.path], used_up))
        fine = serve(answering(fixture("list_posts.atom")))
        connector = connect(fine)

        assert connector.find_gone([f"{busy.url}/page"]) == frozenset()
        with pytest.raises(RateLimited):
            connector.list_posts(f"{busy.url}/feed")
        assert connector.list_posts(fine.url.replace("127.0.0.1", "localhost")).items

    def test_a_youtube_feed_counts_views(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("list_posts.atom")))
        (post,) = (
            connect(server)
            .list_posts("https://www.youtube.com/feeds/videos.xml?channel_id=UCbluebottle0000000000000")
            .items
        )
        assert server.requests[0].argument("channel_id") == "UCbluebottle0000000000000"
        assert (post.external_id, post.title) == ("yt:video:dQw4w9WgXcQ", "How we roast & pour <3")
        assert (post.engagement.views, post.engagement.likes, post.has_media) == (345, None, True)
        assert post.author.url == "https://www.youtube.com/channel/UCbluebottle0000000000000"

    def test_reads_json_feeds(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("json_feed.json")))
        page = whole(connect, server)
        post, plain = page.items
        assert post.external_id == "127.0.0.1:9007199254740993"
        assert (post.title, post.text, post.language) == ("Blue Bottle schließt", "Schade & gut.", "de")
        assert post.url == f"{server.url}/blue-bottle"
        assert post.links == ("https://bluebottle.test/",)
        assert (post.published_at.hour, post.author.name, post.has_media) == (9, "Jo", True)
        assert (plain.text, plain.author.name) == ("Nur Text", "Beans")
        assert page.skipped == 1

    def test_without_a_server_a_text_must_name_its_feed(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(lambda _request: Response(NOTHING)))
        connector.server = ""
        with pytest.raises(NotFound, match="names no feed"):
            connector.search_posts(SearchRequest(text="acme"))

    def test_a_named_feed_is_read_whole_whatever_the_text(self, serve: Serve, connect: Connect) -> None:
        server = serve(lambda _request: Response(fixture("search_posts.rss")))
        connector = connect(server)
        connector.server = f"{server.url}/blog/feed"
        assert connector.search_posts(SearchRequest(text='news:"acme"')).items
        assert server.requests[0].path == "/blog/feed"

    @pytest.mark.parametrize(
        "made",
        [
            b"<rss><channel><item><description><![CDATA[" + b"<!--" * 100_000 + b"]]></description></item>",
            b"<rss><channel><item><title>x</title>" + b"<!ENTITY" * 100_000,
            b"<rss><channel><title>x</title>" + b"<item><title>x</title>" * 20_000,
            b"<html><head><link>" + b"<a" * 100_000,
            b"<html><head><link>" + b"<![" * 100_000,
        ],
        ids=["comments", "entities", "open items", "open links", "open marks"],
    )  # fmt: skip
    def test_an_answer_made_to_keep_a_worker_busy_is_read_in_time(
        self, made: bytes, serve: Serve, connect: Connect
    ) -> None:
        connector = connect(serve(lambda _request: Response(made)))
        began_at = process_time()
        with suppress(UnexpectedResponse):
            assert len(connector.list_posts(f"{connector.server}/feed").items) <= MOST_ENTRIES
        assert process_time() - began_at < 6

    @pytest.mark.parametrize(
        "written",
        [
            *("", "yesterday", "Fri, 99 Nov 9999 99:99:99 GMT"),
            *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1901-01-01"),
        ],
    )
    def test_an_odd_date_costs_no_entry(self, written: str, serve: Serve, connect: Connect) -> None:
        for name in ("search_posts.rss", "list_posts.atom", "reddit.atom"):
            dated = re.sub(
                rb"(<(?:pubDate|updated|published|dc:date)>)[^<]*",
                rb"\g<1>" + written.encode(),
                fixture(name),
            )
            expected = whole(connect, serve(answering(fixture(name)))).items
            found = whole(connect, serve(answering(dated))).items
            assert sorted(post.title for post in found) == sorted(post.title for post in expected)
            for post in found:
                assert datetime(1970, 1, 1, tzinfo=UTC) < post.published_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("query", "searches"),
    [
        ("acme", ('news:"acme"', 'reddit:"acme"')),
        (
            '"blue bottle" coffee -job',
            ('news:"coffee" "blue bottle"', 'reddit:"coffee" AND "blue bottle"'),
        ),
        (
            "acme OR #bluebottle",
            ('news:"acme"', 'news:"bluebottle"', 'reddit:("acme") OR ("bluebottle")'),
        ),
        ("acme lang:de,en", ('news-de:"acme"', 'news:"acme"', 'reddit:"acme"')),
        ("acme lang:tlh", ('reddit:"acme"',)),
        ("roast*", ("reddit:roast*",)),
        ("acme -platform:feeds", ()),
    ],
)
def test_searches_google_news_and_reddit(query: str, searches: tuple[str, ...]) -> None:
    assert FeedsConnector.searches(parse(query)) == searches


def test_a_long_query_is_several_searches_of_reddit() -> None:
    query = " OR ".join(f'"a rather long brand name number {number}"' for number in range(20))
    found = [text for text in FeedsConnector.searches(parse(query)) if text.startswith("reddit:")]
    assert len(found) == 20


@pytest.mark.parametrize(
    ("pasted", "address"),
    [
        (
            "https://www.youtube.com/channel/UCbluebottle0000000000000/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCbluebottle0000000000000",
        ),
        ("youtube.com/@bluebottle", "https://www.youtube.com/@bluebottle"),
        ("https://old.reddit.com/r/coffee/", "https://www.reddit.com/r/coffee/new/.rss?limit=100"),
        ("reddit.com/user/jo", "https://www.reddit.com/user/jo/.rss?limit=100"),
        ("https://coffee-code.test/feed/", "https://coffee-code.test/feed/"),
        ("blog.test/index.xml", "https://blog.test/index.xml"),
        ("https://www.google.com/alerts/feeds/0123/456", "https://www.google.com/alerts/feeds/0123/456"),
    ],
)
def test_recognizes_feeds(pasted: str, address: str) -> None:
    link = FeedsConnector.recognize(pasted)
    assert link is not None
    assert (link.platform, link.handle, link.server) == ("feeds", address, "")


@pytest.mark.parametrize(
    "pasted",
    [
        "@jo",
        "acme",
        "",
        "https://example.com/",
        "https://youtube.com/watch?v=x",
        "ftp://a.test/feed",
        "http://[",
    ],
)
def test_leaves_what_is_no_feed(pasted: str) -> None:
    assert FeedsConnector.recognize(pasted) is None


def answer_with(content: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status=200, headers=headers or {}, content=content, url="https://blog.test/feed")


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("<title>Grün</title>".encode(), {"content-type": "application/rss+xml"}),
        ("<title>Grün</title>".encode("latin-1"), {"content-type": "text/xml; charset=iso-8859-1"}),
        ("<title>Grün</title>".encode("latin-1"), {}),
    ],
)
def test_reads_the_encodings_of_feeds(content: bytes, headers: Mapping[str, str]) -> None:
    feed = read_feed(answer_with(b'<rss version="2.0"><channel>' + content + b"</channel></rss>", headers))
    assert feed is not None
    assert feed.title == "Grün"
    assert feed.whole


def test_a_feed_reads_no_files_and_does_not_grow() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        '<rss version="2.0"><channel><title>&file;</title><item><title>&l11;</title></item></channel></rss>'
    )
    feed = read_feed(answer_with(f'<?xml version="1.0"?>{bomb}'.encode()))
    assert feed is not None
    assert len(repr(feed)) < 1000
    assert "root:" not in repr(feed)


def test_an_endless_feed_is_read_in_part() -> None:
    items = "".join(f"<item><title>Number {number}</title></item>" for number in range(MOST_ENTRIES + 5))
    feed = read_feed(answer_with(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()))
    assert feed is not None
    assert len(feed.entries) == MOST_ENTRIES
    assert feed.whole


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["search_posts.rss", "reddit.atom", "json_feed.json"]),
    st.binary(max_size=99),
    st.integers(0, 2500),
)
def test_any_damage_is_survived(name: str, noise: bytes, place: int) -> None:
    content = fixture(name)
    try:
        feed = read_feed(answer_with(content[:place] + noise + content[place + len(noise) :]))
    except UnexpectedResponse:
        return
    assert feed is None or len(feed.entries) <= 10
