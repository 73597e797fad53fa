from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from monitoring.analysis.queries import parse
from monitoring.platforms.connectors.mastodon import MastodonConnector
from monitoring.platforms.errors import AccessDenied, NotFound
from monitoring.platforms.types import Capability, ProfileLink, SearchRequest
from tests.platforms.conftest import Serve
from tests.platforms.connectors.contract import Connect, ConnectorContract
from tests.platforms.local_server import Request, Response


class TestMastodon(ConnectorContract):
    connector_class = MastodonConnector
    search_text = "#acme"
    ids = ("115500000000000001",)
    empty: ClassVar = {
        Capability.SEARCH_POSTS: [],
        Capability.LIST_POSTS: [],
        Capability.READ_POSTS: [],
    }
    requests_per_call: ClassVar = {Capability.LIST_POSTS: 2}

    @pytest.mark.parametrize(
        ("query", "tags", "texts"),
        [
            ("#acme", ("#acme",), ("#acme",)),
            ("#acme #coffee", ("#acme #coffee",), ("#acme #coffee",)),
            ("acme", ("#acme",), ("#acme", "acme")),
            ("acme best", ("#best",), ("#best", "acme best")),
            ('"blue bottle"', (), ('"blue bottle"',)),
            ("1984", (), ("1984",)),
            ("acme platform:bluesky", (), ()),
        ],
    )
    def test_asks_for_tags_and_with_an_account_for_text(
        self, query: str, tags: tuple[str, ...], texts: tuple[str, ...]
    ) -> None:
        assert MastodonConnector.searches(parse(query)) == tags
        assert MastodonConnector.searches_with_account(parse(query)) == texts

    @pytest.mark.parametrize(
        ("pasted", "handle"),
        [
            ("@acme@Mastodon.Social", "acme@mastodon.social"),
            ("https://mastodon.social/@acme", "acme@mastodon.social"),
            ("https://mastodon.social/@acme/115500000000000001", "acme@mastodon.social"),
            ("https://mastodon.social/@jo@example.social", "jo@example.social"),
            ("https://example.social/users/jo?x=1", "jo@example.social"),
        ],
    )
    def test_recognizes_what_people_paste(self, pasted: str, handle: str) -> None:
        server = f"https://{handle.partition('@')[2]}"
        expected = ProfileLink(platform="mastodon", handle=handle, server=server)
        assert MastodonConnector.recognize(pasted) == expected

    @pytest.mark.parametrize(
        "pasted", ["jo@example.com", "@acme", "https://www.youtube.com/@acme", "https://medium.com/@a/b", ""]
    )
    def test_leaves_alone_what_is_somebody_elses(self, pasted: str) -> None:
        assert MastodonConnector.recognize(pasted) is None

    def test_reads_a_post(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        first, second = connect(server).search_posts(SearchRequest(text="#acme")).items
        assert first.external_id == "https://example.social/users/jo/statuses/115500000000000001"
        assert first.native_id == "115500000000000001"
        assert first.text == "Trying #acme & more"
        assert (first.author.handle, first.author.followers) == ("jo@example.social", 547)
        assert second.url == "https://pleroma.example/objects/0b1c-77"
        assert second.text == "Rant\n\nAcme again…\n\nsee https://example.com/a/long/way"
        assert second.links == ("https://example.com/a/long/way",)
        assert second.author.followers is None
        assert (first.community, second.community) == (
            "example.social",
            second.author.external_id.split("@")[1],
        )
        assert second.edited_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

    def test_boosts_and_private_posts_are_left_out(self, serve: Serve, connect: Connect) -> None:
        page = connect(serve(self.from_fixture(Capability.LIST_POSTS))).list_posts("@acme@mastodon.social")
        assert len(page.items) == 2
        page = connect(serve(lambda _request: Response([{"visibility": "private"}]))).search_posts(
            SearchRequest(text="#acme")
        )
        assert (page.items, page.skipped) == ((), 0)

    def test_follows_the_link_header(self, serve: Serve, connect: Connect) -> None:
        def answer(request: Request) -> Response:
            link = f'<{server.url}{request.path}?limit=40&max_id=77>; rel="next", <x>; rel="prev"'
            return Response(
                self.from_fixture(Capability.SEARCH_POSTS)(request).content, headers={"Link": link}
            )

        server = serve(answer)
        connector = connect(server)
        page = connector.search_posts(SearchRequest(text="#acme #coffee"))
        assert page.next_cursor == "77"
        assert connector.search_posts(SearchRequest(text="#acme"), "77").next_cursor is None
        assert server.requests[0].path == "/api/v1/timelines/tag/acme"
        assert server.requests[0].query["all[]"] == ["coffee"]
        assert server.requests[1].argument("max_id") == "77"

    def test_later_pages_of_own_posts_do_not_look_the_account_up(
        self, serve: Serve, connect: Connect
    ) -> None:
        server = serve(self.from_fixture(Capability.LIST_POSTS))
        connect(server).list_posts("acme", "1:115500000000000000")
        assert [request.path for request in server.requests] == ["/api/v1/accounts/1/statuses"]
        assert server.requests[0].argument("max_id") == "115500000000000000"

    def test_what_is_too_old_ends_the_search(self, serve: Serve, connect: Connect) -> None:
        connector = connect(serve(self.from_fixture(Capability.SEARCH_POSTS)))
        since = datetime(2026, 11, 20, 10, tzinfo=UTC)
        page = connector.search_posts(SearchRequest(text="#acme", since=since))
        assert [post.native_id for post in page.items] == ["115500000000000001"]
        assert page.next_cursor is None

    def test_text_needs_an_account_and_asks_nothing_without_one(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.SEARCH_POSTS))
        with pytest.raises(AccessDenied, match="Connect one"):
            connect(server).search_posts(SearchRequest(text="acme"))
        assert server.requests == []

    def test_a_server_closed_to_strangers_asks_for_an_account(self, serve: Serve, connect: Connect) -> None:
        closed = Response({"error": "This method requires an authenticated user"}, 422)
        with pytest.raises(AccessDenied):
            connect(serve(lambda _request: closed)).search_posts(SearchRequest(text="#acme"))

    def test_a_suspended_profile_is_gone(self, serve: Serve, connect: Connect) -> None:
        with pytest.raises(NotFound):
            connect(serve(lambda _request: Response({"id": "1", "suspended": True}))).read_profile("acme")

    def test_asks_only_for_ids_the_server_knows(self, serve: Serve, connect: Connect) -> None:
        server = serve(self.from_fixture(Capability.READ_POSTS))
        elsewhere = "https://pleroma.example/objects/0b1c-77"
        own = f"{server.url}/users/acme/statuses/12"
        page = connect(server).read_posts(["115500000000000001", elsewhere, own])
        assert server.requests[0].query["id[]"] == ["115500000000000001", "12"]
        assert page.unknown == {elsewhere}


class TestMastodonWithAccount(ConnectorContract):
    """With a token, full text is searched."""

    connector_class = MastodonConnector
    credentials: ClassVar = {"access_token": "token-of-acme"}
    search_text = "#acme"
    empty = TestMastodon.empty
    requests_per_call = TestMastodon.requests_per_call

    def test_searches_text_with_the_token(self, serve: Serve, connect: Connect) -> None:
        statuses = self.from_fixture(Capability.SEARCH_POSTS)

        def answer(request: Request) -> Response:
            content = statuses(request).content
            assert isinstance(content, bytes)
            return Response(b'{"accounts": [], "hashtags": [], "statuses": ' + content + b"}")

        server = serve(answer)
        since = datetime(2026, 11, 10, tzinfo=UTC) + timedelta(hours=1)
        page = connect(server).search_posts(SearchRequest(text='acme "so good"', since=since))
        request = server.requests[0]
        assert len(page.items) == 2
        assert page.next_cursor == "40"
        assert request.headers["authorization"] == "Bearer token-of-acme"
        assert request.argument("q") == 'acme "so good" after:2026-11-08'

    def test_no_statuses_end_the_search(self, serve: Serve, connect: Connect) -> None:
        nothing = Response({"accounts": [], "hashtags": [], "statuses": []})
        page = connect(serve(lambda _request: nothing)).search_posts(SearchRequest(text="acme"), "40")
        assert page.next_cursor is None
