"""The page docs/platforms.md, written from what the connectors declare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from monitoring.platforms.registry import platforms
from monitoring.platforms.types import Access, Capability, Platform

_TITLES = {
    Capability.SEARCH_POSTS: "search posts",
    Capability.READ_PROFILE: "profile and followers",
    Capability.LIST_POSTS: "a profile's own posts",
    Capability.READ_POSTS: "posts again",
}
_ACCESS = {
    Access.OPEN: "open",
    Access.FREE_KEY: "free key",
    Access.OWN_ACCOUNT: "own account",
    Access.APPROVAL: "approval",
    Access.PAID: "paid",
}
_HEAD = """# Platforms

What each connector can do, and what a business needs for it. This page is written by `manage.py platforms` from
what the connectors declare (`monitoring/platforms/connectors/`); a test keeps it true.

- **open**: nothing is needed. **free key**: a key that the platform gives to everybody. **own account**: the
  business connects its profile. **approval**: the platform must agree first. **paid**: the platform charges.
- “open, own account” means: works for everybody, and finds more with a connected account.
"""


def platforms_page() -> str:
    found = platforms()
    rows = [[item.name, *(_cell(item, capability) for capability in _TITLES)] for item in found]
    details = [
        [item.name, _servers(item), _rates(item), _span(item.lateness), _prices(item), item.note or "–"]
        for item in found
    ]
    tables = [
        _table(["", *_TITLES.values()], rows),
        _table(["", "asked at", "at most", "may be late by", "costs", "good to know"], details),
    ]
    return "\n".join([_HEAD, *tables])


def _cell(platform: Platform, capability: Capability) -> str:
    ways = [platform.capabilities.get(capability), platform.with_credentials.get(capability)]
    return ", ".join(_ACCESS[way] for way in dict.fromkeys(ways) if way is not None) or "–"


def _servers(platform: Platform) -> str:
    home = platform.home.removeprefix("https://")
    return f"any server; {home or 'none by itself'}" if platform.many_servers else home or "–"


def _rates(platform: Platform) -> str:
    return "; ".join(f"{rule.requests:,} in {_span(rule.window)}" for rule in platform.rate_rules) or "–"


def _span(window: timedelta) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        number, rest = divmod(int(window.total_seconds()), size)
        if number and not rest:
            return f"{number} {name}s" if number > 1 else f"one {name}"
    return str(window)


def _prices(platform: Platform) -> str:
    prices = {"post": platform.price_per_post, "profile": platform.price_per_profile}
    return (
        ", ".join(f"${price.normalize():f} a {what}" for what, price in prices.items() if price) or "nothing"
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
