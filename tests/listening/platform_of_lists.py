"""A platform whose posts a test writes down: a real connector that reads from a list instead of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from monitoring.listening.collecting.claiming import claim_source
from monitoring.listening.collecting.running import collect_source
from monitoring.listening.models import Outcome, Source
from monitoring.platforms.connector import Connector
from monitoring.platforms.types import (
    Access,
    Author,
    Capability,
    Cursor,
    Engagement,
    Page,
    Platform,
    Post,
    SearchRequest,
)

NOW = datetime.now(UTC).replace(microsecond=0)


def make_post(
    name: str,
    text: str = "I love Halden Coffee",
    *,
    age: timedelta = timedelta(hours=1),
    author: str = "jo",
    followers: int | None = 100,
    **fields: Any,
) -> Post:
    """A post named by its id, `age` before now."""
    return Post(
        external_id=name,
        url=f"https://example.com/{name}",
        text=text,
        published_at=NOW - age,
        author=Author(external_id=author, handle=author, name=author.title(), followers=followers),
        engagement=fields.pop("engagement", Engagement(likes=1, replies=0)),
        **fields,
    )


@dataclass
class PlatformOfLists:
    """What the platform would answer, and what it was asked. Posts are newest first, as everywhere."""

    posts: Sequence[Post] = ()
    page_size: int = 2
    errors: list[Exception] = field(default_factory=list)
    requests: list[tuple[SearchRequest, Cursor | None]] = field(default_factory=list)
    search_window: timedelta | None = None

    def open(self, *, platform: str, server: str = "", account: object = None) -> Connector:
        described = self
        PlatformData = Platform(
            slug=platform,
            name="Lists",
            short_name="LI",
            color="#000000",
            home="",
            capabilities={Capability.SEARCH_POSTS: Access.OPEN},
            search_window=described.search_window,
        )

        class ListConnector(Connector):
            platform = PlatformData

            def __init__(self) -> None:
                self.credentials: Mapping[str, str] = {}

            def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
                return described.answer(request, cursor)

        return ListConnector()

    def answer(self, request: SearchRequest, cursor: Cursor | None) -> Page[Post]:
        self.requests.append((request, cursor))
        if self.errors:
            raise self.errors.pop(0)
        newest_first = sorted(self.posts, key=lambda post: post.published_at, reverse=True)
        start = int(cursor or 0)
        items = tuple(newest_first[start : start + self.page_size])
        more = len(newest_first) > start + self.page_size
        return Page(items=items, next_cursor=str(start + self.page_size) if more else None)

    def collect(self, source: Source) -> Outcome:
        """One run, as a worker does it."""
        claim = claim_source(source.pk)
        assert claim
        return collect_source(claim, open_=self.open)


def make_source(query: str = "halden", **fields: Any) -> Source:
    return Source.objects.create(
        platform=fields.pop("platform", "bluesky"),
        kind="search_posts",
        query=query,
        due_at=NOW,
        interval=timedelta(minutes=15),
        **fields,
    )
