"""What every connector must do. A platform's test inherits this and adds only the platform's quirks.

Fixtures lie in `fixtures/<slug>/`: `<capability>.json` answers every request of a call, unless its path ends in
a word for which there is `<capability>.<word>.json`. Other endings than json are sent as they are.
"""

from __future__ import annotations

import json
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, ClassVar

import pytest

from monitoring.platforms.connector import Connector
from monitoring.platforms.errors import ConnectorError, RateLimited, Unavailable
from monitoring.platforms.guarded_adapter import Limits
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.reading import instant
from monitoring.platforms.sessions import MemorySessions
from monitoring.platforms.types import Capability, Page, Post, Profile, SearchRequest
from tests.platforms.broken_answers import BROKEN
from tests.platforms.conftest import Serve
from tests.platforms.local_server import Answering, LocalServer, Request, Response

FIXTURES = Path(__file__).parent / "fixtures"
Answer = Page[Post] | Profile
Connect = Callable[..., Connector]

_ODD_DATES = (
    *("2026-11-20T10:15:30", "2999-01-01T00:00:00Z", "1901-01-01T00:00:00Z", "yesterday", "", None),
    *("9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+14:00"),
)
_ODD_VALUES: tuple[object, ...] = (None, "", "x", -1, 2**70, [], {}, [None], True, "ﷺ" * 6000, 10**15)


class ConnectorContract:
    connector_class: ClassVar[type[Connector]]
    credentials: ClassVar[Mapping[str, str]] = {}
    session: ClassVar[Mapping[str, str] | None] = None
    search_text: ClassVar[str] = "acme"
    handle: ClassVar[str] = "acme"
    ids: ClassVar[tuple[str, ...]] = ("1",)
    empty: ClassVar[Mapping[Capability, object]] = {}  # what the platform sends when there is nothing
    requests_per_call: ClassVar[Mapping[Capability, int]] = {}  # where a call needs more than one
    other_errors: ClassVar[Mapping[str, type[ConnectorError] | None]] = {}  # None: this breaks nothing here

    @pytest.fixture
    def connect(self, budget: RedisRateBudget) -> Connect:
        def connect(server: LocalServer, limits: Limits | None = None) -> Connector:
            http = PlatformHttp(
                budget,
                key=f"contract-{uuid.uuid4()}",
                allowed_private_hosts=["127.0.0.1"],
                limits=limits,
            )
            return self.connector_class(
                http, server=server.url, credentials=self.credentials, sessions=MemorySessions(self.session)
            )

        return connect

    def ask(self, connector: Connector, capability: Capability, cursor: str | None = None) -> Answer:
        if capability == Capability.SEARCH_POSTS:
            return connector.search_posts(SearchRequest(text=self.search_text), cursor)
        if capability == Capability.READ_PROFILE:
            return connector.read_profile(self.handle)
        if capability == Capability.LIST_POSTS:
            return connector.list_posts(self.handle, cursor)
        return connector.read_posts(self.ids)

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        return tuple(self.connector_class.platform.capabilities)

    def fixture_file(self, capability: Capability, path: str = "") -> Path:
        folder = FIXTURES / self.connector_class.platform.slug
        word = path.rstrip("/").rsplit("/", 1)[-1]
        found = [*folder.glob(f"{capability}.{word}.*"), *folder.glob(f"{capability}.[!.]*")]
        named = [file for file in found if file.name.count(".") == 1 or f".{word}." in file.name]
        assert named, f"no fixture for {capability} in {folder}"
        return named[0]

    def from_fixture(self, capability: Capability) -> Answering:
        return lambda request: Response(self.fixture_file(capability, request.path).read_bytes())

    def test_declared_capabilities_are_the_ones_it_has(self) -> None:
        platform = self.connector_class.platform
        assert frozenset(platform.capabilities) == self.connector_class.overridden()
        assert frozenset(platform.with_credentials) <= frozenset(platform.capabilities)

    def test_reads_its_fixtures_into_valid_objects(self, serve: Serve, connect: Connect) -> None:
        for capability in self.capabilities:
            answer = self.ask(connect(serve(self.from_fixture(capability))), capability)
            if isinstance(answer, Profile):
                assert answer.external_id
                assert answer.handle
                continue
            assert answer.items, f"{capability}: the fixture holds no post"
            for post in answer.items:
                _assert_is_a_post(post)

    def test_one_call_makes_the_documented_number_of_requests(self, serve: Serve, connect: Connect) -> None:
        for capability in self.capabilities:
            server = serve(self.from_fixture(capability))
            self.ask(connect(server), capability)
            assert len(server.requests) == self.requests_per_call.get(capability, 1), capability

    def test_an_empty_page_is_the_last(self, serve: Serve, connect: Connect) -> None:
        for capability, content in self.empty.items():
            page = self.ask(connect(serve(self.answering_empty(capability, content))), capability, None)
            assert isinstance(page, Page)
            assert page.items == ()
            assert page.next_cursor is None

    def answering_empty(self, capability: Capability, content: object) -> Answering:
        """The fixtures answer the requests before the last; `content` answers the one for the page."""

        def answer(request: Request) -> Response:
            path = self.fixture_file(capability, request.path)
            return Response(path.read_bytes() if path.name.count(".") > 1 else content)

        return answer

    def test_every_kind_of_page_has_an_empty_answer_to_test(self) -> None:
        assert frozenset(self.empty) == frozenset(self.capabilities) - {Capability.READ_PROFILE}

    def test_a_cursor_is_never_handed_back_as_the_next(self, serve: Serve, connect: Connect) -> None:
        for capability in self.capabilities:
            if capability not in {Capability.SEARCH_POSTS, Capability.LIST_POSTS}:
                continue
            connector = connect(serve(self.from_fixture(capability)))
            cursor = None
            for _ in range(4):
                page = self.ask(connector, capability, cursor)
                assert isinstance(page, Page)
                assert page.next_cursor is None or page.next_cursor != cursor
                cursor = page.next_cursor
                if cursor is None:
                    break

    @pytest.mark.parametrize("name", BROKEN)
    def test_a_broken_answer_becomes_the_right_error(
        self, name: str, serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = BROKEN[name]
        expected = self.other_errors.get(name, broken.error)
        server = serve(broken.answer)
        for capability in self.capabilities[: 1 if broken.slow else None]:
            if expected is None:
                self.ask(connect(server, broken.limits), capability)
                continue
            with pytest.raises(ConnectorError) as raised:
                self.ask(connect(server, broken.limits), capability)
            error = raised.value
            assert type(error) is expected, f"{capability}: {error!r}"
            if broken.retry_after is not None and isinstance(error, RateLimited | Unavailable):
                assert error.retry_after is not None
                assert abs(error.retry_after - broken.retry_after()) < timedelta(seconds=5)
            self.assert_no_secret("".join(traceback.format_exception(error)) + caplog.text)

    def assert_no_secret(self, shown: str) -> None:
        fields = self.connector_class.platform.credential_fields
        typed = [self.credentials.get(field.name, "") for field in fields if field.secret]
        secrets = [value for value in (*typed, *(self.session or {}).values()) if value]
        assert not [secret for secret in secrets if secret in shown]
        assert "?" not in "".join(line for line in shown.splitlines() if "://" in line)

    def test_odd_dates_are_survived(self, serve: Serve, connect: Connect) -> None:
        for capability, data in self.json_fixtures():
            for odd in _ODD_DATES:
                changed = _with_dates(data, odd)
                answer = self.ask(connect(serve(self.answering_empty(capability, changed))), capability)
                if isinstance(answer, Page):
                    assert answer.items, f"{capability}: posts were lost to the date {odd!r}"
                    for post in answer.items:
                        _assert_is_a_post(post)

    def test_odd_fields_cost_at_most_their_item(self, serve: Serve, connect: Connect) -> None:
        """Each field in turn gets an odd value; only connector errors may come out."""
        odd = cycle(_ODD_VALUES)
        for capability, data in self.json_fixtures():
            server = serve(self.from_fixture(capability))
            connector = connect(server)
            for changed in _variants(data, odd):
                server.answer = self.answering_empty(capability, changed)
                try:
                    self.ask(connector, capability)
                except ConnectorError:
                    continue

    def json_fixtures(self) -> Iterator[tuple[Capability, object]]:
        for capability in self.capabilities:
            file = self.fixture_file(capability)
            if file.suffix == ".json":
                yield capability, json.loads(file.read_bytes())


def _assert_is_a_post(post: Post) -> None:
    assert isinstance(post.external_id, str)
    assert post.url.startswith(("http://", "https://"))
    assert datetime(1970, 1, 1, tzinfo=UTC) < post.published_at <= datetime.now(UTC)
    assert post.author.external_id
    assert "\x00" not in post.text
    assert all(link.startswith(("http://", "https://")) for link in post.links)


def _with_dates(data: Any, odd: object) -> Any:
    if isinstance(data, dict):
        return {key: _with_dates(value, odd) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_dates(item, odd) for item in data]
    is_date = isinstance(data, str) and len(data) >= 10 and data[:4].isdigit() and instant(data) is not None
    return odd if is_date else data


def _variants(data: Any, odd: Iterator[object]) -> Iterator[Any]:
    """The data with one field replaced: each field once, by the odd values in turn."""
    places = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for place, value in list(places):
        changed = data.copy()
        changed[place] = next(odd)
        yield changed
        for inner in _variants(value, odd):
            changed = data.copy()
            changed[place] = inner
            yield changed
