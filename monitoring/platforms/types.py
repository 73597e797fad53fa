"""What connectors take and give: plain frozen data, the same for every platform.

`None` means that the platform does not say; `0` means that it says zero. Whatever was sent, what is here can be stored
(`monitoring.platforms.bounds`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from monitoring.platforms.bounds import (
    LONGEST_SHORT_ID,
    LONGEST_TEXT,
    LONGEST_TITLE,
    checked_id,
    keep,
    kept_address,
    kept_count,
    kept_id,
    kept_links,
    kept_words,
)

Item = TypeVar("Item")
Cursor = str


class Capability(StrEnum):
    """What a connector can do. The value is the method's name."""

    SEARCH_POSTS = "search_posts"
    READ_PROFILE = "read_profile"
    LIST_POSTS = "list_posts"
    READ_POSTS = "read_posts"


class Access(StrEnum):
    """What a business needs before it can use a capability."""

    OPEN = "open"
    FREE_KEY = "free_key"
    OWN_ACCOUNT = "own_account"
    APPROVAL = "approval"
    PAID = "paid"


@dataclass(frozen=True, kw_only=True)
class RateRule:
    """At most `requests` within `window`, for each credential or, without one, for each server."""

    requests: int
    window: timedelta


@dataclass(frozen=True, kw_only=True)
class CredentialField:
    """One thing a person types to connect an account."""

    name: str
    label: str
    help_text: str = ""
    secret: bool = True


@dataclass(frozen=True, kw_only=True)
class Platform:
    """Who a platform is and what it offers; pages, docs and menus derive from this."""

    slug: str
    name: str
    short_name: str  # two letters, for the chip
    color: str  # of the chip, white letters on it reach a contrast of 4.5
    home: str  # the built-in address, without a trailing slash; "" where the customer names the server
    capabilities: Mapping[Capability, Access]
    with_credentials: Mapping[Capability, Access] = field(
        default_factory=dict
    )  # what more an account unlocks
    rate_rules: tuple[RateRule, ...] = ()
    credential_fields: tuple[CredentialField, ...] = ()
    many_servers: bool = False  # each customer may name a server (Mastodon, Lemmy, a feed's address)
    default_servers: tuple[str, ...] = ()  # searched for everybody where many_servers
    counts_reactions: bool = True  # False: an old post is only asked for to learn whether it is still there
    keeps_for: timedelta | None = None  # the platform's own limit on storing its posts
    price_per_post: Decimal = Decimal(0)  # US dollars
    price_per_profile: Decimal = Decimal(0)
    search_window: timedelta | None = None  # how far back its search reaches
    lateness: timedelta = timedelta(minutes=10)  # how long after its date a post may first be found
    servers_are_read_whole: bool = (
        False  # what a named server holds is all handed over (a feed): no search text
    )
    note: str = ""  # what a customer should know, in one sentence


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """How people reacted, as the platform counts it."""

    likes: int | None = None
    replies: int | None = None
    shares: int | None = None
    quotes: int | None = None
    views: int | None = None

    def __post_init__(self) -> None:
        keep(
            self,
            likes=kept_count(self.likes),
            replies=kept_count(self.replies),
            shares=kept_count(self.shares),
            quotes=kept_count(self.quotes),
            views=kept_count(self.views),
        )

    @property
    def interactions(self) -> int:
        """Likes, replies, shares and quotes together; views are not interactions."""
        return sum(count or 0 for count in (self.likes, self.replies, self.shares, self.quotes))


@dataclass(frozen=True, kw_only=True)
class Author:
    external_id: str
    handle: str
    name: str = ""
    url: str = ""
    avatar_url: str = ""
    followers: int | None = None

    def __post_init__(self) -> None:
        checked_id(self.external_id, LONGEST_SHORT_ID)
        keep(
            self,
            handle=kept_words(self.handle),
            name=kept_words(self.name),
            url=kept_address(self.url),
            avatar_url=kept_address(self.avatar_url),
            followers=kept_count(self.followers),
        )


@dataclass(frozen=True, kw_only=True)
class Post:
    """One public post. `text` is plain text, never HTML; `language` is what the platform says, if it does."""

    external_id: str
    url: str
    text: str
    published_at: datetime
    author: Author
    native_id: str = ""  # what `read_posts` asks for, where that is not the external id
    title: str = ""
    community: str = ""  # where on the platform: a subreddit, a server, the site of a feed
    language: str | None = None
    engagement: Engagement = Engagement()
    parent_id: str | None = None  # what this replies to
    thread_id: str | None = None  # where the conversation began
    links: tuple[str, ...] = ()  # as expanded by the platform; links in the text are found later
    has_media: bool = False
    edited_at: datetime | None = None
    raw: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.published_at.tzinfo is None:
            raise ValueError("published_at has no time zone")
        checked_id(self.external_id)
        if self.native_id:
            checked_id(self.native_id, LONGEST_SHORT_ID)
        keep(
            self,
            url=kept_address(self.url),
            text=kept_words(self.text, LONGEST_TEXT),
            title=kept_words(self.title, LONGEST_TITLE),
            community=kept_words(self.community),
            parent_id=kept_id(self.parent_id),
            thread_id=kept_id(self.thread_id),
            links=kept_links(self.links),
        )


@dataclass(frozen=True, kw_only=True)
class Profile:
    external_id: str
    handle: str
    name: str = ""
    url: str = ""
    avatar_url: str = ""
    followers: int | None = None
    following: int | None = None
    posts: int | None = None

    def __post_init__(self) -> None:
        checked_id(self.external_id, LONGEST_SHORT_ID)
        keep(
            self,
            handle=kept_words(self.handle),
            name=kept_words(self.name),
            url=kept_address(self.url),
            avatar_url=kept_address(self.avatar_url),
            followers=kept_count(self.followers),
            following=kept_count(self.following),
            posts=kept_count(self.posts),
        )


@dataclass(frozen=True, kw_only=True)
class ProfileLink:
    """Where a profile lives, as understood from what somebody pasted."""

    platform: str
    handle: str
    server: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchRequest:
    """One native search. `since` bounds how old posts may be; `checkpoint` is what the run before left."""

    text: str
    since: datetime | None = None
    checkpoint: str | None = None


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """One answer. `next_cursor` leads on within this run; `checkpoint` is handed to the next run once this
    one is complete (a feed's ETag, the newest id seen). `skipped` counts items that could not be read;
    `unknown` names the ids that `read_posts` could not ask for, which may still exist."""

    items: tuple[Item, ...]
    next_cursor: Cursor | None = None
    checkpoint: str | None = None
    skipped: int = 0
    unknown: frozenset[str] = frozenset()
