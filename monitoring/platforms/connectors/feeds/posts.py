"""Makes posts of feed entries, and knows the habits of Google News, Google Alerts, Reddit and YouTube.

What feeds leave out: without an id the link is the id, and without a link a digest of title and text;
without a date the feed's own date counts, and without that the moment of reading. An id is only unique
within its feed, so the host stands before it, except where it is an address or a tag of its own.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from urllib.parse import urlsplit

from monitoring.platforms.bounds import LONGEST_SHORT_ID, kept_id, short_id
from monitoring.platforms.connectors.feeds.addresses import REDDIT, unwrapped
from monitoring.platforms.connectors.feeds.entries import Entry, Feed
from monitoring.platforms.reading import Unreadable, published
from monitoring.platforms.types import Author, Engagement, Post

REDDIT_THREAD = "reddit.com:t3_"
_GLOBAL_ID = re.compile(r"(?:https?://|tag:|urn:|yt:)\S+")
_LONGEST_ID = 500
_REDDIT_FOOTER = re.compile(r"\s*submitted by\s+/?u/\S+(?:\s+to\s+/?r/\S+)?\s+\[link\].*\Z", re.DOTALL)
_REDDIT_LINK = re.compile(r"/(r/\w+)/comments/(\w+)/")


def post_from(entry: Entry, feed: Feed, address: str) -> Post:
    """`address` is where the feed lives, before redirects."""
    host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("old.")
    post = _post(entry, feed, host)
    if host == "news.google.com":
        return _as_news(post, entry)
    if host == "reddit.com":
        return _as_reddit(post, entry)
    return post


def _post(entry: Entry, feed: Feed, host: str) -> Post:
    if not (entry.title or entry.text):
        raise Unreadable("an entry without title and text")
    changed = entry.published_at and entry.updated_at and entry.updated_at > entry.published_at
    views = entry.views or ""
    return Post(
        external_id=_external_id(entry, host),
        url=_web(unwrapped(entry.url)) or _web(feed.url) or f"https://{host}",
        title=entry.title,
        text="" if entry.text == entry.title else entry.text,
        published_at=published(*_dates(entry, feed)),
        edited_at=entry.updated_at if changed else None,
        author=_author(entry, feed, host),
        community=_site(entry.source_url) or _site(feed.url) or host,
        language=(entry.language or feed.language).partition("-")[0].lower() or None,
        engagement=Engagement(views=int(views) if views.isdecimal() and len(views) < 18 else None),
        links=tuple(link for link in map(_web, entry.links) if link),
        has_media=entry.has_media,
        raw=entry.raw,
    )


def _site(address: str) -> str:
    try:
        return (urlsplit(_web(address)).hostname or "").removeprefix("www.")
    except ValueError:  # no address after all
        return ""


def _web(address: str) -> str:
    return address if address.startswith(("http://", "https://")) else ""


def _external_id(entry: Entry, host: str) -> str:
    digest = hashlib.sha256(f"{entry.title}\n{entry.text}".encode(errors="replace")).hexdigest()
    own = entry.id or entry.url or digest
    found = own if _GLOBAL_ID.fullmatch(own) else f"{host}:{own}"
    if len(found) <= _LONGEST_ID and kept_id(found):
        return found
    return f"{host}:{hashlib.sha256(own.encode(errors='replace')).hexdigest()}"


def _dates(entry: Entry, feed: Feed) -> tuple[str | None, ...]:
    moment = entry.published_at or entry.updated_at or feed.updated_at
    return (moment.isoformat() if moment else None,)


def _author(entry: Entry, feed: Feed, host: str) -> Author:
    """Whoever signed the entry, otherwise the publication. A name means something within its feed only."""
    name = entry.author or entry.source or feed.title or host
    address = _web(entry.author_url) or _web(entry.source_url) or _web(feed.url) or f"https://{host}"
    external_id = short_id(f"{host}:{name}", LONGEST_SHORT_ID) if entry.author else host
    return Author(external_id=external_id, handle=name, name=name, url=address)


def _as_news(post: Post, entry: Entry) -> Post:
    """The publisher stands behind the headline, and the text is the headline again, linked."""
    _headline, dash, behind = post.title.rpartition(" - ")
    site = _site(entry.source_url)
    publisher = entry.source or (behind if dash else "") or site or post.author.name
    handle = site or publisher
    external_id = short_id(handle, LONGEST_SHORT_ID)
    author = Author(external_id=external_id, handle=handle, name=publisher, url=_web(entry.source_url))
    title = post.title.removesuffix(f" - {publisher}") if publisher else post.title
    return replace(post, title=title, text="", author=author, community=handle)


def _as_reddit(post: Post, entry: Entry) -> Post:
    """A post's text ends in its author and links; a comment's title only repeats the post's."""
    name = entry.author.removeprefix("/").removeprefix("u/")
    thread = _REDDIT_LINK.search(entry.url)
    own = entry.id.rsplit("/", 1)[-1]  # feedparser takes an Atom id for a relative address
    is_comment = own.startswith("t1_")
    author = (
        Author(external_id=name, handle=name, name=name, url=f"{REDDIT}/user/{name}") if name else post.author
    )
    return replace(
        post,
        external_id=f"reddit.com:{own}" if own else post.external_id,
        title="" if is_comment else post.title,
        text=_REDDIT_FOOTER.sub("", f"\n{post.text}").strip(),
        author=author,
        community=thread[1] if thread else post.community,
        thread_id=f"{REDDIT_THREAD}{thread[2]}" if thread else None,
    )
