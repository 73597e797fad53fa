"""Lemmy, by the interface of version 0.19, which 1.0 still speaks; fields may also have their names of 1.0.

A server's numbers are its own, so a post is known by its federation address (`ap_id`), which is the same on
every server. A profile is a person (`name@server`) or, with an exclamation mark as Lemmy writes it, a
community (`!name@server`): communities have subscribers, people have no followers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from monitoring.analysis.queries import Query
from monitoring.platforms.connector import Connector
from monitoring.platforms.connectors.lemmy.views import community_from, person_from, post_from
from monitoring.platforms.connectors.native_search import allowed_alternatives, longest_part, without_longer
from monitoring.platforms.errors import ConnectorError, NotFound, RateLimited, UnexpectedResponse
from monitoring.platforms.http import Answer, Params, as_json
from monitoring.platforms.reading import mapping, page_of, part, readable, text
from monitoring.platforms.statuses import DEFAULT_WAIT, error_for_status
from monitoring.platforms.types import (
    Access,
    Capability,
    Cursor,
    Page,
    Platform,
    Post,
    Profile,
    ProfileLink,
    RateRule,
    SearchRequest,
)

PAGE_SIZE = 50
_HANDLE = re.compile(r"!?[\w.-]{1,255}(?:@[\w.:-]{1,255})?")
_PASTED_ADDRESS = re.compile(
    r"(?:https?://)?(?P<server>[\w.-]+\.[\w-]+)/(?P<kind>[uc])/(?P<name>[\w.-]+)(?:@(?P<home>[\w.-]+))?/?"
)
_PASTED_COMMUNITY = re.compile(r"!([\w.-]+)@([\w-]+(?:\.[\w-]+)+)")
_WORDED_STATUSES = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)


class _Missing(NotFound):
    """Lemmy itself says that there is no such thing, not just some proxy before it."""


class LemmyConnector(Connector):
    platform = Platform(
        slug="lemmy",
        name="Lemmy",
        short_name="Le",
        color="#00694a",
        home="https://lemmy.world",
        capabilities={
            Capability.SEARCH_POSTS: Access.OPEN,
            Capability.READ_PROFILE: Access.OPEN,
            Capability.LIST_POSTS: Access.OPEN,
            Capability.READ_POSTS: Access.OPEN,
        },
        rate_rules=(
            RateRule(requests=60, window=timedelta(minutes=10)),
        ),  # what a server allows searches by default
        many_servers=True,
        lateness=timedelta(days=1),  # posts of other servers arrive when those send them
        default_servers=("https://lemmy.world",),
        note="Posts and comments of all communities that a server knows.",
    )

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        """One for each alternative: its longest word or phrase, since Lemmy looks for one piece of text."""
        return without_longer({longest_part(item) for item in allowed_alternatives(query, cls.platform.slug)})

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        """`!community@server`, or an address of a person or community on a server with Lemmy in its name."""
        community = _PASTED_COMMUNITY.fullmatch(pasted.strip())
        if community:
            return ProfileLink(
                platform=cls.platform.slug, handle=community[0], server=f"https://{community[2]}"
            )
        found = _PASTED_ADDRESS.fullmatch(pasted.strip())
        if not found or "lemmy" not in found["server"]:
            return None
        mark = "!" if found["kind"] == "c" else ""
        return ProfileLink(
            platform=cls.platform.slug,
            handle=f"{mark}{found['name']}@{found['home'] or found['server']}",
            server=f"https://{found['server']}",
        )

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        number = int(cursor or 1)
        params: Params = {"q": request.text, "type_": "All", "sort": "New", "listing_type": "All"}
        data = self._get("search", {**params, "limit": PAGE_SIZE, "page": number})
        return self._page(data, number)

    def read_profile(self, handle: str) -> Profile:
        name = _checked(handle)
        if name.startswith("!"):
            community = part(self._get("community", {"name": name[1:]}), "community_view")
            return readable(lambda: community_from(community), host=self._host)
        person = part(self._get("user", {"username": name, "limit": 1}), "person_view")
        return readable(lambda: person_from(person), host=self._host)

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        """A person's posts and comments; of a community, the posts in it."""
        name, number = _checked(handle), int(cursor or 1)
        params: Params = {"sort": "New", "limit": PAGE_SIZE, "page": number}
        if name.startswith("!"):
            return self._page(
                self._get("post/list", {**params, "community_name": name[1:], "type_": "All"}), number
            )
        return self._page(self._get("user", {**params, "username": name}), number)

    def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
        """One request for each: Lemmy resolves addresses one at a time."""
        found: list[object] = []
        for address in external_ids:
            try:
                data = self._get("resolve_object", {"q": address})
            except _Missing:
                continue
            found += [part(data, kind) for kind in ("post", "comment") if part(data, kind)]
        page = page_of(found, self._post, host=self._host)
        return replace(page, unknown=frozenset(external_ids if page.skipped else ()))

    @property
    def _host(self) -> str:
        return urlsplit(self.server).hostname or self.server

    def _get(self, path: str, params: Params) -> Mapping[str, object]:
        """Lemmy says with a word in the body what its status leaves open."""
        answer = self.http.get(
            f"{self.server}/api/v3/{path}", params=params, expect=(HTTPStatus.OK, *_WORDED_STATUSES)
        )
        if answer.status != HTTPStatus.OK:
            raise self._worded_error(answer)
        data = as_json(answer).data
        if not isinstance(data, dict):
            raise UnexpectedResponse(f"{self._host} answered something other than Lemmy does.")
        return data

    def _worded_error(self, answer: Answer) -> ConnectorError:
        try:
            data = as_json(answer).data
        except UnexpectedResponse:
            data = None
        word = text(data, "error") if isinstance(data, dict) else ""
        if word == "rate_limit_error":
            return RateLimited(f"{self._host} asks us to slow down.", DEFAULT_WAIT)
        if word.startswith("couldnt_find") or word == "not_found":
            return _Missing(f"{self._host} does not have what was asked for.")
        return error_for_status(answer.status, answer.headers, self._host)

    def _page(self, data: Mapping[str, object], number: int) -> Page[Post]:
        kinds = [data.get(kind) for kind in ("posts", "comments")]
        lists = [kind for kind in kinds if isinstance(kind, list)]
        if not lists:
            raise UnexpectedResponse(f"{self._host} sent an answer without the expected list.")
        full = any(len(found) >= PAGE_SIZE for found in lists)
        page = page_of(
            [item for found in lists for item in found],
            self._post,
            host=self._host,
            next_cursor=str(number + 1) if full else None,
        )
        newest_first = sorted(page.items, key=lambda post: post.published_at, reverse=True)
        return replace(page, items=tuple(newest_first))

    def _post(self, item: object) -> Post | None:
        return post_from(mapping(item), self.server)


def _checked(handle: str) -> str:
    name = handle.strip().removeprefix("@")
    if not _HANDLE.fullmatch(name):
        raise NotFound(f"“{name}” is not the name of a person or a community on Lemmy.")
    return name
