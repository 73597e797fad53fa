"""Reads RSS, Atom (through feedparser) and JSON Feed into one shape. All text that comes out is plain."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import urljoin

import feedparser
from feedparser.exceptions import ThingsNobodyCaresAboutButMe

from monitoring.platforms.html_text import html_to_text
from monitoring.platforms.http import Answer, storable
from monitoring.platforms.reading import instant, optional_identifier, part, parts, text

MOST_ENTRIES = 1000  # of a feed; reading more would keep a worker busy for minutes
_JSON_FEED = "https://jsonfeed.org/version/1"
_ENTRY = re.compile(rb"<(?:\w+:)?(item|entry)[\s>]", re.IGNORECASE)
_CLOSING = {b"item": b"</channel></rss>", b"entry": b"</feed>"}
_ENTITY_DECLARATION = re.compile(rb"<!ENTITY[^>]*>")  # feeds need none; they can make a small feed immense


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What one entry says of itself; an empty string or None where it says nothing."""

    id: str = ""
    url: str = ""
    title: str = ""
    text: str = ""
    author: str = ""
    author_url: str = ""
    source: str = ""  # the publication it was taken from
    source_url: str = ""
    published_at: datetime | None = None
    updated_at: datetime | None = None
    language: str = ""
    links: tuple[str, ...] = ()
    has_media: bool = False
    views: str | None = None
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Feed:
    title: str
    url: str  # the site it belongs to
    language: str
    updated_at: datetime | None
    entries: tuple[Entry, ...]
    whole: bool  # it was well formed to its end


def read_feed(answer: Answer) -> Feed | None:
    """None where the answer is no feed, or breaks off before its first entry."""
    if answer.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(answer)
    try:
        parsed = feedparser.parse(
            BytesIO(_harmless(answer.content)),
            response_headers=_headers(answer),
            sanitize_html=False,  # nothing but its text is taken from HTML, and a feed can make these two take hours
            resolve_relative_uris=False,
        )
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError):
        return None  # feedparser falls over some damaged feeds, in many ways
    whole = not parsed.get("bozo") or isinstance(parsed.get("bozo_exception"), ThingsNobodyCaresAboutButMe)
    if not parsed.get("version") or not (whole or parsed.entries):
        return None
    head = parsed.feed
    return Feed(
        title=_plain(head, "title"),
        url=_text(head, "link"),
        language=_text(head, "language"),
        updated_at=_moment(head, "updated_parsed") or _moment(head, "published_parsed"),
        entries=tuple(_entry(entry) for entry in parsed.entries),
        whole=whole,
    )


def _harmless(content: bytes) -> bytes:
    """Without declared entities, and ending before the first entry that is not read any more."""
    # What is declared behind it never ends: each would be sought to the end of the feed.
    end = content.rfind(b">") + 1
    content = _ENTITY_DECLARATION.sub(b"", content[:end]) + content[end:]
    surplus = next(islice(_ENTRY.finditer(content), MOST_ENTRIES, None), None)
    return content[: surplus.start()] + _CLOSING[surplus[1].lower()] if surplus else content


def _headers(answer: Answer) -> dict[str, str]:
    content_type = answer.headers.get("content-type")
    return {"content-location": answer.url, **({"content-type": content_type} if content_type else {})}


def _entry(entry: Any) -> Entry:
    author = entry.get("author_detail") or {}
    source = entry.get("source") or {}
    content = max((_html(item) for item in entry.get("content", [])), key=len, default="")
    return Entry(
        id=_text(entry, "id"),
        url=_text(entry, "link"),
        title=_plain(entry, "title"),
        text=content or _plain(entry, "summary"),
        author=html_to_text(_text(author, "name")),
        author_url=_text(author, "href"),
        source=html_to_text(_text(source, "title")),
        source_url=_text(source, "href"),
        published_at=_moment(entry, "published_parsed"),
        updated_at=_moment(entry, "updated_parsed"),
        language=_text(entry.get("title_detail") or {}, "language"),
        has_media=bool(entry.get("media_content") or entry.get("media_thumbnail") or entry.get("enclosures")),
        views=_text(entry.get("media_statistics") or {}, "views") or None,
        raw={"id": _text(entry, "id"), "link": _text(entry, "link"), "published": _text(entry, "published")},
    )


def _text(data: Any, key: str) -> str:
    value = data.get(key)
    return storable(value).strip() if isinstance(value, str) else ""


def _plain(data: Any, key: str) -> str:
    return _html(data.get(f"{key}_detail") or {"value": _text(data, key)})


def _html(detail: Any) -> str:
    value = _text(detail, "value")
    return value if detail.get("type") == "text/plain" else html_to_text(value)


def _moment(data: Any, key: str) -> datetime | None:
    parsed = (
        data.get(key) if key in data else None
    )  # asked otherwise, feedparser passes off one date as another
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _json_feed(answer: Answer) -> Feed | None:
    try:
        data = json.loads(answer.text())
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not text(data, "version").startswith(_JSON_FEED):
        return None
    return Feed(
        title=text(data, "title"),
        url=text(data, "home_page_url"),
        language=text(data, "language"),
        updated_at=None,
        entries=tuple(_json_entry(item, answer.url) for item in parts(data, "items")[:MOST_ENTRIES]),
        whole=True,
    )


def _json_entry(item: Mapping[str, object], base: str) -> Entry:
    author = next(iter(parts(item, "authors")), part(item, "author"))
    external = text(item, "external_url")
    return Entry(
        id=optional_identifier(item, "id") or "",
        url=urljoin(base, text(item, "url") or external),
        title=text(item, "title"),
        text=text(item, "content_text") or html_to_text(text(item, "content_html")) or text(item, "summary"),
        author=text(author, "name"),
        author_url=text(author, "url"),
        published_at=instant(item.get("date_published")),
        updated_at=instant(item.get("date_modified")),
        language=text(item, "language"),
        links=(external,) if external and text(item, "url") else (),
        has_media=bool(text(item, "image") or parts(item, "attachments")),
        raw=item,
    )
