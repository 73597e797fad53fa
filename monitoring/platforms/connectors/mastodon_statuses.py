"""Mastodon's statuses and accounts as ours."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from monitoring.platforms.html_text import html_to_text, links_in
from monitoring.platforms.reading import (
    Unreadable,
    count,
    identifier,
    instant,
    mapping,
    optional_identifier,
    part,
    published,
    text,
)
from monitoring.platforms.types import Author, Engagement, Post, Profile

_WEB = ("http://", "https://")


def is_public(status: Mapping[str, object]) -> bool:
    """Neither somebody's repetition of another post nor meant for a few."""
    return not status.get("reblog") and status.get("visibility", "public") in {"public", "unlisted", None, ""}


def read_status(status: Mapping[str, object], server: str) -> Post:
    uri = text(status, "uri") or text(status, "url")
    if not uri.startswith(_WEB):
        raise Unreadable("no uri")
    shown = text(status, "url")
    content, warning = text(status, "content"), text(status, "spoiler_text")
    parent = optional_identifier(status, "in_reply_to_id")
    author = read_author(mapping(status.get("account")), server)
    return Post(
        external_id=uri,
        native_id=identifier(status, "id"),
        url=shown if shown.startswith(_WEB) else uri,
        text="\n\n".join(piece for piece in (html_to_text(warning), html_to_text(content)) if piece),
        published_at=published(status.get("created_at")),
        author=author,
        community=author.external_id.rpartition("@")[2],  # the server that its author lives on
        language=text(status, "language") or None,
        engagement=Engagement(
            likes=count(status, "favourites_count"),
            replies=count(status, "replies_count"),
            shares=count(status, "reblogs_count"),
            quotes=count(status, "quotes_count"),
        ),
        # A parent is named by the id it has on this server, which is all that is said about it.
        parent_id=parent_address(server, parent) if parent else None,
        links=_links(status, content),
        has_media=bool(status.get("media_attachments")),
        edited_at=instant(status.get("edited_at")),
        raw=status,
    )


def parent_address(server: str, native_id: str) -> str:
    """The web page of a post that is known by its number on a server alone."""
    return f"{server}/statuses/{native_id}"


def read_author(account: Mapping[str, object], server: str) -> Author:
    """Known by the full handle: the same person has another id on every server."""
    handle = _full_handle(account, server)
    return Author(
        external_id=handle.lower(),
        handle=handle,
        name=text(account, "display_name"),
        url=text(account, "url"),
        avatar_url=text(account, "avatar"),
        followers=count(account, "followers_count"),
    )


def read_profile(account: Mapping[str, object], server: str) -> Profile:
    author = read_author(account, server)
    return Profile(
        external_id=author.external_id,
        handle=author.handle,
        name=author.name,
        url=author.url,
        avatar_url=author.avatar_url,
        followers=author.followers,
        following=count(account, "following_count"),
        posts=count(account, "statuses_count"),
    )


def _full_handle(account: Mapping[str, object], server: str) -> str:
    handle = text(account, "acct") or text(account, "username")
    if not handle:
        raise Unreadable("an account without a name")
    return handle if "@" in handle else f"{handle}@{urlsplit(server).netloc}"


def _links(status: Mapping[str, object], content: str) -> tuple[str, ...]:
    card = text(part(status, "card"), "url")
    return tuple(dict.fromkeys([*links_in(content), *([card] if card.startswith(_WEB) else [])]))
