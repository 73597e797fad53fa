from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from monitoring.platforms.errors import RateLimited
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.types import RateRule

THREE_A_MINUTE = RateRule(requests=3, window=timedelta(minutes=1))


@pytest.fixture
def key() -> str:
    return f"test-{uuid.uuid4()}"


def _refusal(budget: RedisRateBudget, key: str, *rules: RateRule) -> timedelta:
    with pytest.raises(RateLimited) as refused:
        budget.spend(key, rules)
    return refused.value.retry_after


def test_refuses_the_request_above_the_rule(budget: RedisRateBudget, key: str) -> None:
    for _ in range(3):
        budget.spend(key, [THREE_A_MINUTE])
    wait = _refusal(budget, key, THREE_A_MINUTE)
    assert timedelta(seconds=50) < wait <= timedelta(minutes=1)


def test_a_refused_request_is_not_counted(budget: RedisRateBudget, key: str) -> None:
    short = RateRule(
        requests=1, window=timedelta(seconds=1)
    )  # long enough to ask six times on a busy machine
    budget.spend(key, [short, THREE_A_MINUTE])
    for _ in range(5):
        _refusal(budget, key, short, THREE_A_MINUTE)
    time.sleep(1.05)
    budget.spend(key, [short, THREE_A_MINUTE])
    time.sleep(1.05)
    budget.spend(key, [short, THREE_A_MINUTE])
    time.sleep(1.05)
    assert _refusal(budget, key, short, THREE_A_MINUTE) > timedelta(seconds=50)


def test_the_window_slides(budget: RedisRateBudget, key: str) -> None:
    rule = RateRule(requests=2, window=timedelta(milliseconds=1800))
    budget.spend(key, [rule])
    time.sleep(1.2)
    budget.spend(key, [rule])
    time.sleep(0.65)
    budget.spend(key, [rule])
    assert _refusal(budget, key, rule) <= timedelta(milliseconds=1200)  # the second leaves 1.15 s from now


def test_credentials_do_not_share_a_budget(budget: RedisRateBudget, key: str) -> None:
    rule = RateRule(requests=1, window=timedelta(minutes=1))
    budget.spend(f"{key}-a", [rule])
    budget.spend(f"{key}-b", [rule])
    _refusal(budget, f"{key}-a", rule)


def test_many_workers_together_never_exceed_the_rule(budget: RedisRateBudget, key: str) -> None:
    rule = RateRule(requests=50, window=timedelta(minutes=1))

    def allowed(_attempt: int) -> bool:
        try:
            budget.spend(key, [rule])
        except RateLimited:
            return False
        return True

    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(allowed, range(200))) == 50


def test_learns_from_the_platform_that_less_is_left(budget: RedisRateBudget, key: str) -> None:
    budget.learn(key, remaining=1, reset_at=datetime.now(UTC) + timedelta(minutes=5))
    budget.spend(key, [THREE_A_MINUTE])
    wait = _refusal(budget, key, THREE_A_MINUTE)
    assert timedelta(minutes=4) < wait <= timedelta(minutes=5)


def test_an_answer_that_was_overtaken_does_not_raise_what_is_left(budget: RedisRateBudget, key: str) -> None:
    reset_at = datetime.now(UTC) + timedelta(minutes=5)
    budget.learn(key, remaining=1, reset_at=reset_at)
    budget.learn(key, remaining=2, reset_at=reset_at)
    budget.spend(key, [])
    _refusal(budget, key)


def test_a_block_is_never_shortened(budget: RedisRateBudget, key: str) -> None:
    budget.learn(key, remaining=0, reset_at=datetime.now(UTC) + timedelta(hours=1))
    budget.learn(key, remaining=0, reset_at=datetime.now(UTC) + timedelta(seconds=5))
    budget.learn(key, remaining=90, reset_at=datetime.now(UTC) + timedelta(minutes=5))
    assert _refusal(budget, key) > timedelta(minutes=59)


def test_an_absurd_block_ends_after_a_day(budget: RedisRateBudget, key: str) -> None:
    budget.learn(key, remaining=0, reset_at=datetime.now(UTC) + timedelta(days=4000))
    assert _refusal(budget, key) <= timedelta(days=1)


def test_a_reset_in_the_past_blocks_nothing(budget: RedisRateBudget, key: str) -> None:
    budget.learn(key, remaining=0, reset_at=datetime.now(UTC) - timedelta(seconds=1))
    budget.spend(key, [THREE_A_MINUTE])


def test_without_redis_no_request_is_made(key: str) -> None:
    with Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2) as nowhere:
        assert _refusal(RedisRateBudget(nowhere), key, THREE_A_MINUTE) == timedelta(minutes=1)


def test_counts_expire(budget: RedisRateBudget, redis: Redis, key: str) -> None:
    budget.spend(key, [THREE_A_MINUTE])
    budget.learn(key, remaining=5, reset_at=datetime.now(UTC) + timedelta(minutes=5))
    budget.learn(key, remaining=0, reset_at=datetime.now(UTC) + timedelta(minutes=5))
    names = list(redis.scan_iter(match=f"*{key}*", count=1000))
    assert len(names) == 3
    assert all(redis.pttl(name) > 0 for name in names)
