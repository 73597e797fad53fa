"""Background work of conversions."""

from __future__ import annotations

from celery import shared_task

from monitoring.conversions.money.fetching import fetch_exchange_rates
from monitoring.conversions.visits.waiting import store_waiting_events

_BATCHES_A_RUN = 50


@shared_task(name="events.store_what_waits")
def store_what_waits() -> int:
    """Write the clicks and events that wait. The next run takes what is left."""
    return store_waiting_events(_BATCHES_A_RUN)


@shared_task(name="fetch.exchange_rates")
def exchange_rates(at_once: bool = False) -> int:
    """After a failure the next hour tries again."""
    return fetch_exchange_rates(at_once=at_once)
