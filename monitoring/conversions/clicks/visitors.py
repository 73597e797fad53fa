"""Who followed a link: a person or a program, and the same one again? Without keeping who it was.

A program is told by its User-Agent, in this order:
1. it has none, or the browser says it only looks ahead (`Sec-Purpose: prefetch`);
2. it does not begin like a browser's: every browser says "Mozilla/5.0", servers that make previews mostly do not;
3. it names an address to complain to ("+http…", "+mailto…"), as well-mannered robots do;
4. the list of the package crawler-user-agents knows it: link previews of the platforms, search engines, monitors.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from datetime import UTC, datetime
from functools import lru_cache

import crawleruseragents
from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import quick_redis

logger = logging.getLogger(__name__)

_SALT_LIVES = 2 * 24 * 3600
_ROBOTS_OWN_ADDRESS = re.compile(r"\+\s?(?:https?:|mailto:)")
_LONGEST_AGENT = 1000


def is_robot(request: HttpRequest) -> bool:
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "HEAD" or "prefetch" in ahead or names_a_robot(_agent(request))


@lru_cache(maxsize=4096)
def names_a_robot(agent: str) -> bool:
    """Whether a User-Agent is that of a program that nobody sits in front of."""
    if not agent.startswith("Mozilla/") or _ROBOTS_OWN_ADDRESS.search(agent):
        return True
    return bool(crawleruseragents.is_crawler(agent))


def visitor_of(request: HttpRequest, *, at: datetime) -> str:
    """The same visitor gives the same text during one UTC day; afterwards nobody can tell any more."""
    secret = _salt_of(f"{at.astimezone(UTC):%Y%m%d}")
    seen = f"{address_of(request)}\n{_agent(request)}"
    return hmac.new(secret, seen.encode(), hashlib.sha256).hexdigest()[:32]


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:_LONGEST_AGENT]


def address_of(request: HttpRequest) -> str:
    """The visitor's address; behind a proxy the last one that the proxy wrote, since the others can be made up."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


@lru_cache(maxsize=2)
def _own_salt(_day: str) -> bytes:
    return secrets.token_bytes(32)


@lru_cache(maxsize=2)
def _shared_salt(day: str) -> bytes:
    """Made by whoever asks first that day, and known to Redis alone, for two days."""
    key = f"conversions:salt:{day}"
    quick_redis().set(key, secrets.token_bytes(32), ex=_SALT_LIVES, nx=True)
    salt = quick_redis().get(key)
    if not isinstance(salt, bytes):
        raise RedisError("The salt of the day is gone.")
    return salt


def _salt_of(day: str) -> bytes:
    try:
        return _shared_salt(day)
    except RedisError as error:
        logger.warning("Repeated clicks are told apart by this process alone: %s", type(error).__name__)
        return _own_salt(day)
