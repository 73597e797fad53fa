from __future__ import annotations

import gc
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
    """Starts local servers; they end with the test.

    Until then nobody looks for garbage: freed in the depths of an answer that is all brackets, what other tests left
    would have no stack to end properly. To look for it before each such answer took a twenty-fifth of the run.
    """
    gc.disable()
    with ExitStack() as servers:
        servers.callback(gc.enable)
        yield lambda answer: servers.enter_context(LocalServer(answer))
