"""Redis, asked briefly where somebody waits for the answer and there is another way, and patiently by workers."""

from __future__ import annotations

from functools import cache
from threading import local
from typing import Any

from django.conf import settings
from redis import Connection, Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.retry import Retry

_BRIEFLY = 0.25
_PATIENTLY = 20.0
_own = local()


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


def ask_quickly(*command: str | bytes | int) -> Any:
    """One command over a connection that this thread keeps: a third of what a pool's costs.

    It may be carried out twice: a connection that the server has closed is noticed only when nothing comes back.
    """
    connection = _kept_connection()
    try:
        return _ask(connection, command)
    except LostConnection:
        return _ask(connection, command)


def _ask(connection: Connection, command: tuple[str | bytes | int, ...]) -> Any:
    connection.send_command(*command)  # type: ignore[no-untyped-call]  # redis-py types it not
    return connection.read_response()


def _kept_connection() -> Connection:
    pool = quick_redis().connection_pool
    if getattr(_own, "pool", None) is not pool:
        _own.pool, _own.connection = pool, pool.make_connection()
    kept: Connection = _own.connection
    return kept
