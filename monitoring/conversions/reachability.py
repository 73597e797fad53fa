"""Can customers reach this instance? Clicks on links and calls from a web shop arrive only if they can."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

_HOME = ("localhost", ".localhost", ".local", ".lan", ".internal", ".home.arpa", ".test")


def customers_can_reach(public_url: str) -> bool:
    """Whether the address is one that works outside this house, as far as its name tells."""
    host = (urlsplit(public_url).hostname or "").rstrip(".")
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_HOME)
