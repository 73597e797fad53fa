"""Background work of conversions."""

from __future__ import annotations

from celery import shared_task

from monitoring.conversions.clicks.waiting import BATCH, store_waiting_clicks

_BATCHES_A_RUN = 50


@shared_task(name="events.store_clicks")
def store_clicks() -> int:
    """Write the clicks that wait. The next run takes what is left."""
    stored = 0
    for _batch in range(_BATCHES_A_RUN):
        taken = store_waiting_clicks()
        stored += taken
        if taken < BATCH:
            break
    return stored
