"""The requests each credential or server may still get, counted in Redis before they are made.

One script decides for all workers at once. Each rule keeps the times of its last requests, as many as it
allows, so that a window slides exactly: no burst at its edge. What a platform's headers say is kept beside it
and counts as well. Without Redis nothing is asked: overrunning a quota can cost a customer their access.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError

from monitoring.platforms.errors import RateLimited
from monitoring.platforms.statuses import clamped
from monitoring.platforms.types import RateRule

logger = logging.getLogger(__name__)

_WITHOUT_REDIS = timedelta(minutes=1)

# KEYS: blocked-until, the platform's word, one list a rule. ARGV: requests and milliseconds of each rule.
# Returns the milliseconds until a request is free, 0 if this one was counted.
_SPEND = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local wait = math.max(0, (tonumber(redis.call('GET', KEYS[1])) or 0) - now)
local word = redis.call('HMGET', KEYS[2], 'remaining', 'reset')
local told = word[1] and tonumber(word[2]) > now
if told and tonumber(word[1]) <= 0 then wait = math.max(wait, tonumber(word[2]) - now) end
for rule = 3, #KEYS do
    local most, window = tonumber(ARGV[2 * rule - 5]), tonumber(ARGV[2 * rule - 4])
    if redis.call('LLEN', KEYS[rule]) >= most then
        wait = math.max(wait, tonumber(redis.call('LINDEX', KEYS[rule], -most)) + window - now)
    end
end
if wait > 0 then return wait end
if told then redis.call('HINCRBY', KEYS[2], 'remaining', -1) end
for rule = 3, #KEYS do
    redis.call('RPUSH', KEYS[rule], now)
    redis.call('LTRIM', KEYS[rule], -tonumber(ARGV[2 * rule - 5]), -1)
    redis.call('PEXPIRE', KEYS[rule], ARGV[2 * rule - 4])
end
return 0
"""

# KEYS: blocked-until, the platform's word. ARGV: remaining, milliseconds until the reset.
# Answers may overtake each other: within one window the smaller number holds, and a block is never shortened.
_LEARN = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local remaining, reset = tonumber(ARGV[1]), now + tonumber(ARGV[2])
if remaining <= 0 then
    if reset > (tonumber(redis.call('GET', KEYS[1])) or 0) then
        redis.call('SET', KEYS[1], reset, 'PX', ARGV[2])
    end
    return
end
local word = redis.call('HMGET', KEYS[2], 'remaining', 'reset')
if word[1] and math.abs(tonumber(word[2]) - reset) < 2000 then
    remaining = math.min(remaining, tonumber(word[1]))
end
redis.call('HSET', KEYS[2], 'remaining', remaining, 'reset', reset)
redis.call('PEXPIRE', KEYS[2], ARGV[2])
"""


def _milliseconds(span: timedelta) -> int:
    return max(1, round(span / timedelta(milliseconds=1)))


class RedisRateBudget:
    """The `RateBudget` that all processes share."""

    def __init__(self, redis: Redis) -> None:
        self._spend = redis.register_script(_SPEND)
        self._learn = redis.register_script(_LEARN)

    def spend(self, key: str, rules: Sequence[RateRule]) -> None:
        """Count one request against every rule, or none of them and raise RateLimited."""
        windows = [_milliseconds(rule.window) for rule in rules]
        keys = [*_told(key), *(f"rate:{{{key}}}:{window}" for window in windows)]
        arguments = [
            number for rule, window in zip(rules, windows, strict=True) for number in (rule.requests, window)
        ]
        try:
            wait = int(self._spend(keys=keys, args=arguments))
        except RedisError as error:
            logger.error("Requests cannot be counted, so none is made: %s", type(error).__name__)
            raise RateLimited("Requests cannot be counted at the moment.", _WITHOUT_REDIS) from error
        if wait > 0:
            message = "The requests that this platform allows are used up for now."
            raise RateLimited(message, clamped(timedelta(milliseconds=wait)))

    def learn(self, key: str, *, remaining: int, reset_at: datetime) -> None:
        """Remember what the platform said. Losing it is harmless: the next `spend` needs Redis anyway."""
        wait = reset_at - datetime.now(UTC)
        if wait <= timedelta(0):
            return
        try:
            self._learn(keys=_told(key), args=[remaining, _milliseconds(clamped(wait))])
        except RedisError as error:
            logger.warning("What the platform allows could not be noted: %s", type(error).__name__)


def _told(key: str) -> list[str]:
    return [f"rate:{{{key}}}:blocked", f"rate:{{{key}}}:told"]
