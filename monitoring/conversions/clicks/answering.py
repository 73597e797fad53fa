"""One question to Redis: where does the link lead? In the same step the click is put with those that wait."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from monitoring.conversions.clicks.connection import ask_quickly
from monitoring.conversions.clicks.storing import FollowedLink
from monitoring.conversions.clicks.targets import UNKNOWN, Target, read_target, target_key
from monitoring.conversions.clicks.waiting import WAITING

# KEYS: target, waiting. ARGV: now, and the click as `waiting` writes it, before and after the number of its link.
# Nothing is noted for a link that has ended and leads nowhere.
_ASK: Final = """
local known = redis.call('GET', KEYS[1])
if not known then return nil end
local link, ends = string.match(known, '^%[(%d+), (%d+), ')
if link and (ends == '0' or tonumber(ARGV[1]) < tonumber(ends) or string.sub(known, -5) ~= ', ""]') then
    redis.call('RPUSH', KEYS[2], ARGV[2] .. link .. ARGV[3])
end
return known
"""


@dataclass(frozen=True, kw_only=True)
class Following:
    """Somebody follows a link; which one is told by its ending."""

    click_id: UUID
    at: datetime
    visitor: str
    is_bot: bool

    def click_on(self, link_id: int) -> FollowedLink:
        return FollowedLink(
            click_id=self.click_id,
            link_id=link_id,
            clicked_at=self.at,
            visitor=self.visitor,
            is_bot=self.is_bot,
        )


def answer_from_redis(slug: str, following: Following) -> Target | None:
    """The link's target, its click being noted; None where Redis does not know the link. Raises RedisError."""
    before = f'["{following.click_id}", '
    after = f", {json.dumps([following.at.isoformat(), following.visitor, following.is_bot])[1:]}"
    now = int(following.at.timestamp())
    known = ask_quickly("EVAL", _ASK, 2, target_key(slug), WAITING, now, before, after)
    return read_target(known) if known and known != UNKNOWN else None
