"""Who followed a link: a person or a program, and the same one again? Without keeping who it was.

A program is told by its User-Agent, in this order:
1. it has none, or the browser says it only looks ahead (`Sec-Purpose: prefetch`);
2. it does not begin like a browser's: every browser says "Mozilla/5.0", servers that make previews mostly do not;
3. it names an address to complain to ("+http…", "+mailto…"), as well-mannered robots do;
4. the list of the package crawler-user-agents knows it: link previews of the platforms, search engines, monitors.
"""

from __future__ import annotations

import logging
import re
import secrets
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_network
from typing import Final

import crawleruseragents
from django.http import HttpRequest
from redis.exceptions import RedisError

from accounts.addresses import address_in
from monitoring.conversions.answer import Environ
from monitoring.conversions.clicks.connection import quick_redis

logger = logging.getLogger(__name__)

SALT_LIVES = timedelta(days=2)
_ROBOTS_OWN_ADDRESS = re.compile(r"\+\s?(?:https?:|mailto:)")
_LONGEST_AGENT = 1000
_A_DAY: Final = 24 * 3600
_DAY_ZERO: Final = date(1970, 1, 1).toordinal()


def is_robot(environ: Environ) -> bool:
    ahead = environ.get("HTTP_SEC_PURPOSE", "") + environ.get("HTTP_PURPOSE", "")
    return environ["REQUEST_METHOD"] == "HEAD" or "prefetch" in ahead or names_a_robot(_agent(environ))


@lru_cache(maxsize=4096)
def names_a_robot(agent: str) -> bool:
    """Whether a User-Agent is that of a program that nobody sits in front of."""
    if not agent.startswith("Mozilla/") or _ROBOTS_OWN_ADDRESS.search(agent):
        return True
    return bool(crawleruseragents.is_crawler(agent))


def visitor_of(environ: Environ, *, at: datetime) -> str:
    """The same visitor gives the same text during one UTC day; afterwards nobody can tell any more."""
    return _hash(f"{address_in(environ)}\n{_agent(environ)}", at)


def network_of(request: HttpRequest, *, at: datetime) -> str:
    """Where a request comes from, told apart for a day: the address, or the 64 bits of it that a home is given."""
    return network_in(request.META, at=at)


def network_in(environ: Environ, *, at: datetime) -> str:
    """The same of a request as the web server hands it over."""
    address = address_in(environ)
    if ":" in address:
        with suppress(ValueError):  # a proxy that writes something else
            address = str(ip_network(f"{address}/64", strict=False))
    return _hash(address, at)


def _hash(seen: str, at: datetime) -> str:
    secret = _salt_of(int(at.timestamp()) // _A_DAY)
    return blake2b(seen.encode(errors="replace"), key=secret, digest_size=16).hexdigest()


def _agent(environ: Environ) -> str:
    return str(environ.get("HTTP_USER_AGENT", ""))[:_LONGEST_AGENT]


@lru_cache(maxsize=2)
def _own_salt(_day: int) -> bytes:
    return secrets.token_bytes(32)


@lru_cache(maxsize=2)
def _shared_salt(day: int) -> bytes:
    """Made by whoever asks first that day, and known to Redis alone, for two days."""
    key = f"conversions:salt:{date.fromordinal(_DAY_ZERO + day):%Y%m%d}"
    quick_redis().set(key, secrets.token_bytes(32), ex=SALT_LIVES, nx=True)
    salt = quick_redis().get(key)
    if not isinstance(salt, bytes):
        raise RedisError("The salt of the day is gone.")
    return salt


def _salt_of(day: int) -> bytes:
    try:
        return _shared_salt(day)
    except RedisError as error:
        logger.warning("Repeated clicks are told apart by this process alone: %s", type(error).__name__)
        return _own_salt(day)
