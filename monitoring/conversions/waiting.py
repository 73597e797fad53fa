"""What arrives waits in a Redis list until a worker writes it: nothing is lost, nothing counted twice, whoever dies.

A batch moves to a second list in one step, is written in one transaction, and is removed from the second list
afterwards, item by item. Whatever is still there was perhaps written and perhaps not: it is written again, so every
item carries an id of its own by which storing it again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db import DataError, IntegrityError, connection, transaction
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import ask_quickly, patient_redis
from monitoring.conversions.limiting import Limit, allow_here, allow_in_redis, seconds_to_next_minute

logger = logging.getLogger(__name__)

BATCH: Final = 1000

# KEYS: waiting, taken. ARGV: how many. An unfinished batch comes first.
TAKE: Final = """
if redis.call('LLEN', KEYS[2]) == 0 then
    local batch = redis.call('LRANGE', KEYS[1], 0, ARGV[1] - 1)
    for _, item in ipairs(batch) do redis.call('RPUSH', KEYS[2], item) end
    redis.call('LTRIM', KEYS[1], #batch, -1)
end
return redis.call('LRANGE', KEYS[2], 0, -1)
"""
_REMOVE: Final = "for _, item in ipairs(ARGV) do redis.call('LREM', KEYS[1], 1, item) end"

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class WaitingList(Generic[Item]):
    """`read` raises TypeError or ValueError for what is no item. `store` writes a batch, first or again."""

    name: str
    lock: int  # an advisory lock: one worker writes at a time
    write: Callable[[Item], str]
    read: Callable[[bytes], Item]
    store: Callable[[Sequence[Item]], object]

    @property
    def waiting(self) -> str:
        return f"conversions:{self.name}:waiting"

    @property
    def taken(self) -> str:
        return f"conversions:{self.name}:taken"

    def note(self, item: Item) -> None:
        """Remember it; without Redis it is written at once."""
        try:
            ask_quickly("RPUSH", self.waiting, self.write(item))
        except RedisError as error:
            logger.warning("One of the %s is written directly: %s", self.name, type(error).__name__)
            self._store_at_once(item)

    def note_within(self, limits: Sequence[Limit], item: Item) -> int:
        """Remember it if the limits allow, in the same step. Returns the seconds to wait if they do not, else 0."""
        try:
            is_allowed = allow_in_redis(limits, self.waiting, self.write(item))
        except RedisError as error:
            logger.warning("One of the %s is written directly: %s", self.name, type(error).__name__)
            is_allowed = allow_here(limits)
            if is_allowed:
                self._store_at_once(item)
        return 0 if is_allowed else seconds_to_next_minute()

    def _store_at_once(self, item: Item) -> None:
        """Ahead of Django nobody has looked yet whether this thread's connection is still good."""
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        self.store([item])

    def store_batch(self) -> int:
        """Write one batch. Returns how many were taken: 0 when nothing waits or another worker is at it."""
        with transaction.atomic():
            if not self._is_only_writer():
                return 0
            taken: Sequence[bytes] = patient_redis().eval(TAKE, 2, self.waiting, self.taken, BATCH)
            self._store_all([item for item in map(self._read, taken) if item is not None])
        # By value, not by position: another worker may hold the list by now.
        if taken:
            patient_redis().eval(_REMOVE, 1, self.taken, *taken)
        return len(taken)

    def store_batches(self, most: int) -> int:
        """Write until nothing waits, at most so many batches: the next run takes what is left."""
        stored = 0
        for _batch in range(most):
            taken = self.store_batch()
            stored += taken
            if taken < BATCH:
                break
        return stored

    def _is_only_writer(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(%s)", [self.lock])
            return bool(cursor.fetchone()[0])

    def _read(self, item: bytes) -> Item | None:
        try:
            return self.read(item)
        except (TypeError, ValueError):
            logger.error(
                "Something that does not belong there stood among the %s and was left out.", self.name
            )
            return None

    def _store_all(self, items: Sequence[Item]) -> None:
        """What the database refuses is left out by itself, and does not hold up the others."""
        if self._can_store(items) or len(items) < 2:
            return
        for item in items:
            self._can_store([item])

    def _can_store(self, items: Sequence[Item]) -> bool:
        try:
            with transaction.atomic():
                self.store(items)
        except (DataError, IntegrityError, ValueError):  # the driver's own word for a NUL
            logger.exception("The database refused a batch of %d %s.", len(items), self.name)
            return False
        return True
