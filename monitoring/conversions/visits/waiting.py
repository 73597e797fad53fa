"""Events wait until a worker writes them, after the clicks that led to them."""

from __future__ import annotations

from monitoring.conversions.clicks.waiting import CLICKS
from monitoring.conversions.visits.events import read_event, write_event
from monitoring.conversions.visits.storing import store_events
from monitoring.conversions.waiting import WaitingList

EVENTS = WaitingList(
    name="events", lock=7_200_000_000_000_000_001, write=write_event, read=read_event, store=store_events
)


def store_waiting_events(most: int) -> int:
    """Write what waits, at most so many batches of each. A click was noted before its visit, so it comes first."""
    return CLICKS.store_batches(most) + EVENTS.store_batches(most)
