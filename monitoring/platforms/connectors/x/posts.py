"""Makes posts and profiles of X's objects, in the spelling of its guides and in that of its OpenAPI file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape

from monitoring.platforms.connectors.x.client import HOST
from monitoring.platforms.reading import (
    count,
    identifier,
    instant,
    mapping,
    optional_identifier,
    part,
    parts,
    published,
    read_each,
    text,
    texts,
)
from monitoring.platforms.types import Author, Engagement, Post, Profile

SITE = "https://x.com"
_FIRST_MOMENT = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)  # from which the ids count milliseconds
_LANGUAGES = {"in": "id", "iw": "he"}
_NO_LANGUAGE = re.compile(r"und|zxx|q..|art")


def authors_of(answer: Mapping[str, object]) -> Mapping[str, Author]:
    users = parts(part(answer, "includes"), "users")
    authors, _skipped = read_each(users, lambda user: _author(mapping(user)), host=HOST)
    return {author.external_id: author for author in authors}


def post_from(item: object, authors: Mapping[str, Author]) -> Post | None:
    """None for a repost. An edited post keeps the id of its first version and is asked for by its latest."""
    data = mapping(item)
    referenced = _references(data)
    if referenced.keys() & {"retweeted", "reposted"}:
        return None
    version = identifier(data, "id")
    versions = texts(data, "edit_history_tweet_ids") or texts(data, "edit_history_post_ids") or (version,)
    author = authors.get(text(data, "author_id")) or _unknown_author(data)
    words, links = _text_and_links(data)
    edited = len(versions) > 1 and version != versions[0]
    return Post(
        external_id=versions[0] or version,
        native_id=versions[-1] if len(versions) > 1 else "",
        url=f"{SITE}/{author.handle or 'i/web'}/status/{version}",
        text=words,
        published_at=published(data.get("created_at"), _moment(versions[0]) if edited else None),
        edited_at=instant(data.get("created_at")) if edited else None,
        author=author,
        language=_language(text(data, "lang")),
        engagement=_engagement(part(data, "public_metrics")),
        parent_id=referenced.get("replied_to"),
        thread_id=optional_identifier(data, "conversation_id"),
        links=links,
        has_media=bool(texts(part(data, "attachments"), "media_keys")),
        raw=data,
    )


def profile_from(user: Mapping[str, object]) -> Profile:
    metrics = part(user, "public_metrics")
    author = _author(user)
    return Profile(
        external_id=author.external_id,
        handle=author.handle,
        name=author.name,
        url=author.url,
        avatar_url=author.avatar_url,
        followers=count(metrics, "followers_count"),
        following=count(metrics, "following_count"),
        posts=_either(metrics, "tweet_count", "post_count"),
    )


def _author(user: Mapping[str, object]) -> Author:
    handle = text(user, "username")
    return Author(
        external_id=identifier(user, "id"),
        handle=handle,
        name=text(user, "name") or handle,
        url=f"{SITE}/{handle}",
        avatar_url=text(user, "profile_image_url"),
        followers=count(part(user, "public_metrics"), "followers_count"),
    )


def _unknown_author(data: Mapping[str, object]) -> Author:
    number = identifier(data, "author_id")
    return Author(external_id=number, handle="", url=f"{SITE}/i/user/{number}")


def _references(data: Mapping[str, object]) -> Mapping[str, str]:
    found = parts(data, "referenced_tweets") or parts(data, "referenced_posts")
    return {text(item, "type"): text(item, "id") for item in found if text(item, "id")}


def _text_and_links(data: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """The whole text, its t.co links written out; the link to the post's own pictures says nothing."""
    note = part(data, "note_tweet") or part(data, "note_post")
    long = text(note, "text")
    words = unescape(long or text(data, "text"))
    links: list[str] = []
    for item in parts(part(note if long else data, "entities"), "urls"):
        short, address = text(item, "url"), text(item, "unwound_url") or text(item, "expanded_url")
        if not short or not address.startswith(("http://", "https://")):
            continue
        is_media = bool(text(item, "media_key"))
        words = words.replace(short, "" if is_media else address)
        links += [] if is_media else [address]
    return words.strip(), tuple(dict.fromkeys(links))


def _engagement(metrics: Mapping[str, object]) -> Engagement:
    return Engagement(
        likes=count(metrics, "like_count"),
        replies=count(metrics, "reply_count"),
        shares=_either(metrics, "retweet_count", "repost_count"),
        quotes=count(metrics, "quote_count"),
        views=count(metrics, "impression_count"),
    )


def _either(metrics: Mapping[str, object], one: str, other: str) -> int | None:
    found = count(metrics, one)
    return count(metrics, other) if found is None else found


def _language(code: str) -> str | None:
    if not code or _NO_LANGUAGE.fullmatch(code):
        return None
    return _LANGUAGES.get(code, code.partition("-")[0].lower())


def _moment(post_id: str) -> str | None:
    """When the post of this id was written: an edited version only says when it was edited."""
    if not post_id.isdecimal() or int(post_id) >> 63:
        return None
    return (_FIRST_MOMENT + timedelta(milliseconds=int(post_id) >> 22)).isoformat()
