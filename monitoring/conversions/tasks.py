"""Background work of conversions."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from time import monotonic

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.forgetting import forget_details
from monitoring.conversions.money.fetching import fetch_exchange_rates, note_failure
from monitoring.conversions.services.goal_results import close_due_periods, recount_closed_periods
from monitoring.conversions.shop_polling.claiming import Claim, claim_due_shops
from monitoring.conversions.shop_polling.forgetting import forget_seen_orders
from monitoring.conversions.shop_polling.polling import ClaimLost, poll_shop
from monitoring.conversions.visits.waiting import store_waiting_events
from monitoring.conversions.webhooks.purging import purge_deliveries
from monitoring.conversions.webhooks.working import work_on_deliveries
from monitoring.platforms.errors import ConnectorError

_BATCHES_A_RUN = 50
_CREDITING_SECONDS = 1.5  # so that a run ends before the next one begins


@shared_task(name="events.store_what_waits")
def store_what_waits() -> int:
    """Write the clicks and events that wait. The next run takes what is left."""
    return store_waiting_events(_BATCHES_A_RUN)


@shared_task(name="events.credit")
def credit(seconds: float = _CREDITING_SECONDS) -> int:
    """Find where conversions came from, then credit the days that changed. The next run takes what is left."""
    ends_at = monotonic() + seconds
    recount_closed_periods()
    while find_touches(now=timezone.now()) and monotonic() < ends_at:
        continue
    return credit_due_days(seconds=max(0.0, ends_at - monotonic()))


@shared_task(name="fetch.exchange_rates")
def exchange_rates(at_once: bool = False) -> int:
    """After a failure the next hour tries again."""
    try:
        return fetch_exchange_rates(at_once=at_once)
    except ConnectorError as error:
        note_failure(error)
        return 0


@shared_task(name="fetch.dispatch_due_shops")
def dispatch_due_shops() -> int:
    """Claim the shops that are due and hand out one task each. Lost messages cost nothing: the lease runs out."""
    claims = claim_due_shops()
    for claim in claims:
        read_shop.delay(claim.connection_id, claim.lease_until.isoformat())
    return len(claims)


@shared_task(name="fetch.poll_shop")
def read_shop(connection_id: int, lease_until: str) -> None:
    """What fails is retried when the table says so."""
    with suppress(ClaimLost):  # another worker went on where we stopped
        poll_shop(Claim(connection_id, datetime.fromisoformat(lease_until)))


@shared_task(name="events.work_on_deliveries")
def work_on_waiting_deliveries() -> int:
    return work_on_deliveries()


@shared_task(name="bulk.purge_deliveries")
def purge_old_deliveries() -> None:
    while purge_deliveries() + forget_seen_orders(now=timezone.now()):
        continue


@shared_task(name="bulk.forget_clicks")
def forget_old_clicks() -> None:
    while forget_details(now=timezone.now(), kept_days=settings.CLICKS_KEPT_DAYS):
        continue


@shared_task(name="bulk.close_goal_periods")
def close_goal_periods() -> int:
    return close_due_periods(now=timezone.now())
