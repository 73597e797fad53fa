"""How often somebody may come in a minute, counted in Redis; without Redis by each web process for itself."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import quick_redis

logger = logging.getLogger(__name__)

# KEYS: counters. ARGV: how many each allows. Whoever is stopped by one uses up none of those after it.
_COUNT: Final = """
for number, key in ipairs(KEYS) do
    local times = redis.call('INCR', key)
    if times == 1 then redis.call('EXPIRE', key, 120) end
    if times > tonumber(ARGV[number]) then return 0 end
end
return 1
"""


@dataclass(frozen=True)
class Limit:
    name: str
    a_minute: int


class _OwnCounters:
    """Those of the present minute."""

    def __init__(self) -> None:
        self.minute = 0
        self.times: Counter[str] = Counter()

    def allow(self, limits: tuple[Limit, ...], minute: int) -> bool:
        if minute != self.minute:
            self.minute, self.times = minute, Counter()
        for limit in limits:
            self.times[limit.name] += 1
            if self.times[limit.name] > limit.a_minute:
                return False
        return True


_own_counters = _OwnCounters()


def seconds_to_wait(*limits: Limit) -> int:
    """0 where one more may come in, and it is counted; else the seconds until the next minute."""
    now = int(time.time())
    minute = now // 60
    keys = [f"conversions:limit:{limit.name}:{minute}" for limit in limits]
    try:
        is_allowed = bool(quick_redis().eval(_COUNT, len(keys), *keys, *(limit.a_minute for limit in limits)))
    except RedisError as error:
        logger.warning("Requests are counted by this process alone: %s", type(error).__name__)
        is_allowed = _own_counters.allow(limits, minute)
    return 0 if is_allowed else 60 - now % 60
