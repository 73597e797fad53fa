"""Ask one shop for the orders that changed: page by page, each page one transaction.

A page's orders and the cursor behind it are written together. Whatever dies at whatever instant, the next run goes
on at the last page written, and an order that is read twice is counted once. The first run reads the history; every
later one begins a while before the last, so it finds what a webhook missed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.sealed import update_if_same_secret
from monitoring.conversions.models import ShopConnection
from monitoring.conversions.services.shop_orders import apply_order
from monitoring.conversions.shop_polling.claiming import Claim, renew
from monitoring.conversions.shop_polling.opening import open_shop
from monitoring.conversions.shop_polling.progress import Progress, Run
from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.registry import connector_class
from monitoring.conversions.shops.types import HISTORY, ShopOrder
from monitoring.platforms.errors import (
    AccessDenied,
    ConnectorError,
    RateLimited,
    Unavailable,
    UnexpectedResponse,
)
from monitoring.platforms.types import Page

EVERY = timedelta(minutes=10)
FIRST_RETRY = timedelta(minutes=1)
LONGEST_WAIT = timedelta(
    hours=1
)  # a shop that was mended by its owner is read again soon, without anybody's help
PAGES_PER_RUN = 20  # then another worker may go on: one busy shop does not hold the others up


class ClaimLost(Exception):
    """Another worker took the shop over while we were away, or it was disconnected."""


@dataclass
class Poll:
    connection: ShopConnection
    claim: Claim
    run: Run
    progress: Progress


def poll_shop(claim: Claim) -> bool:
    """Read a claimed shop until its end, a failure, or its share of pages. Whether the end was reached."""
    connection = ShopConnection.objects.select_related("organization").get(pk=claim.connection_id)
    progress = Progress.from_json(connection.cursor)
    poll = Poll(connection, claim, progress.run or _begin(connection, progress), progress)
    try:
        complete = _read_pages(poll, open_shop(connection))
    except ConnectorError as error:
        _fail(poll, error)
        return False
    _finish(poll, complete=complete)
    return complete


def _begin(connection: ShopConnection, progress: Progress) -> Run:
    now = timezone.now()
    if progress.watermark is None:
        return Run(since=now - HISTORY, until=now)
    return Run(since=progress.watermark - connector_class(connection.shop).shop.lateness, until=now)


def _read_pages(poll: Poll, connector: ShopConnector) -> bool:
    seen = {poll.run.page}
    for _number in range(PAGES_PER_RUN):
        page = connector.list_orders(since=poll.run.since, until=poll.run.until, cursor=poll.run.page or None)
        if page.next_cursor is not None and page.next_cursor in seen:
            raise UnexpectedResponse("The shop sent us in a circle: the same page came twice.")
        _write_page(poll, page)
        if page.next_cursor is None:
            return True
        seen.add(page.next_cursor)
    return False


def _write_page(poll: Poll, page: Page[ShopOrder]) -> None:
    """Raises ClaimLost, having written nothing, if another worker took the shop over."""
    dates = [order.updated_at for order in page.items if order.updated_at]
    run = replace(
        poll.run,
        page=page.next_cursor or "",
        orders=poll.run.orders + len(page.items),
        reached=max([*dates, *filter(None, [poll.run.reached])], default=None),
    )
    with transaction.atomic():
        claim = renew(poll.claim)
        if claim is None:
            raise ClaimLost
        for order in page.items:
            apply_order(connection=poll.connection, order=order)
        _keep(claim, cursor=replace(poll.progress, run=run, failures=0).as_json())
    poll.claim, poll.run = claim, run


def _finish(poll: Poll, *, complete: bool) -> None:
    """Where the run had its share of pages, the rest is due at once."""
    now = timezone.now()
    fields: dict[str, object] = {"lease_until": None, "due_at": now + EVERY if complete else now}
    if complete:
        progress = Progress(watermark=poll.run.until)
        fields |= {"cursor": progress.as_json(), "last_polled_at": now, "last_error": ""}
        fields["status"] = ShopConnection.Status.OK
    _keep(poll.claim, **fields)


def _fail(poll: Poll, error: ConnectorError) -> None:
    """What was read stays read. The run goes on where it stopped, unless the shop forgot the page we ask for."""
    failures = poll.progress.failures + (0 if isinstance(error, RateLimited) else 1)
    run = replace(poll.run, page="") if isinstance(error, UnexpectedResponse) else poll.run
    progress = replace(poll.progress, run=run, failures=failures)
    _keep(
        poll.claim,
        lease_until=None,
        due_at=timezone.now() + wait_after(error, failures),
        cursor=progress.as_json(),
        last_error=str(error),
    )
    if isinstance(error, AccessDenied):
        # Somebody may have connected it again while we asked with what it had before.
        update_if_same_secret(
            ShopConnection.objects.filter(pk=poll.connection.pk),
            column="sealed_credentials",
            sealed=poll.connection.sealed_credentials,
            status=ShopConnection.Status.NEEDS_RECONNECTION,
        )


def wait_after(error: ConnectorError, failures: int) -> timedelta:
    """How long to leave a shop alone: the only place that decides about retrying."""
    if isinstance(error, RateLimited):
        return error.retry_after
    if isinstance(error, Unavailable):
        return error.retry_after or min(FIRST_RETRY * (1 << min(failures - 1, 10)), LONGEST_WAIT)
    return LONGEST_WAIT


def _keep(claim: Claim, **fields: object) -> None:
    held = ShopConnection.objects.filter(pk=claim.connection_id, lease_until=claim.lease_until)
    held.update(**fields)
