"""Bluesky: anybody may search, but only the first page; an app password asks through the account's own server.

Search pages back by `until` rather than by cursor, which works with and without a log-in and does not shift while
new posts arrive. A post's id is its AT URI, its address is made from the DID: handles change, DIDs do not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from monitoring.analysis.queries import Conjunction, Query, allows_platform, alternatives
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.bluesky_session import BlueskySession
from monitoring.platforms.connectors.native_search import LONGEST_TEXT, fitting
from monitoring.platforms.http import Params
from monitoring.platforms.reading import (
    Unreadable,
    count,
    identifier,
    instant,
    items_of,
    mapping,
    page_of,
    part,
    parts,
    published,
    readable,
    text,
    texts,
)
from monitoring.platforms.types import (
    Access,
    Author,
    Capability,
    CredentialField,
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

HOST = "Bluesky"
SITE = "https://bsky.app"
SEARCH_HOST = "https://api.bsky.app"  # the one that still searches for people without a log-in
ENTRYWAY = "https://bsky.social"
PAGE_SIZE = 100
MOST_POSTS_AT_ONCE = 25
_INSTANT = timedelta(milliseconds=1)
_HANDLE = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*"
_PASTED_LINK = re.compile(
    rf"(?:https?://)?bsky\.app/profile/({_HANDLE}|did:[a-z]+:[\w.:%-]+)(?:[/?#].*)?", re.I
)
_PASTED_HANDLE = re.compile(rf"@?({_HANDLE}\.bsky\.social|[a-z0-9-]+\.bsky\.social)", re.I)


class BlueskyConnector(Connector):
    platform = Platform(
        slug="bluesky",
        name="Bluesky",
        short_name="Bs",
        color="#0a66c8",
        home="https://public.api.bsky.app",
        capabilities={
            Capability.SEARCH_POSTS: Access.OPEN,
            Capability.READ_PROFILE: Access.OPEN,
            Capability.LIST_POSTS: Access.OPEN,
            Capability.READ_POSTS: Access.OPEN,
        },
        with_credentials={Capability.SEARCH_POSTS: Access.OWN_ACCOUNT},
        rate_rules=(RateRule(requests=1500, window=timedelta(minutes=5)),),  # half of what one address may
        credential_fields=(
            CredentialField(name="identifier", label="Handle or e-mail address", secret=False),
            CredentialField(
                name="app_password",
                label="App password",
                help_text="Bluesky → Settings → Privacy and security → App passwords.",
            ),
        ),
        note="Without an app password Bluesky may refuse searches at busy times.",
    )

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        """One for each alternative. Bluesky joins words by AND, stems them, and finds a hashtag by its word."""
        wanted = (item for item in alternatives(query) if allows_platform(item, cls.platform.slug))
        return tuple(sorted({text for text in map(_search_text, wanted) if text}))

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        found = _PASTED_LINK.fullmatch(pasted.strip()) or _PASTED_HANDLE.fullmatch(pasted.strip())
        return ProfileLink(platform=cls.platform.slug, handle=found[1].lower()) if found else None

    @classmethod
    def post_address(cls, external_id: str) -> str:
        author, _kind, key = external_id.removeprefix("at://").partition("/app.bsky.feed.post/")
        return f"{SITE}/profile/{author}/post/{key}" if author and key else ""

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        since = {"since": _written(request.since)} if request.since else {}
        until = {"until": cursor} if cursor else {}
        params: Params = {"q": request.text, "sort": "latest", "limit": PAGE_SIZE, **since, **until}
        data = self._ask("app.bsky.feed.searchPosts", params, keyless=SEARCH_HOST)
        posts = items_of(data, "posts", HOST)
        more = bool(text(data, "cursor"))
        return page_of(posts, _post, host=HOST, next_cursor=_older(posts, cursor) if more else None)

    def read_profile(self, handle: str) -> Profile:
        data = self._ask("app.bsky.actor.getProfile", {"actor": _actor(handle)})
        return readable(lambda: _profile(data), host=HOST)

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        after = {"cursor": cursor} if cursor else {}
        wanted = {"actor": _actor(handle), "filter": "posts_with_replies"}
        params: Params = {"limit": PAGE_SIZE, **wanted, **after}
        data = self._ask("app.bsky.feed.getAuthorFeed", params)
        following = text(data, "cursor")
        next_cursor = following if following not in {"", cursor} else None
        return page_of(items_of(data, "feed", HOST), _own_post, host=HOST, next_cursor=next_cursor)

    def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
        """One request for each 25 posts."""
        found: list[object] = []
        for start in range(0, len(external_ids), MOST_POSTS_AT_ONCE):
            uris = list(external_ids[start : start + MOST_POSTS_AT_ONCE])
            found += items_of(self._ask("app.bsky.feed.getPosts", {"uris": uris}), "posts", HOST)
        return page_of(found, _post, host=HOST)

    def own_profile(self) -> Profile:
        data = self._ask("com.atproto.server.getSession", {})
        did = readable(lambda: identifier(data, "did"), host=HOST)
        return Profile(external_id=did, handle=text(data, "handle") or did)

    def _ask(self, method: str, params: Params, *, keyless: str = "") -> Mapping[str, object]:
        elsewhere = self.server != self.platform.home
        if self.credentials:
            entryway = self.server if elsewhere else ENTRYWAY
            session = BlueskySession(self.http, entryway, self.credentials, self.sessions)
            return session.get(method, params)
        host = self.server if elsewhere or not keyless else keyless
        return BlueskySession.get_keyless(self.http, host, method, params)


def _search_text(conjunction: Conjunction) -> str:
    quoted = [f'"{phrase}"' for phrase in conjunction.phrases]
    tags = [f"#{tag}" for tag in conjunction.hashtags]
    terms = [*conjunction.words, *quoted, *tags, *conjunction.handles]
    authors = [f"from:{author}" for author in conjunction.authors if re.fullmatch(_HANDLE, author)]
    # There are no prefixes here: the word itself, which is stemmed, comes closest.
    return fitting([*(terms or conjunction.prefixes), *authors], longest=LONGEST_TEXT)


def _actor(handle: str) -> str:
    return handle.strip().removeprefix("@")


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _older(posts: Sequence[object], cursor: Cursor | None) -> Cursor | None:
    """Just after the oldest post, as others of that instant may follow; or before it, if that leads no further."""
    moments = [_sorted_at(post) for post in posts if isinstance(post, dict)]
    oldest = min((moment for moment in moments if moment), default=None)
    before = instant(cursor)
    if oldest is None:
        return None
    if before is None or oldest + _INSTANT < before:
        return _written(oldest + _INSTANT)
    return _written(oldest) if oldest < before else None


def _sorted_at(post: Mapping[str, object]) -> datetime | None:
    """What Bluesky sorts and bounds by. Nothing lies in the future, whatever an author's clock said."""
    moments = [instant(part(post, "record").get("createdAt")), instant(post.get("indexedAt"))]
    return min((min(moment, datetime.now(UTC)) for moment in moments if moment), default=None)


def _own_post(item: object) -> Post | None:
    entry = mapping(item)
    reposted = text(part(entry, "reason"), "$type").endswith("#reasonRepost")
    return None if reposted else _post(entry.get("post"))


def _post(item: object) -> Post:
    view = mapping(item)
    record, author = mapping(view.get("record")), _author(mapping(view.get("author")))
    uri = identifier(view, "uri")
    reply = part(record, "reply")
    return Post(
        external_id=uri,
        url=f"{SITE}/profile/{author.external_id}/post/{_record_key(uri)}",
        text=text(record, "text"),
        published_at=published(record.get("createdAt"), view.get("indexedAt")),
        author=author,
        language=next(iter(texts(record, "langs")), None),
        engagement=Engagement(
            likes=count(view, "likeCount"),
            replies=count(view, "replyCount"),
            shares=count(view, "repostCount"),
            quotes=count(view, "quoteCount"),
        ),
        parent_id=text(part(reply, "parent"), "uri") or None,
        thread_id=text(part(reply, "root"), "uri") or None,
        links=_links(record),
        has_media=_has_media(part(record, "embed")),
        raw=view,
    )


def _record_key(uri: str) -> str:
    key = uri.rsplit("/", 1)[-1]
    if not uri.startswith("at://") or not key:
        raise Unreadable("the uri is no AT URI")
    return key


def _author(data: Mapping[str, object]) -> Author:
    did = identifier(data, "did")
    return Author(
        external_id=did,
        handle=text(data, "handle"),
        name=text(data, "displayName"),
        url=f"{SITE}/profile/{did}",
        avatar_url=text(data, "avatar"),
    )


def _profile(data: Mapping[str, object]) -> Profile:
    author = _author(data)
    return Profile(
        external_id=author.external_id,
        handle=author.handle or author.external_id,
        name=author.name,
        url=author.url,
        avatar_url=author.avatar_url,
        followers=count(data, "followersCount"),
        following=count(data, "followsCount"),
        posts=count(data, "postsCount"),
    )


def _links(record: Mapping[str, object]) -> tuple[str, ...]:
    """The whole addresses: what the text shows of them is often shortened."""
    features = [feature for facet in parts(record, "facets") for feature in parts(facet, "features")]
    embed = part(record, "embed")
    cards = [part(embed, "external"), part(part(embed, "media"), "external")]
    addresses = [text(place, "uri") for place in (*features, *cards)]
    return tuple(dict.fromkeys(item for item in addresses if item.startswith(("http://", "https://"))))


def _has_media(embed: Mapping[str, object]) -> bool:
    kinds = text(embed, "$type") + text(part(embed, "media"), "$type")
    return "images" in kinds or "video" in kinds
