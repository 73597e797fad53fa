"""Ask the platforms for a query that nobody has saved: live posts, platform by platform, nothing stored.

The answers wait in the cache, where a page asks for them while they arrive. An organization tries a keyword so, with
its own accounts; without an organization anybody looks what the platforms say to strangers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.cache import cache

from accounts.models import Organization
from monitoring.analysis.matching import Document, Matcher, spans
from monitoring.analysis.queries import Query, parse
from monitoring.analysis.understanding import understand
from monitoring.listening.collecting.subscribing import Need, accounts_by_platform, platform_searches
from monitoring.platforms.errors import ConnectorError
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.opening import open_connector
from monitoring.platforms.registry import connector_classes
from monitoring.platforms.types import Page, Post, SearchRequest

KEPT_FOR = timedelta(minutes=30)
FAILURE_KEPT_FOR = timedelta(minutes=1)  # then the platform may be asked again
GIVEN_UP_AFTER = timedelta(minutes=2)  # an answer that has not come by then does not come
KEPT_POSTS = 100  # of one platform
SEARCHES = 3  # native searches tried on one platform


@dataclass(frozen=True)
class Example:
    post: Post
    spans: tuple[tuple[int, int], ...]
    sentiment: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlatformAnswer:
    """What one platform said: `seen` posts came, `matching` of them satisfy the query, the newest are kept.

    `since` is how far back the answer reaches; None where the platform had no more.
    """

    platform: str
    state: str  # waiting, done, failed
    seen: int = 0
    matching: int = 0
    examples: tuple[Example, ...] = field(default_factory=tuple)
    error: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Rehearsal:
    key: str
    answers: tuple[PlatformAnswer, ...]
    query_text: str

    @property
    def is_complete(self) -> bool:
        return all(answer.state != "waiting" for answer in self.answers)

    @property
    def was_answered(self) -> bool:
        """Whether any platform said something. Where none did, nothing is known: that is not nobody speaking."""
        return any(answer.state == "done" for answer in self.answers)

    @property
    def matching(self) -> int:
        return sum(answer.matching for answer in self.answers)


def plan_rehearsal(*, organization: Organization | None, query: Query) -> tuple[Rehearsal, list[list[Need]]]:
    """The rehearsal as it stands, and the searches that nobody has begun yet, grouped by platform.

    Asking again within half an hour gives the answers that are there.
    """
    key = hashlib.sha256(f"{_owner(organization)} {query.normalized}".encode()).hexdigest()[:32]
    accounts = accounts_by_platform(organization.pk) if organization else {}
    answers, begun = [], []
    for connector in connector_classes():
        slug = connector.platform.slug
        needs = list(platform_searches(connector, query, accounts.get(slug, ())))[:SEARCHES]
        if not needs:
            continue
        waiting = PlatformAnswer(slug, "waiting")
        if cache.add(_place(key, slug), waiting, GIVEN_UP_AFTER.total_seconds()):
            begun.append(needs)
        answers.append(cache.get(_place(key, slug), waiting))
    plan = (query.text, [answer.platform for answer in answers])
    cache.set(_plan(organization, key), plan, KEPT_FOR.total_seconds())
    return Rehearsal(key, tuple(answers), query.text), begun


def read_rehearsal(*, organization: Organization | None, key: str) -> Rehearsal | None:
    """The answers so far, or None if the organization, or nobody, has no such rehearsal any more."""
    plan = cache.get(_plan(organization, key))
    if plan is None:
        return None
    query_text, platforms = plan
    found = cache.get_many([_place(key, slug) for slug in platforms])
    missing = "The platform did not answer in time."
    answers = (
        found.get(_place(key, slug)) or PlatformAnswer(slug, "failed", error=missing) for slug in platforms
    )
    return Rehearsal(key, tuple(answers), query_text)


def rehearse_platform(*, key: str, query_text: str, needs: Iterable[Need]) -> PlatformAnswer:
    """Ask one platform for one page of each search, and leave the answer in the cache."""
    needs = list(needs)
    try:
        pages = [_first_page(need) for need in needs]
    except ConnectorError as error:
        answer = PlatformAnswer(needs[0].platform, "failed", error=str(error))
    else:
        answer = _answer(needs[0].platform, parse(query_text), pages)
    kept_for = KEPT_FOR if answer.state == "done" else FAILURE_KEPT_FOR
    cache.set(_place(key, answer.platform), answer, kept_for.total_seconds())
    return answer


def _first_page(need: Need) -> Page[Post]:
    account = ConnectedAccount.objects.get(pk=need.account_id) if need.account_id else None
    connector = open_connector(platform=need.platform, server=need.server, account=account)
    return connector.search_posts(SearchRequest(text=need.query))


def _answer(platform: str, query: Query, pages: list[Page[Post]]) -> PlatformAnswer:
    unique = list({post.external_id: post for page in pages for post in page.items}.values())
    matches = Matcher({0: query}).match_many([_document(platform, post) for post in unique])
    matching = [post for post, keys in zip(unique, matches, strict=True) if keys]
    newest = sorted(matching, key=lambda post: post.published_at, reverse=True)[:KEPT_POSTS]
    examples = tuple(_example(query, post) for post in newest)
    return PlatformAnswer(platform, "done", len(unique), len(matching), examples, since=_reach(pages))


def _reach(pages: list[Page[Post]]) -> datetime | None:
    """The instant since which every search gave all it has; None where no search had more."""
    cut = [page.items for page in pages if page.next_cursor and page.items]
    return max((min(post.published_at for post in posts) for posts in cut), default=None)


def _example(query: Query, post: Post) -> Example:
    understanding = understand(post.text, language=post.language)
    return Example(post, spans(query, post.text), understanding.sentiment.name.lower(), understanding.terms)


def _document(platform: str, post: Post) -> Document:
    return Document(
        text=post.text,
        title=post.title,
        language=post.language or understand(post.text).language,
        platform=platform,
        author_handle=post.author.handle,
        author_followers=post.author.followers,
    )


def _owner(organization: Organization | None) -> str:
    return str(organization.pk) if organization else "anybody"


def _plan(organization: Organization | None, key: str) -> str:
    """A key can be worked out from a query; only in its own organization does it open anything."""
    return f"rehearsal:{_owner(organization)}:{key}"


def _place(key: str, platform: str) -> str:
    return f"rehearsal:{key}:{platform}"
