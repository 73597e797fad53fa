"""X, through tweepy. Every post and profile read costs money.

Before each request its price is set aside with the meter: that of a full page, or of the smallest one where
the month's limit does not allow that any more. Afterwards it is settled down to what was delivered. X most
likely charges for the authors that come with posts, so they are counted as profiles: the limit may end too
early, never too late. An account's number, which costs a profile to look up, is remembered with the
session.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import tweepy

from monitoring.analysis.queries import Query
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.x.answers import PRICE_OF_POST, PRICE_OF_PROFILE, page_from, price_of
from monitoring.platforms.connectors.x.client import HOST, SinceIdTooOld, XClient
from monitoring.platforms.connectors.x.posts import SITE, profile_from
from monitoring.platforms.connectors.x.search_text import search_texts
from monitoring.platforms.errors import NotFound, RateLimited
from monitoring.platforms.reading import optional_identifier, part, parts, readable, text
from monitoring.platforms.types import (
    Access,
    Capability,
    CredentialField,
    Cursor,
    Page,
    Platform,
    Post,
    Profile,
    ProfileLink,
    RateRule,
    SearchRequest,
)

PAGE_SIZE, SMALLEST_PAGE = 100, 10
MOST_IDS = 100
SEARCH_WINDOW = timedelta(days=7)
_MARGIN = timedelta(minutes=2)  # a start time must still lie within the window when X reads it
_USER_FIELDS = ["public_metrics", "profile_image_url"]
_POST_FIELDS: Mapping[str, list[str]] = {
    "tweet_fields": [
        "created_at", "lang", "conversation_id", "public_metrics", "entities", "referenced_tweets", "note_tweet",
        "edit_history_tweet_ids", "attachments", "author_id",
    ],
    "user_fields": _USER_FIELDS,
    "expansions": ["author_id"],
}  # fmt: skip
_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_PASTED = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/@?([A-Za-z0-9_]{1,15})/?(?:[?#].*|with_replies/?)?"
)
_NO_PROFILES = frozenset(
    {"home", "search", "explore", "hashtag", "i", "intent", "share", "settings", "login"}
)

Call = Callable[[tweepy.Client, int], Any]  # tweepy has no types; it answers with a requests.Response


class XConnector(Connector):
    platform = Platform(
        slug="x",
        name="X",
        short_name="X",
        color="#3d4a52",
        home="https://api.x.com",
        capabilities={
            Capability.SEARCH_POSTS: Access.PAID,
            Capability.READ_PROFILE: Access.PAID,
            Capability.LIST_POSTS: Access.PAID,
            Capability.READ_POSTS: Access.PAID,
        },
        rate_rules=(RateRule(requests=300, window=timedelta(minutes=15)),),
        credential_fields=(
            CredentialField(
                name="bearer_token",
                label="Bearer token",
                help_text="From your app in X’s developer console, under Keys and tokens.",
            ),
            CredentialField(
                name="handle",
                label="Your profile on X",
                help_text="Read once to try the token, which costs what a profile costs.",
                secret=False,
            ),
        ),
        price_per_post=PRICE_OF_POST,
        price_per_profile=PRICE_OF_PROFILE,
        search_window=SEARCH_WINDOW,
        note="X charges for every post and profile it hands out. Nothing is read beyond the limit you set.",
    )

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        return search_texts(query, cls.platform.slug)

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        found = _PASTED.fullmatch(pasted.strip())
        if not found or found[1].lower() in _NO_PROFILES:
            return None
        return ProfileLink(platform=cls.platform.slug, handle=found[1])

    @classmethod
    def post_address(cls, external_id: str) -> str:
        return f"{SITE}/i/web/status/{external_id}" if external_id.isdecimal() else ""

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        """From the newest back to the checkpoint, or as far as X searches where that is too long ago."""
        place = _place(cursor) if cursor else {"since_id": request.checkpoint}
        try:
            answer = self._search(request, place)
        except SinceIdTooOld:
            place = {**place, "since_id": None}
            answer = self._search(request, place)
        meta = part(answer, "meta")
        newest = place.get("newest") or optional_identifier(meta, "newest_id") or request.checkpoint
        token = _next_token(answer, place)
        following = json.dumps({"token": token, "since_id": place.get("since_id"), "newest": newest})
        return page_from(answer, next_cursor=following if token else None, checkpoint=newest)

    def read_profile(self, handle: str) -> Profile:
        name = _checked(handle)

        def call(client: tweepy.Client, _size: int) -> Any:
            return client.get_user(username=name, user_fields=_USER_FIELDS)

        answer = self._ask("users", 300, call, sizes=(1,), unit=PRICE_OF_PROFILE)
        user = part(answer, "data")
        if not user and parts(answer, "errors"):
            raise NotFound(f"There is no @{name} on X, or the account is suspended.")
        return readable(lambda: profile_from(user), host=HOST)

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        place = _place(cursor) if cursor else {"id": self._number_of(_checked(handle)), "token": None}

        def call(client: tweepy.Client, size: int) -> Any:
            return client.get_users_tweets(
                place["id"],
                exclude=["retweets"],
                max_results=size,
                **_given(pagination_token=place["token"]),
                **_POST_FIELDS,
            )

        answer = self._ask("timeline", 900, call)
        token = _next_token(answer, place)
        return page_from(answer, next_cursor=json.dumps({**place, "token": token}) if token else None)

    def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
        """A post that X says it cannot show is gone: deleted, or protected by its author since."""
        wanted = [item for item in external_ids if item.isdecimal()][:MOST_IDS]
        rest = frozenset(external_ids) - frozenset(wanted)
        if not wanted:
            return Page(items=(), unknown=rest)

        def call(client: tweepy.Client, _size: int) -> Any:
            return client.get_tweets(wanted, **_POST_FIELDS)

        answer = self._ask("posts", 3500, call, sizes=(len(wanted),))
        page = page_from(answer)
        named = {text(error, "resource_id") or text(error, "value") for error in parts(answer, "errors")}
        found = {str(post.raw.get("id")) for post in page.items}
        return replace(page, unknown=rest | (frozenset(wanted) - named - found))

    def own_profile(self) -> Profile:
        """A bearer token belongs to an app, which is not asked for its name: the customer says whose it is."""
        return self.read_profile(self.credentials.get("handle", ""))

    def _search(self, request: SearchRequest, place: Mapping[str, str | None]) -> Mapping[str, object]:
        since_id = place.get("since_id")
        earliest = datetime.now(UTC) - SEARCH_WINDOW + _MARGIN
        start = None if since_id or request.since is None else max(request.since, earliest)

        def call(client: tweepy.Client, size: int) -> Any:
            return client.search_recent_tweets(
                request.text,
                max_results=size,
                sort_order="recency",
                **_given(since_id=since_id, start_time=start, next_token=place.get("token")),
                **_POST_FIELDS,
            )

        return self._ask("search", 450, call)

    def _ask(
        self,
        endpoint: str,
        requests_allowed: int,
        call: Call,
        *,
        sizes: tuple[int, ...] = (PAGE_SIZE, SMALLEST_PAGE),
        unit: Decimal = PRICE_OF_POST + PRICE_OF_PROFILE,
    ) -> Mapping[str, object]:
        """Ask for as much as the meter allows, of these sizes, and settle for what came."""
        client = XClient(
            self.http, server=self.server, bearer_token=self.credentials.get("bearer_token", "").strip()
        )
        with ExitStack() as stack:
            for size in sizes:
                try:
                    bill = stack.enter_context(self.meter.spending(size * unit))
                    break
                except RateLimited:
                    if size == sizes[-1]:
                        raise
            answer = client.ask(endpoint, requests_allowed, lambda asking: call(asking, size))
            bill.settle(price_of(answer))
        return answer

    def _number_of(self, name: str) -> str:
        key = f"number of {name.lower()}"
        known = dict(self.sessions.load() or {})
        if key not in known:
            known[key] = self.read_profile(name).external_id
            self.sessions.save(known)
        return known[key]


def _checked(handle: str) -> str:
    name = handle.strip().removeprefix("@")
    if not _HANDLE.fullmatch(name):
        raise NotFound(f"Nobody on X can be called “{name}”.")
    return name


def _given(**arguments: object) -> dict[str, object]:
    return {name: value for name, value in arguments.items() if value}


def _next_token(answer: Mapping[str, object], place: Mapping[str, str | None]) -> str:
    """Empty at the end, and where X hands back the token it was sent: the page after would be this one."""
    token = text(part(answer, "meta"), "next_token")
    return "" if token == place.get("token") else token


def _place(cursor: Cursor) -> Mapping[str, str | None]:
    place: Mapping[str, str | None] = json.loads(cursor)
    return place
