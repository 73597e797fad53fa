"""Hacker News, through Algolia's public search of it.

Algolia hands out at most 1,000 hits a query, so a cursor is no page number but a moment: each page asks for
what was written until then. Typo tolerance is off and words are quoted, or half the language would match a
short name. Karma is no audience: a profile's followers are unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from monitoring.analysis.queries import Query
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.native_search import (
    allowed_alternatives,
    fitting,
    prefixed_parts,
    quoted_parts,
)
from monitoring.platforms.errors import NotFound
from monitoring.platforms.html_text import html_to_text
from monitoring.platforms.reading import (
    count,
    identifier,
    items_of,
    mapping,
    optional_identifier,
    page_of,
    published,
    readable,
    text,
)
from monitoring.platforms.types import (
    Access,
    Author,
    Capability,
    Cursor,
    Engagement,
    Page,
    Platform,
    Post,
    Profile,
    ProfileLink,
    RateRule,
    SearchRequest,
)

HOST = "Hacker News"
SITE = "https://news.ycombinator.com"
PAGE_SIZE = 1_000  # the most that Algolia gives: fewer requests, fewer transactions
_LONGEST = 500  # Algolia reads no more of a search
_NAME = re.compile(r"[A-Za-z0-9_-]{2,40}")
_PASTED = re.compile(r"(?:https?://)?news\.ycombinator\.com/user\?id=([A-Za-z0-9_-]{2,40})\b")


class HackerNewsConnector(Connector):
    platform = Platform(
        slug="hackernews",
        name="Hacker News",
        short_name="HN",
        color="#a8480f",
        home="https://hn.algolia.com",
        capabilities={
            Capability.SEARCH_POSTS: Access.OPEN,
            Capability.READ_PROFILE: Access.OPEN,
            Capability.LIST_POSTS: Access.OPEN,
            Capability.READ_POSTS: Access.OPEN,
        },
        rate_rules=(
            RateRule(requests=5000, window=timedelta(hours=1)),
        ),  # half of what Algolia allows an address
        note="Stories and comments. People have karma there, not followers.",
    )

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        """One for each alternative: its words and phrases in quotes, and `word*` for a prefix."""
        found = allowed_alternatives(query, cls.platform.slug)
        texts = {fitting([*quoted_parts(item), *prefixed_parts(item)], longest=_LONGEST) for item in found}
        return tuple(sorted(texts - {""}))

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        found = _PASTED.match(pasted.strip())
        return ProfileLink(platform=cls.platform.slug, handle=found[1]) if found else None

    @classmethod
    def post_address(cls, external_id: str) -> str:
        return f"{SITE}/item?id={external_id}" if external_id.isdecimal() else ""

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        return self._newest(request.text, "(story,comment)", request.since, cursor)

    def read_profile(self, handle: str) -> Profile:
        name = _checked_name(handle)
        answer = self.http.get_json(f"{self.server}/api/v1/users/{name}")
        return readable(lambda: _profile(mapping(answer.data), name), host=HOST)

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        return self._newest("", f"(story,comment),author_{_checked_name(handle)}", None, cursor)

    def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
        """All the stories among them in one request; a comment can only be asked for one at a time."""
        wanted = [item for item in external_ids if item.isdecimal()]
        rest = frozenset(external_ids) - frozenset(wanted)
        if not wanted:
            return Page(items=(), unknown=rest)
        stories = ",".join(f"story_{item}" for item in wanted)
        found = self._search({"tags": f"story,({stories})", "hitsPerPage": len(wanted)})
        known = {str(hit.get("objectID")) for hit in found if isinstance(hit, dict)}
        others = [self._item(item) for item in wanted if item not in known]
        page = page_of([*found, *(item for item in others if item)], _post, host=HOST)
        return replace(page, unknown=rest | (frozenset(wanted) if page.skipped else frozenset()))

    def _newest(self, words: str, tags: str, since: datetime | None, cursor: Cursor | None) -> Page[Post]:
        bounds = [f"created_at_i>={int(since.timestamp())}"] if since else []
        bounds += [f"created_at_i<={int(cursor)}"] if cursor else []
        hits = self._search(
            {
                "query": words.replace("*", ""),
                "queryType": "prefixAll" if "*" in words else "prefixNone",
                "typoTolerance": "false",
                "advancedSyntax": "true",
                "tags": tags,
                "restrictSearchableAttributes": "title,story_text,comment_text,url",
                "numericFilters": ",".join(bounds),
                "hitsPerPage": PAGE_SIZE,
            }
        )
        return page_of(hits, _post, host=HOST, next_cursor=_older(hits, cursor))

    def _search(self, params: Mapping[str, str | int]) -> Sequence[object]:
        given = {name: value for name, value in params.items() if value != ""}
        return items_of(
            self.http.get_json(f"{self.server}/api/v1/search_by_date", params=given).data,
            "hits",
            HOST,
        )

    def _item(self, external_id: str) -> Mapping[str, object] | None:
        answer = self.http.get_json(
            f"{self.server}/api/v1/items/{external_id}", expect=(HTTPStatus.OK, HTTPStatus.NOT_FOUND)
        )
        return readable(lambda: mapping(answer.data), host=HOST) if answer.status == HTTPStatus.OK else None


def _profile(data: Mapping[str, object], asked: str) -> Profile:
    found = text(data, "username") or asked
    return Profile(external_id=found, handle=found, name=found, url=f"{SITE}/user?id={found}")


def _checked_name(handle: str) -> str:
    name = handle.strip().lstrip("@")
    if not _NAME.fullmatch(name):
        raise NotFound(f"Nobody on Hacker News can be called “{name}”.")
    return name


def _older(hits: Sequence[object], cursor: Cursor | None) -> Cursor | None:
    """Until the second of the oldest hit: others of that second may not have fitted on this page."""
    if len(hits) < PAGE_SIZE:
        return None
    moments = [
        hit["created_at_i"]
        for hit in hits
        if isinstance(hit, dict) and isinstance(hit.get("created_at_i"), int)
    ]
    if not moments:
        return None
    oldest = min(moments)
    return str(oldest if cursor is None or oldest < int(cursor) else int(cursor) - 1)


def _post(item: object) -> Post | None:
    """From a hit of the search, or from an item, which names the same things a little differently."""
    hit = mapping(item)
    external_id = optional_identifier(hit, "objectID") or identifier(hit, "id")
    author = text(hit, "author")
    if not author:  # deleted, or killed by a moderator
        return None
    parent = optional_identifier(hit, "parent_id")
    return Post(
        external_id=external_id,
        url=f"{SITE}/item?id={external_id}",
        title=text(hit, "title"),
        text=html_to_text(text(hit, "comment_text") or text(hit, "story_text") or text(hit, "text")),
        published_at=published(hit.get("created_at_i"), hit.get("created_at")),
        author=Author(external_id=author, handle=author, name=author, url=f"{SITE}/user?id={author}"),
        engagement=Engagement(likes=count(hit, "points"), replies=count(hit, "num_comments")),
        parent_id=parent,
        thread_id=optional_identifier(hit, "story_id") or external_id,
        links=(text(hit, "url"),) if text(hit, "url") else (),
        raw=hit,
    )
