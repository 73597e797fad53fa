"""Whose site a key belongs to, answered from Redis; the database is asked only where Redis does not know."""

from __future__ import annotations

import json
import logging
import re
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.db import transaction
from redis.exceptions import RedisError

from monitoring.conversions.clicks.connection import ask_quickly, quick_redis
from monitoring.conversions.models import Site

logger = logging.getLogger(__name__)

_LATELY = 3.0
_KNOWN_FOR = 7 * 24 * 3600  # so that visits arrive through a long outage of the database
_UNKNOWN_FOR = 30
_UNKNOWN = b"-"
_SITE_KEY = re.compile(r"[0-9a-z]{1,24}")


@dataclass(frozen=True)
class KnownSite:
    """What the end point needs to know of a site."""

    site_id: int
    currency: str
    hosts: tuple[str, ...]
    asks_how_heard: bool

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may tell us something. `www.` before an allowed host is the same site."""
        try:
            parts = urlsplit(origin)
            host = parts.hostname or ""
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or parts.path or parts.query:
            return False
        return host in self.hosts or host.removeprefix("www.") in self.hosts


def is_site_key(text: str) -> bool:
    return bool(_SITE_KEY.fullmatch(text))


class _LatelyFound:
    """What this process found within the last seconds."""

    def __init__(self) -> None:
        self.sites: dict[str, tuple[float, KnownSite]] = {}

    def get(self, key: str) -> KnownSite | None:
        until, site = self.sites.get(key, (0.0, None))
        return site if time.monotonic() < until else None

    def keep(self, key: str, site: KnownSite | None) -> None:
        if site is None:
            self.sites.pop(key, None)
        else:
            self.sites[key] = (time.monotonic() + _LATELY, site)


_lately_found = _LatelyFound()
found_lately = _lately_found.get


def known_site(key: str) -> KnownSite | None:
    """The same without the database: None, too, where Redis does not know or cannot be asked."""
    site = found_lately(key)
    if site is not None:
        return site
    try:
        known = ask_quickly("GET", _place(key))
    except RedisError:
        return None
    site = _understand(known) if known and known != _UNKNOWN else None
    _lately_found.keep(key, site)
    return site


def find_site(key: str) -> KnownSite | None:
    """The site with this key, or None. A change is known everywhere within seconds."""
    site = found_lately(key) or _find(key)
    _lately_found.keep(key, site)
    return site


def _find(key: str) -> KnownSite | None:
    try:
        known = ask_quickly("GET", _place(key))
    except RedisError as error:
        logger.warning("Sites are looked up in the database: %s", type(error).__name__)
        return _read(key)
    if known is not None:
        return None if known == _UNKNOWN else _understand(known)
    site = _read(key)
    _remember(key, site, replace=False)
    return site


def publish_site(site: Site) -> None:
    """After a site was written: what Redis knows of it is replaced as soon as the transaction ends."""
    known = _describe(site)

    def publish() -> None:
        _remember(site.key, known, replace=True)
        _lately_found.keep(site.key, None)

    transaction.on_commit(publish)


def forget_site(key: str) -> None:
    """After a site was deleted: Redis would know it for days."""
    ask_quickly("DEL", _place(key))
    _lately_found.keep(key, None)


def _place(key: str) -> str:
    return f"conversions:site:{key}"


def _describe(site: Site) -> KnownSite:
    return KnownSite(site.pk, site.organization.currency, tuple(site.hosts), site.asks_how_heard)


def _understand(known: bytes) -> KnownSite:
    told = json.loads(known)
    return KnownSite(**{**told, "hosts": tuple(told["hosts"])})


def _read(key: str) -> KnownSite | None:
    site = Site.objects.select_related("organization").filter(key=key).first()
    return _describe(site) if site else None


def _remember(key: str, site: KnownSite | None, *, replace: bool) -> None:
    """A reader never replaces what a writer said meanwhile."""
    value = json.dumps(asdict(site)) if site else _UNKNOWN
    try:
        quick_redis().set(_place(key), value, ex=_KNOWN_FOR if site else _UNKNOWN_FOR, nx=not replace)
    except RedisError as error:
        logger.warning("A site could not be remembered: %s", type(error).__name__)
