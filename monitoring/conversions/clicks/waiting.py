"""Clicks wait in a Redis list until a worker writes them: none is lost, none counted twice, whoever dies.

A batch moves to a second list in one step, is written in one transaction, and is removed from the second list
afterwards, click by click. Whatever is still there was perhaps written and perhaps not: it is written again, and the
unique click id keeps it from counting twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import patient_redis, quick_redis
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks

logger = logging.getLogger(__name__)

WAITING = "conversions:clicks:waiting"
TAKEN = "conversions:clicks:taken"
BATCH = 1000
_ONE_WRITER = 7_200_000_000_000_000_000  # an advisory lock: one worker writes clicks at a time

# KEYS: waiting, taken. ARGV: how many. An unfinished batch comes first.
_TAKE = """
if redis.call('LLEN', KEYS[2]) == 0 then
    local batch = redis.call('LRANGE', KEYS[1], 0, ARGV[1] - 1)
    for _, item in ipairs(batch) do redis.call('RPUSH', KEYS[2], item) end
    redis.call('LTRIM', KEYS[1], #batch, -1)
end
return redis.call('LRANGE', KEYS[2], 0, -1)
"""
_REMOVE = "for _, item in ipairs(ARGV) do redis.call('LREM', KEYS[1], 1, item) end"


def note_click(click: FollowedLink) -> None:
    """Remember a click; without Redis it is written at once."""
    try:
        quick_redis().rpush(WAITING, _write(click))
    except RedisError as error:
        logger.warning("A click is written directly: %s", type(error).__name__)
        store_clicks([click])


def store_waiting_clicks() -> int:
    """Write one batch of waiting clicks. Returns how many were taken: 0 when none waits or another worker is at it."""
    with transaction.atomic():
        if not _is_only_writer():
            return 0
        taken: Sequence[bytes] = patient_redis().eval(_TAKE, 2, WAITING, TAKEN, BATCH)
        store_clicks([click for click in map(_read, taken) if click])
    # By value, not by position: another worker may hold the list by now.
    patient_redis().eval(_REMOVE, 1, TAKEN, *taken)
    return len(taken)


def _is_only_writer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [_ONE_WRITER])
        return bool(cursor.fetchone()[0])


def _write(click: FollowedLink) -> str:
    return json.dumps(
        [str(click.click_id), click.link_id, click.clicked_at.isoformat(), click.visitor, click.is_bot]
    )


def _read(item: bytes) -> FollowedLink | None:
    try:
        click_id, link_id, clicked_at, visitor, is_bot = json.loads(item)
        return FollowedLink(
            click_id=UUID(click_id),
            link_id=int(link_id),
            clicked_at=datetime.fromisoformat(clicked_at),
            visitor=str(visitor),
            is_bot=bool(is_bot),
        )
    except (TypeError, ValueError):
        logger.error("Something that is no click stood among the clicks and was left out.")
        return None
