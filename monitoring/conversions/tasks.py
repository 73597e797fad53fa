"""Background work of conversions."""

from __future__ import annotations

from celery import shared_task

from monitoring.conversions.clicks.waiting import CLICKS

_BATCHES_A_RUN = 50


@shared_task(name="events.store_clicks")
def store_clicks() -> int:
    """Write the clicks that wait. The next run takes what is left."""
    return CLICKS.store_batches(_BATCHES_A_RUN)
