"""Makes posts and profiles of Lemmy's views, under the names of 0.19 or of 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from monitoring.platforms.connectors.markdown_text import read_markdown
from monitoring.platforms.reading import (
    count,
    identifier,
    instant,
    optional_identifier,
    part,
    published,
    text,
)
from monitoring.platforms.types import Author, Engagement, Post, Profile


def post_from(view: Mapping[str, object], server: str) -> Post | None:
    """None for what its author or a moderator removed. A comment has the post it belongs to beside it."""
    post, comment = part(view, "post"), part(view, "comment")
    own = comment or post
    if own.get("deleted") is True or own.get("removed") is True:
        return None
    counts = part(view, "counts") or own
    address = identifier(own, "ap_id")
    words, links = read_markdown(text(comment, "content") or ("" if comment else text(post, "body")))
    about = ("",) if comment else (text(post, "url"),)
    return Post(
        external_id=address,
        url=address,
        title="" if comment else text(post, "name"),
        community=_community(part(view, "community")),
        text=words,
        published_at=published(own.get("published") or own.get("published_at")),
        edited_at=instant(own.get("updated") or own.get("updated_at")),
        author=_author(part(view, "creator")),
        engagement=Engagement(
            likes=count(counts, "upvotes"),
            replies=count(counts, "child_count" if comment else "comments"),
        ),
        parent_id=_parent(post, comment, server),
        thread_id=optional_identifier(post, "ap_id"),
        links=tuple(link for link in (*about, *links) if link.startswith(("http://", "https://"))),
        has_media=not comment and bool(text(post, "thumbnail_url")),
        raw=view,
    )


def _parent(post: Mapping[str, object], comment: Mapping[str, object], server: str) -> str | None:
    """What a comment replies to. A comment above it is known only by this server's number for it."""
    above = text(comment, "path").split(".")[1:-1]
    if above:
        return f"{server}/comment/{above[-1]}"
    return optional_identifier(post, "ap_id") if comment else None


def _at_home(name: str, address: str) -> str:
    home = urlsplit(address).hostname
    return f"{name}@{home}" if home else name


def _address(data: Mapping[str, object]) -> str:
    return text(data, "actor_id") or identifier(data, "ap_id")


def _community(community: Mapping[str, object]) -> str:
    """As Lemmy writes it: !coffee@lemmy.world."""
    name = text(community, "name")
    address = text(community, "actor_id") or text(community, "ap_id")
    return f"!{_at_home(name, address)}" if name else ""


def _author(creator: Mapping[str, object]) -> Author:
    address = _address(creator)
    name = text(creator, "name")
    return Author(
        external_id=address,
        handle=_at_home(name, address),
        name=text(creator, "display_name") or name,
        url=address,
        avatar_url=text(creator, "avatar"),
    )


def person_from(view: Mapping[str, object]) -> Profile:
    person = part(view, "person")
    counts = part(view, "counts") or person
    author = _author(person)
    return Profile(
        external_id=author.external_id,
        handle=author.handle,
        name=author.name,
        url=author.url,
        avatar_url=author.avatar_url,
        posts=count(counts, "post_count"),
    )


def community_from(view: Mapping[str, object]) -> Profile:
    community = part(view, "community")
    counts = part(view, "counts") or community
    address = _address(community)
    return Profile(
        external_id=address,
        handle=f"!{_at_home(text(community, 'name'), address)}",
        name=text(community, "title") or text(community, "name"),
        url=address,
        avatar_url=text(community, "icon"),
        followers=count(counts, "subscribers"),
        posts=count(counts, "posts"),
    )
