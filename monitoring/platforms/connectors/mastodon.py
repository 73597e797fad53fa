"""Mastodon and what speaks its language: one of many servers, each knowing what reached it.

Hashtags may be followed by anybody, full text only with a token. An id is local to its server, so a post's id
here is its `uri`: seen on two servers it is still one post. `read_posts` asks for the `native_id`, which is good
on the server that gave it; a `uri` of another server is named in `Page.unknown`, which does not mean deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, quote, urlsplit

from monitoring.analysis.queries import Conjunction, Query, allows_platform, alternatives
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.mastodon_statuses import (
    is_public,
    parent_address,
    read_profile,
    read_status,
)
from monitoring.platforms.connectors.native_search import LONGEST_TEXT, fitting
from monitoring.platforms.errors import AccessDenied, NotFound
from monitoring.platforms.http import JsonAnswer, Params
from monitoring.platforms.reading import identifier, items_of, mapping, optional_identifier, page_of, readable
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

PAGE_SIZE = 40
MOST_EXTRA_TAGS = 4
MOST_POSTS_AT_ONCE = 20
_TAG = re.compile(r"\w*[^\W\d]\w*")  # a tag of digits alone is none
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="next"')
_HANDLE = re.compile(r"@([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")
_LINK = re.compile(
    r"https?://([\w-]+(?:\.[\w-]+)+(?::\d+)?)/(?:@|users/)([\w.-]+)(?:@([\w.-]+))?(?:[/?#].*)?"
)
_LIKE_OURS = re.compile(
    r"(?:.*\.)?(?:youtube|tiktok|medium|threads|flipboard|substack)\.(?:com|net)"
)  # also /@name
_LOCAL = re.compile(r"/statuses/(\w+)$")


class MastodonConnector(Connector):
    platform = Platform(
        slug="mastodon",
        name="Mastodon",
        short_name="Ma",
        color="#563acc",
        home="https://mastodon.social",
        capabilities={
            Capability.SEARCH_POSTS: Access.OPEN,
            Capability.READ_PROFILE: Access.OPEN,
            Capability.LIST_POSTS: Access.OPEN,
            Capability.READ_POSTS: Access.OPEN,
        },
        with_credentials={Capability.SEARCH_POSTS: Access.OWN_ACCOUNT},
        rate_rules=(RateRule(requests=250, window=timedelta(minutes=5)),),
        credential_fields=(
            CredentialField(
                name="access_token",
                label="Access token",
                help_text="Your server → Preferences → Development → New application, with the scope “read”.",
            ),
        ),
        many_servers=True,
        lateness=timedelta(hours=6),  # posts of other servers arrive when those send them
        default_servers=("https://mastodon.social",),
        note="Without an account only hashtags are found, and only those that reached the server asked.",
    )

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        """Hashtags: those of the query, or of its words, as a word also matches its hashtag."""
        tags = (_tag_text(item) for item in _allowed(query))
        return tuple(sorted({text for text in tags if text}))

    @classmethod
    def searches_with_account(cls, query: Query) -> tuple[str, ...]:
        """Full text reaches only accounts that agreed to be found, so hashtags are followed as well."""
        texts = (_full_text(item) for item in _allowed(query) if not item.hashtags)
        return tuple(sorted({*cls.searches(query), *(text for text in texts if text)}))

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        if found := _HANDLE.fullmatch(pasted.strip()):
            name, host = found[1], found[2]
        elif (found := _LINK.fullmatch(pasted.strip())) and not _LIKE_OURS.fullmatch(found[1].lower()):
            name, host = found[2], found[3] or found[1]
        else:
            return None
        host = host.lower()
        return ProfileLink(platform=cls.platform.slug, handle=f"{name}@{host}", server=f"https://{host}")

    @classmethod
    def named_by_replies(cls, *, external_id: str, native_id: str, server: str) -> frozenset[str]:
        return frozenset({external_id, parent_address(server or cls.platform.home, native_id or external_id)})

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        if request.text.startswith("#"):
            return self._tagged(request, cursor)
        return self._found(request, cursor)

    def read_profile(self, handle: str) -> Profile:
        return readable(lambda: read_profile(self._look_up(handle), self.server), host=self._host)

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        """The first page takes a second request, to learn the account's id; a cursor carries it on."""
        account, _colon, max_id = (cursor or "").partition(":")
        account = account or readable(lambda: identifier(self._look_up(handle), "id"), host=self._host)
        older = {"max_id": max_id} if max_id else {}
        params: Params = {"limit": PAGE_SIZE, "exclude_reblogs": "true", **older}
        answer = self._ask(f"/api/v1/accounts/{quote(account, safe='')}/statuses", params)
        following = _next_id(answer)
        return self._page(answer, "", following and f"{account}:{following}", cursor)

    def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
        """One request for each 20 posts."""
        local = {given: found for given in external_ids if (found := self._local_id(given))}
        ids, statuses = list(dict.fromkeys(local.values())), list[object]()
        for start in range(0, len(ids), MOST_POSTS_AT_ONCE):
            answer = self._ask("/api/v1/statuses", {"id[]": ids[start : start + MOST_POSTS_AT_ONCE]})
            statuses += items_of(answer.data, "", self._host)
        page = page_of(statuses, self._read, host=self._host)
        return Page(
            items=page.items, skipped=page.skipped, unknown=frozenset(external_ids) - frozenset(local)
        )

    def own_profile(self) -> Profile:
        """A public page would be shown to a wrong token, too."""
        answer = self._ask("/api/v1/accounts/verify_credentials", {})
        return readable(lambda: read_profile(mapping(answer.data), self.server), host=self._host)

    @property
    def _host(self) -> str:
        return urlsplit(self.server).netloc

    def _tagged(self, request: SearchRequest, cursor: Cursor | None) -> Page[Post]:
        first, *others = (tag.removeprefix("#") for tag in request.text.split())
        older = {"max_id": cursor} if cursor else {}
        params: Params = {"limit": PAGE_SIZE, "all[]": others[:MOST_EXTRA_TAGS], **older}
        answer = self._ask(f"/api/v1/timelines/tag/{quote(first, safe='')}", params)
        return _since(self._page(answer, "", _next_id(answer), cursor), request)

    def _found(self, request: SearchRequest, cursor: Cursor | None) -> Page[Post]:
        if not self.credentials.get("access_token"):
            raise AccessDenied(f"{self._host} searches full text only for accounts. Connect one.")
        after = f" after:{(request.since - timedelta(days=2)).date()}" if request.since else ""
        offset = int(cursor or 0)
        params: Params = {"q": request.text + after, "type": "statuses", "limit": PAGE_SIZE, "offset": offset}
        answer = self._ask("/api/v2/search", params)
        more = len(items_of(answer.data, "statuses", self._host)) > 0
        return _since(
            self._page(answer, "statuses", str(offset + PAGE_SIZE) if more else None, cursor), request
        )

    def _look_up(self, handle: str) -> Mapping[str, object]:
        name = handle.strip().removeprefix("@").removesuffix(f"@{self._host}")
        answer = self._ask("/api/v1/accounts/lookup", {"acct": name})
        account = readable(lambda: mapping(answer.data), host=self._host)
        if account.get("suspended") is True:
            raise NotFound(f"{self._host} has closed this profile.")
        return account

    def _ask(self, path: str, params: Params) -> JsonAnswer:
        token = self.credentials.get("access_token")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        expect = (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)
        answer = self.http.get_json(f"{self.server}{path}", params=params, headers=headers, expect=expect)
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise AccessDenied(f"{self._host} answers this only to accounts. Connect one.")
        return answer

    def _page(self, answer: JsonAnswer, key: str, next_cursor: str | None, cursor: str | None) -> Page[Post]:
        items = items_of(answer.data, key, self._host)
        following = next_cursor if next_cursor != cursor else None
        return page_of(items, self._read, host=self._host, next_cursor=following)

    def _read(self, item: object) -> Post | None:
        status = mapping(item)
        return read_status(status, self.server) if is_public(status) else None

    def _local_id(self, given: str) -> str:
        if "/" not in given:
            return given
        found = _LOCAL.search(given) if urlsplit(given).netloc == self._host else None
        return found[1] if found else ""


def _allowed(query: Query) -> list[Conjunction]:
    return [item for item in alternatives(query) if allows_platform(item, "mastodon")]


def _tag_text(item: Conjunction) -> str:
    """All of its tags; without any, the longest of its words as one."""
    tags = [tag for tag in item.hashtags if _TAG.fullmatch(tag)]
    words = [word for word in item.words if _TAG.fullmatch(word) and len(word) < LONGEST_TEXT]
    longest = max(words, key=lambda word: (len(word), word), default="")
    return fitting((f"#{tag}" for tag in tags or [longest] if tag), longest=LONGEST_TEXT)


def _full_text(item: Conjunction) -> str:
    quoted = (f'"{phrase}"' for phrase in item.phrases)
    return fitting([*item.words, *quoted, *item.handles], longest=LONGEST_TEXT)


def _next_id(answer: JsonAnswer) -> str | None:
    """What the Link header says, or where a proxy dropped it, the last id of a full page."""
    if found := _NEXT.search(answer.headers.get("link", "")):
        return next(iter(parse_qs(urlsplit(found[1]).query).get("max_id", [])), None)
    items = answer.data if isinstance(answer.data, list) else []
    last = items[-1] if len(items) >= PAGE_SIZE else None
    return optional_identifier(last, "id") if isinstance(last, dict) else None


def _since(page: Page[Post], request: SearchRequest) -> Page[Post]:
    """Without what is too old; the first such post is also the last to look at."""
    if request.since is None:
        return page
    items = tuple(post for post in page.items if post.published_at >= request.since)
    ended = len(items) < len(page.items)
    return Page(items=items, next_cursor=None if ended else page.next_cursor, skipped=page.skipped)
