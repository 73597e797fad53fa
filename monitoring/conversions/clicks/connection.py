"""Redis, asked briefly where somebody waits for the answer and there is another way, and patiently by workers."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

_BRIEFLY = 0.25
_PATIENTLY = 20.0


def _connect(seconds: float) -> Redis:
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=seconds,
        socket_timeout=seconds,
        # One more attempt, at once: a connection from the pool may have been closed meanwhile.
        retry=Retry(NoBackoff(), 1),
    )


@cache
def quick_redis() -> Redis:
    return _connect(_BRIEFLY)


@cache
def patient_redis() -> Redis:
    return _connect(_PATIENTLY)
