"""The base of all connectors: one method per capability, one call one page.

A connector maps between a platform and our types. It never waits, retries, stores or schedules; it receives
the network, the session store and the meter from `monitoring.platforms.opening`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Protocol

from monitoring.analysis.queries import Query, parse
from monitoring.platforms.types import (
    Capability,
    Cursor,
    Page,
    Platform,
    Post,
    Profile,
    ProfileLink,
    SearchRequest,
)

if TYPE_CHECKING:
    from monitoring.platforms.http import PlatformHttp


class SessionStore(Protocol):
    """Keeps a log-in between calls, encrypted, so that a connector logs in once and not for every page."""

    def load(self) -> Mapping[str, str] | None: ...

    def save(self, session: Mapping[str, str]) -> None: ...


class Bill:
    """What one request to a paid platform costs; unless it is settled, all that was set aside."""

    amount: Decimal | None = None

    def settle(self, amount: Decimal) -> None:
        """Say what was really delivered: `with meter.spending(page * price) as bill: …; bill.settle(…)`."""
        self.amount = amount


class Meter(Protocol):
    """Keeps an account within its monthly limit."""

    def spending(self, at_most: Decimal) -> AbstractContextManager[Bill]:
        """Set US dollars aside for one request, or raise RateLimited before it is made."""


class Unmetered:
    """For platforms that cost nothing, and for whoever watches the cost by eye."""

    @contextmanager
    def spending(self, at_most: Decimal) -> Iterator[Bill]:
        yield Bill()


class Connector:
    platform: ClassVar[Platform]

    def __init__(
        self,
        http: PlatformHttp,
        *,
        server: str = "",
        credentials: Mapping[str, str],
        sessions: SessionStore,
        meter: Meter | None = None,
    ) -> None:
        self.http = http
        self.server = (server or self.platform.home).rstrip("/")
        self.credentials = credentials
        self.sessions = sessions
        self.meter = meter or Unmetered()

    @classmethod
    def searches(cls, query: Query) -> tuple[str, ...]:
        """The native searches that together find every post the query could match, as far as it can.

        Equal queries of two customers must give equal texts: they share one poll. Empty: the platform cannot
        look for this (a phrase where only hashtags are searchable, a query that excludes the platform).
        """
        raise NotImplementedError

    @classmethod
    def searches_with_account(cls, query: Query) -> tuple[str, ...]:
        """The native searches for a customer who connected an account, where that makes a difference."""
        return cls.searches(query)

    @classmethod
    def recognize(cls, pasted: str) -> ProfileLink | None:
        """What profile a pasted link or handle means, or None if it is not this platform's."""
        return None

    @classmethod
    def post_address(cls, external_id: str) -> str:
        """Where anybody reads the post that a reply names as its parent; "" where the id does not tell."""
        return external_id if external_id.startswith(("https://", "http://")) else ""

    @classmethod
    def named_by_replies(cls, *, external_id: str, native_id: str, server: str) -> frozenset[str]:
        """What replies call a post as their parent or the beginning of their thread."""
        return frozenset({external_id})

    def search_posts(self, request: SearchRequest, cursor: Cursor | None = None) -> Page[Post]:
        """Posts that the native search finds, newest first, none older than `request.since`."""
        raise NotImplementedError

    def read_profile(self, handle: str) -> Profile:
        raise NotImplementedError

    def list_posts(self, handle: str, cursor: Cursor | None = None) -> Page[Post]:
        """A profile's own posts with their engagement, newest first; reposts of others are left out."""
        raise NotImplementedError

    def read_posts(self, external_ids: Sequence[str]) -> Page[Post]:
        """The posts that still exist, as they are now. `external_ids` holds a post's `native_id` where it has one.

        An id that is missing is deleted, unless in `Page.unknown`."""
        raise NotImplementedError

    def find_gone(self, addresses: Sequence[str]) -> frozenset[str]:
        """Which of these posts, by their `url`, were deleted. For platforms that cannot be asked for posts again."""
        return frozenset()

    def own_profile(self) -> Profile:
        """Whose credentials these are: asked once, before they are stored, and as cheaply as the platform allows.

        Wherever there are credential fields. AccessDenied if the platform does not accept what was typed."""
        raise NotImplementedError

    def check_server(self) -> str | None:
        """Ask a server that a customer named for something small, and raise what goes wrong.

        Returns another address where that is the one to ask from now on (a site's feed)."""
        self.search_posts(SearchRequest(text=self.searches(parse("news"))[0]))
        return None

    @classmethod
    def overridden(cls) -> frozenset[Capability]:
        return frozenset(item for item in Capability if getattr(cls, item) is not getattr(Connector, item))
