from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from redis import Redis

from monitoring.platforms.rate_budget import RedisRateBudget
from tests.platforms.local_server import Answering, LocalServer

Serve = Callable[[Answering], LocalServer]


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(scope="session")
def budget(redis: Redis) -> RedisRateBudget:
    return RedisRateBudget(redis)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts local servers; they end with the test."""
    with ExitStack() as servers:
        yield lambda answer: servers.enter_context(LocalServer(answer))
