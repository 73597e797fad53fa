"""Can customers reach this instance? Clicks on links and calls from a web shop arrive only if they can."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from redis import Redis

from monitoring.platforms.errors import AccessDenied, ConnectorError, RateLimited, UnexpectedResponse
from monitoring.platforms.guarded_adapter import Limits
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.types import RateRule

_HOME = ("localhost", ".localhost", ".local", ".lan", ".internal", ".home.arpa", ".test")
_RULES: Final = (RateRule(requests=10, window=timedelta(minutes=1)),)
_LIMITS: Final = Limits(connect_seconds=3, read_seconds=5, total_seconds=8, max_bytes=10_000)


class Reach(StrEnum):
    """What came of asking our own public address from here."""

    AT_HOME = "at_home"  # the name alone says that nobody outside can use it
    PRIVATE = "private"  # the name leads into a private network, as seen from here
    SILENT = "silent"
    SOMEBODY_ELSE = "somebody_else"
    REACHED = "reached"
    TOO_OFTEN = "too_often"


def customers_can_reach(public_url: str) -> bool:
    """Whether the address is one that works outside this house, as far as its name tells."""
    host = (urlsplit(public_url).hostname or "").rstrip(".")
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_HOME)


def ask_own_address(public_url: str) -> Reach:
    """Ask our own public address, unless its name alone tells that nobody outside gets there."""
    return ask_address(public_url) if customers_can_reach(public_url) else Reach.AT_HOME


def ask_address(address: str) -> Reach:
    """Ask as a stranger would: by the name, and not inside private networks that the operator has not allowed."""
    try:
        answer = _door().get_json(f"{address}/healthz")
    except RateLimited:
        return Reach.TOO_OFTEN
    except AccessDenied:
        return Reach.PRIVATE
    except UnexpectedResponse:
        return Reach.SOMEBODY_ELSE
    except ConnectorError:
        return Reach.SILENT
    return Reach.REACHED if answer.data == {"status": "ok"} else Reach.SOMEBODY_ELSE


def _door() -> PlatformHttp:
    budget = RedisRateBudget(Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5))
    return PlatformHttp(
        budget,
        key="own_address",
        rules=_RULES,
        limits=_LIMITS,
        allowed_private_hosts=settings.PRIVATE_HOSTS_ALLOWED,
    )
