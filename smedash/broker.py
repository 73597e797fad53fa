"""What the broker says about the queues: how long each is, and how old its oldest task."""

from __future__ import annotations

import json
import time
from functools import cache

import redis
from celery import Task, signals
from django.conf import settings

from smedash.celery import ENQUEUED_AT, QUEUES

HEARTBEAT = "heartbeat"
TASK_COUNTS = "metrics:tasks"


@cache
def broker() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3)


def queue_lengths() -> dict[str, int]:
    pipeline = broker().pipeline(transaction=False)
    for queue in QUEUES:
        pipeline.llen(queue)
    return dict(zip(QUEUES, pipeline.execute(), strict=True))


def queue_ages() -> dict[str, float]:
    """Seconds that the oldest waiting task of each queue has waited; 0 for an empty queue."""
    pipeline = broker().pipeline(transaction=False)
    for queue in QUEUES:
        pipeline.lindex(queue, -1)  # Celery pushes on the left and takes from the right
    return {queue: _age(message) for queue, message in zip(QUEUES, pipeline.execute(), strict=True)}


def _age(message: bytes | None) -> float:
    if message is None:
        return 0
    enqueued_at = json.loads(message)["headers"].get(ENQUEUED_AT)
    return 0 if enqueued_at is None else max(0, time.time() - enqueued_at)


def record_heartbeat() -> None:
    broker().set(HEARTBEAT, repr(time.time()))


def heartbeat_age() -> float | None:
    """Seconds since a periodic task last ran; None when none ever did."""
    value = broker().get(HEARTBEAT)
    return None if value is None else max(0, time.time() - float(value))


@signals.task_postrun.connect
def count_task(task: Task[..., object], state: str | None = None, **_: object) -> None:
    """Called in the worker when a task has ended, well or not."""
    try:
        broker().hincrby(TASK_COUNTS, f"{task.name}|{(state or 'unknown').lower()}", 1)
    except redis.RedisError:
        return  # counting must not fail the work that is counted


def task_counts() -> dict[tuple[str, str], int]:
    """How often each task has ended how, since the broker's data began."""
    fields = broker().hgetall(TASK_COUNTS)
    pairs = (
        (field.decode() if isinstance(field, bytes) else field, int(count)) for field, count in fields.items()
    )
    return {(name.rpartition("|")[0], name.rpartition("|")[2]): count for name, count in pairs}
