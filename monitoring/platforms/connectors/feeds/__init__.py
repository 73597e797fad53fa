"""Feeds: RSS, Atom and JSON Feed of any site, and the platforms whose open door is a feed.

There are two uses. Without a server, a search text names a feed (`feeds.addresses` shows the forms), and
`searches` makes those of Google News and Reddit. With a server, which is a feed's own address, every entry
is handed over whatever the text is. A page that is no feed is searched for a link to one, so a blog's
address is enough.

A feed is one page without a cursor. Its checkpoint holds where the feed was found and its ETag and
Last-Modified, so an unchanged feed costs its server next to nothing. A feed that breaks off in the middle
moves no checkpoint.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from monitoring.analysis.queries import Query
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.feeds.addresses import (
    REDDIT,
    feed_behind,
    linked_feed,
    news_searches,
    reddit_searches,
    search_address,
)
from monitoring.platforms.connectors.feeds.entries import Entry, Feed, read_feed
from monitoring.platforms.connectors.feeds.gone import gone_pages
from monitoring.platforms.connectors.feeds.posts import REDDIT_THREAD, post_from
from monitoring.platforms.errors import NotFound, UnexpectedResponse
from monitoring.platforms.http import Answer, PlatformHttp
from monitoring.platforms.reading import page_of, text
from monitoring.platforms.types import (
    Access,
    Capability,
    Cursor,
    Page,
    Platform,
    Post,
    ProfileLink,
    RateRule,
    SearchRequest,
)

# Both throttle by address, and answer impatience with a refusal that lasts.
_HOST_RULES: Mapping[str, tuple[RateRule, ...]] = {
    "www.reddit.com": (RateRule(requests=1, window=timedelta(minutes=1)),),
    "news.google.com": (RateRule(requests=10, window=timedelta(minutes=1)),),
}
_MIRRORED = frozenset({*_HOST_RULES, "www.youtube.com", "www.google.com"})


class FeedsConnector(Connector):
    platform = Platform(
        slug="feeds",
        name="Feeds and news",
        short_name="Fe",
        color="#5a6a1f",
        home="",
        capabilities={Capability.SEARCH_POSTS: Access.OPEN, Capability.LIST_POSTS: Access.OPEN},
        rate_rules=(RateRule(requests=60, window=timedelta(minutes=1)),),
        many_servers=True,
        servers_are_read_whole=True,
        counts_reactions=False,
        lateness=timedelta(days=3),  # news is found days after its date, and some dates have no clock time
        note="Google News and Reddit by keyword, and any feed by its address. Feeds do not count reactions.",
    )

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        slug = cls.platform.slug
        return tuple(sorted({*news_searches(query, slug), *reddit_searches(query, slug)}))

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        address = feed_behind(pasted)
        return ProfileLink(platform=cls.platform.slug, handle=address) if address else None

    @classmethod
    def post_address(cls, external_id: str) -> str:
        """What Reddit's feeds call a thread, or else an address."""
        thread = external_id.removeprefix(REDDIT_THREAD)
        is_thread = thread != external_id and thread.isalnum()
        return f"{REDDIT}/comments/{thread}" if is_thread else super().post_address(external_id)

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        return self._page(self._address(request), request.since, request.checkpoint)

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        """The entries of the feed at the address `handle`."""
        return self._page(_web_address(handle), None, None)

    def find_gone(self, addresses: Sequence[str]) -> frozenset[str]:
        return gone_pages(self._http, addresses, not_asked=_MIRRORED)

    def find_feed(self, address: str) -> str:
        """The address of the feed itself, where a customer may have given that of a page that links to it."""
        found = _web_address(address)
        return self._read(found, {})[2] or found

    def check_server(self) -> str | None:
        found = self.find_feed(feed_behind(self.server) or self.server)
        if found.endswith("/"):  # servers are kept without; nearly all sites answer to both
            self._read(found.rstrip("/"), {})
        return found

    @property
    def _mirror(self) -> str:
        """A server without a path stands in for Google News and the others (`PLATFORM_URLS`)."""
        return self.server.rstrip("/") if self.server and urlsplit(self.server).path in {"", "/"} else ""

    def _address(self, request: SearchRequest) -> str:
        named = search_address(request.text, request.since)
        if self.server and not (self._mirror and named):
            return self.server
        if named is None:
            raise NotFound(f"“{request.text}” names no feed. It begins with news:, reddit: or https://.")
        return named

    def _page(self, address: str, since: datetime | None, checkpoint: str | None) -> Page[Post]:
        known = _remembered(checkpoint)
        answer, feed, found_at = self._read(address, known)
        if answer.status == HTTPStatus.NOT_MODIFIED or feed is None:
            return Page(items=(), checkpoint=checkpoint)

        def post(entry: object) -> Post | None:
            made = post_from(cast(Entry, entry), feed, address)
            return made if since is None or made.published_at >= since else None

        page = page_of(feed.entries, post, host=_host(address))
        newest_first = sorted(page.items, key=lambda item: item.published_at, reverse=True)
        left = _checkpoint(answer, found_at) if feed.whole else checkpoint
        return replace(page, items=tuple(newest_first), checkpoint=left)

    def _read(self, address: str, known: Mapping[str, object]) -> tuple[Answer, Feed | None, str]:
        """The answer, the feed in it (None if unchanged), and where it was found if not at `address`."""
        found_at = text(known, "found_at")
        answer = self._get(address, found_at, known)
        feed = read_feed(answer)
        if feed or answer.status == HTTPStatus.NOT_MODIFIED:
            return answer, feed, found_at
        linked = linked_feed(answer)
        if linked:
            answer = self._http(linked).get(linked)
            feed = read_feed(answer)
        if feed is None:
            raise UnexpectedResponse(f"{_host(address)} sent {_kind(answer)} instead of a feed.")
        return answer, feed, linked or ""

    def _get(self, address: str, found_at: str, known: Mapping[str, object]) -> Answer:
        target = found_at or address
        headers = {"If-None-Match": text(known, "etag"), "If-Modified-Since": text(known, "modified")}
        try:
            return self._http(target).get(
                self._reached(target),
                headers={name: value for name, value in headers.items() if value},
                expect=(HTTPStatus.OK, HTTPStatus.NOT_MODIFIED),
            )
        except NotFound:
            if not found_at:
                raise
            return self._get(address, "", {})  # the feed moved: the page knows where to

    def _http(self, address: str) -> PlatformHttp:
        """With the budget of the address's host: one that throttles us must not silence the others."""
        http, host = copy(self.http), _host(address)
        http.key, http.rules = f"{self.http.key}:{host}", _HOST_RULES.get(host, self.http.rules)
        return http

    def _reached(self, address: str) -> str:
        if not self._mirror or _host(address) not in _MIRRORED:
            return address
        parts = urlsplit(address)
        return f"{self._mirror}{parts.path}?{parts.query}"


def _host(address: str) -> str:
    return urlsplit(address).hostname or "the feed"


def _kind(answer: Answer) -> str:
    return "a web page" if b"<html" in answer.content[:2000].lower() else "something else"


def _web_address(handle: str) -> str:
    address = handle.strip()
    if address.startswith(("http://", "https://")):
        return address
    if "." not in address or " " in address:
        raise NotFound(f"“{address}” is not the address of a feed.")
    return f"https://{address}"


def _checkpoint(answer: Answer, found_at: str) -> str | None:
    facts = {
        "etag": answer.headers.get("etag", ""),
        "modified": answer.headers.get("last-modified", ""),
        "found_at": found_at,
    }
    kept = {name: value for name, value in facts.items() if value}
    return json.dumps(kept) if kept else None


def _remembered(checkpoint: str | None) -> Mapping[str, object]:
    try:
        known = json.loads(checkpoint or "{}")
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}
