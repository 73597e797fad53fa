"""Clicks wait until a worker writes them."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.waiting import WaitingList


def _write(click: FollowedLink) -> str:
    return json.dumps(
        [str(click.click_id), click.link_id, click.clicked_at.isoformat(), click.visitor, click.is_bot]
    )


def _read(item: bytes) -> FollowedLink:
    click_id, link_id, clicked_at, visitor, is_bot = json.loads(item)
    return FollowedLink(
        click_id=UUID(click_id),
        link_id=int(link_id),
        clicked_at=datetime.fromisoformat(clicked_at),
        visitor=str(visitor),
        is_bot=bool(is_bot),
    )


CLICKS = WaitingList(
    name="clicks", lock=7_200_000_000_000_000_000, write=_write, read=_read, store=store_clicks
)
WAITING, TAKEN = CLICKS.waiting, CLICKS.taken
note_click = CLICKS.note
store_waiting_clicks = CLICKS.store_batch
