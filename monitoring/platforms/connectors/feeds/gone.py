"""Whether the page that an entry told of is still there. An entry that left its feed may only have grown old.

Pages of Google News and Reddit answer alike whatever became of the post, and have little patience: not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from monitoring.platforms.errors import AccessDenied, NotFound, RateLimited, Unavailable, UnexpectedResponse
from monitoring.platforms.http import PlatformHttp

MOST_PAGES: Final = 20  # at once: each may keep us waiting
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def gone_pages(
    http_for: Callable[[str], PlatformHttp], addresses: Iterable[str], *, not_asked: Collection[str] = ()
) -> frozenset[str]:
    """Those whose server says that they are gone. A server that is silent or busy says nothing about them."""
    asked = [address for address in addresses if _host(address) and _host(address) not in not_asked]
    return frozenset(address for address in asked[:MOST_PAGES] if _is_gone(http_for(address), address))


def _is_gone(http: PlatformHttp, address: str) -> bool:
    try:
        return http.get(address, expect=range(200, 600)).status in _GONE
    except (AccessDenied, NotFound, RateLimited, Unavailable, UnexpectedResponse):
        return False


def _host(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:  # no address, whatever a feed called it: the others are asked all the same
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
