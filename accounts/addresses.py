"""Where a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The sender's address; behind a proxy the last one that the proxy wrote, since the others can be made up."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """The same of a request as the web server hands it over (PEP 3333)."""
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return str(forwarded.rpartition(",")[2].strip() or environ.get("REMOTE_ADDR", ""))


def read_address(text: str) -> str | None:
    """An address as it can be stored, or None: a proxy may write anything, and a socket has none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or found).partition("%")[0]
    return str(found)
