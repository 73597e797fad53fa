"""How often somebody may come in a minute, counted in Redis; without Redis by each web process for itself."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import ask_quickly

logger = logging.getLogger(__name__)

# KEYS: the counters, and after them perhaps a list. ARGV: how many counters there are, how many each allows, and what
# is put into the list where all of them allow it. Whoever is stopped by one uses up none of those after it.
_COUNT: Final = """
local counters = tonumber(ARGV[1])
for number = 1, counters do
    local times = redis.call('INCR', KEYS[number])
    if times == 1 then redis.call('EXPIRE', KEYS[number], 120) end
    if times > tonumber(ARGV[number + 1]) then return 0 end
end
if KEYS[counters + 1] then redis.call('RPUSH', KEYS[counters + 1], ARGV[counters + 2]) end
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

    def allow(self, limits: Sequence[Limit]) -> bool:
        minute = int(time.time()) // 60
        if minute != self.minute:
            self.minute, self.times = minute, Counter()
        for limit in limits:
            self.times[limit.name] += 1
            if self.times[limit.name] > limit.a_minute:
                return False
        return True


own_counters = _OwnCounters()
allow_here = own_counters.allow


def allow_in_redis(limits: Sequence[Limit], *put: str) -> bool:
    """Whether one more may come in, which is counted. `put` is a list and what goes into it in the same step, if so.

    Raises RedisError.
    """
    minute = int(time.time()) // 60
    keys = [f"conversions:limit:{limit.name}:{minute}" for limit in limits]
    most = [limit.a_minute for limit in limits]
    return bool(
        ask_quickly("EVAL", _COUNT, len(keys) + len(put[:1]), *keys, *put[:1], len(keys), *most, *put[1:])
    )


def seconds_to_wait(*limits: Limit) -> int:
    """0 where one more may come in, which is counted; else the seconds until the next minute."""
    try:
        is_allowed = allow_in_redis(limits)
    except RedisError as error:
        logger.warning("Requests are counted by this process alone: %s", type(error).__name__)
        is_allowed = allow_here(limits)
    return 0 if is_allowed else seconds_to_next_minute()


def seconds_to_next_minute() -> int:
    return 60 - int(time.time()) % 60
