"""Collect what a source brings: page by page, each page one transaction.

A page's mentions, their counts, the run's ledger entry and the new cursor are written together. Whatever dies at
whatever instant, the next run goes on at the last page written, and a post that is seen twice is stored once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from monitoring.listening.collecting.claiming import Claim, renew
from monitoring.listening.collecting.listeners import Heard, Listeners, listeners_for
from monitoring.listening.collecting.scheduling import finish_run
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.collecting.walking import walk_pages
from monitoring.listening.models import CollectionRun, CoverageGap, Outcome, Source, Subscription
from monitoring.platforms.connector import Connector
from monitoring.platforms.errors import ConnectorError, RateLimited, Unavailable
from monitoring.platforms.opening import open_connector
from monitoring.platforms.registry import connector_class
from monitoring.platforms.types import Page, Post, SearchRequest

HISTORY = timedelta(days=30)  # how far back the first run of a source, and every backfill, goes
OVERLAP = timedelta(minutes=10)  # so much behind the watermark is always read again
FUTURE = timedelta(minutes=5)  # clocks differ; a post dated later than this does not move the watermark

Open = Callable[..., Connector]


class ClaimLost(Exception):
    """Another worker took the source over while we were away."""


@dataclass(frozen=True)
class HeardPage:
    """A page of a search, and what its listeners made of it when it was read."""

    page: Page[Post]
    heard: Heard

    @property
    def next_cursor(self) -> str | None:
        return self.page.next_cursor


@dataclass
class Collection:
    """One run over a source: the regular one, or the backfill of a subscription that joined late."""

    source: Source
    claim: Claim
    run: CollectionRun
    subscription: Subscription | None = None
    reach: timedelta | None = None  # how far back the platform's search looks, where it says

    @property
    def cursor(self) -> str | None:
        return self.subscription.backfill_cursor if self.subscription else self.source.cursor

    @property
    def since(self) -> datetime:
        """What is older is not taken. Platforms show posts late: we look as far behind the watermark as they may be."""
        if self.watermark is None:
            return self.run.started_at - HISTORY
        return self.watermark - max(connector_class(self.source.platform).platform.lateness, OVERLAP)

    @property
    def watermark(self) -> datetime | None:
        """How far the run before came; a backfill has none before it."""
        return None if self.subscription else self.source.watermark

    @property
    def checkpoint(self) -> str | None:
        return None if self.subscription else self.source.checkpoint

    def fresh(self, page: Page[Post]) -> list[Post]:
        return [post for post in page.items if post.published_at >= self.since]

    def listeners(self) -> Listeners:
        """Looked up for every page: who leaves during a run gets nothing more."""
        return listeners_for(platform=self.source.platform, brand_ids=self.brand_ids())

    def brand_ids(self) -> list[int]:
        wanted = Subscription.objects.filter(source=self.source, keyword__paused_at=None)
        if self.subscription:
            wanted = wanted.filter(pk=self.subscription.pk)
        return list(wanted.values_list("keyword__brand_id", flat=True).distinct())


def collect_source(claim: Claim, *, open_: Open = open_connector) -> Outcome:
    """Work on a claimed search until it is complete, fails, or has had its share of pages."""
    source = Source.objects.select_related("account").get(pk=claim.source_id)
    collection = _begin(source, claim)
    try:
        connector = open_(platform=source.platform, server=source.server, account=source.account)
        complete = _collect_pages(collection, connector)
    except ConnectorError as error:
        return _fail(collection, error)
    again = not complete or _waiting_backfill(source) is not None
    return finish_run(source, collection.claim, collection.run, complete=complete, again=again)


def _fail(collection: Collection, error: ConnectorError) -> Outcome:
    if collection.subscription is None or isinstance(error, RateLimited | Unavailable):
        return finish_run(collection.source, collection.claim, collection.run, error=error)
    # The platform does not give the past away. That is no fault of the source, and nobody else should notice.
    Subscription.objects.filter(pk=collection.subscription.pk).update(backfilled_at=timezone.now())
    collection.run.error = str(error)
    return finish_run(collection.source, collection.claim, collection.run, complete=False, again=True)


def _begin(source: Source, claim: Claim) -> Collection:
    """Decide whether this run is a backfill."""
    # A regular run that is under way goes first: backfills start from a source that is up to date.
    subscription = _waiting_backfill(source) if source.watermark and source.cursor is None else None
    return Collection(source, claim, begin_run(source, subscription), subscription)


def begin_run(source: Source, subscription: Subscription | None = None) -> CollectionRun:
    """Close what a killed worker left open, and open the ledger's next entry."""
    now = timezone.now()
    CollectionRun.objects.filter(source=source, outcome=Outcome.RUNNING).update(
        outcome=Outcome.INTERRUPTED, finished_at=now
    )
    return CollectionRun.objects.create(
        source=source, subscription=subscription, is_backfill=subscription is not None, started_at=now
    )


def _waiting_backfill(source: Source) -> Subscription | None:
    waiting = Subscription.objects.filter(source=source, backfilled_at=None, keyword__isnull=False)
    return waiting.order_by("pk").first()


def _collect_pages(collection: Collection, connector: Connector) -> bool:
    """Whether the run reached its end."""
    collection.reach = connector.platform.search_window
    listeners = collection.listeners()
    request = SearchRequest(
        text=collection.source.query, since=collection.since, checkpoint=collection.checkpoint
    )

    def read(cursor: str | None) -> HeardPage:
        page = connector.search_posts(request, cursor)
        return HeardPage(page, listeners.hear(collection.fresh(page)))

    # An account's log-in and money lie in the database, which only this thread may use.
    is_open = collection.source.account is None
    return walk_pages(
        read,
        lambda page: write_page(collection, page),
        cursor=collection.cursor,
        reads_ahead=lambda page: is_open and _leads_on(collection, page),
    )


def _leads_on(collection: Collection, page: HeardPage) -> bool:
    """Whether another page follows, whatever this one brings: then no request is wasted by reading ahead."""
    if page.next_cursor is None:
        return False
    behind = collection.since if collection.watermark is None else collection.watermark - OVERLAP
    return not is_all_older(page.page, behind)


def write_page(collection: Collection, heard_page: HeardPage) -> bool:
    """Store one page in one transaction, and say whether it was the last.

    Raises ClaimLost, having written nothing, if another worker took the source over.
    """
    page = heard_page.page
    listeners = collection.listeners()
    if heard_page.heard.by == listeners:
        found = listeners.mentions_among(heard_page.heard)
    else:
        found = listeners.find(collection.fresh(page))
    with transaction.atomic():
        claim = keep_claim(collection.claim)
        alive = lock_brands(item.brand_id for item in found)
        stored = store_mentions(
            platform=collection.source.platform,
            source_id=collection.source.pk,
            found=[item for item in found if item.brand_id in alive],
        )
        is_last = page.next_cursor is None or _leads_no_further(collection, page, new=stored.new)
        _move_on(collection, page, is_last=is_last)
        enter_in_ledger(collection.run, page, new=stored.new)
    collection.claim = claim
    return is_last


def keep_claim(claim: Claim) -> Claim:
    """Prolong a claim, first thing in the transaction that writes. Raises ClaimLost."""
    renewed = renew(claim)
    if renewed is None:
        raise ClaimLost
    return renewed


def is_all_older(page: Page[Post], since: datetime) -> bool:
    """Newest first: a page that ends before the watermark was met is followed by what we have."""
    return bool(page.items) and all(post.published_at < since for post in page.items)


def _leads_no_further(collection: Collection, page: Page[Post], *, new: int) -> bool:
    """Behind the watermark only a page that brings something new leads on, as far as posts may be late.

    So lateness costs one page: the first that holds nothing but what we have is the last.
    """
    if is_all_older(page, collection.since):
        return True
    return (
        collection.watermark is not None and new == 0 and is_all_older(page, collection.watermark - OVERLAP)
    )


def _move_on(collection: Collection, page: Page[Post], *, is_last: bool) -> None:
    next_cursor = None if is_last else page.next_cursor
    if collection.subscription:
        collection.subscription.backfill_cursor = next_cursor
        collection.subscription.backfilled_at = timezone.now() if is_last else None
        # The subscription may have left meanwhile; then there is nothing to note.
        Subscription.objects.filter(pk=collection.subscription.pk).update(
            backfill_cursor=next_cursor, backfilled_at=collection.subscription.backfilled_at
        )
        return
    source = collection.source
    latest_credible = timezone.now() + FUTURE
    newest = [post.published_at for post in page.items if post.published_at <= latest_credible]
    source.next_watermark = max([*newest, source.next_watermark or source.watermark or collection.since])
    # The first page is the newest: what it says about where to begin next time holds.
    source.next_checkpoint = source.next_checkpoint or page.checkpoint
    source.cursor = next_cursor
    if is_last:
        _note_coverage(collection)
        source.watermark, source.next_watermark = source.next_watermark, None
        source.checkpoint, source.next_checkpoint = source.next_checkpoint or source.checkpoint, None
    source.save(update_fields=_MOVING)


_MOVING = (
    "cursor", "watermark", "next_watermark", "checkpoint", "next_checkpoint", "covered_since", "covered_until",
)  # fmt: skip


def _note_coverage(collection: Collection) -> None:
    began_at = collection.run.started_at
    reached = began_at - collection.reach if collection.reach else collection.since
    note_coverage(collection.source, covered_from=max(collection.since, reached), covered_until=began_at)


def note_coverage(source: Source, *, covered_from: datetime, covered_until: datetime) -> None:
    """A complete run covers from where the one before began, unless it looks back less. The caller saves."""
    if source.covered_until and covered_from > source.covered_until:
        CoverageGap.objects.create(source=source, began_at=source.covered_until, ended_at=covered_from)
    source.covered_since = source.covered_since or covered_from
    source.covered_until = covered_until


def enter_in_ledger(run: CollectionRun, page: Page[Post], *, new: int) -> None:
    CollectionRun.objects.filter(pk=run.pk).update(
        pages=F("pages") + 1,
        posts_seen=F("posts_seen") + len(page.items),
        posts_new=F("posts_new") + new,
    )
    run.posts_new += new
