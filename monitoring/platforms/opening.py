"""Hands a connector everything it needs, and understands pasted links and handles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from redis import Redis

from accounts.encryption import WrongKey
from monitoring.platforms.connector import Connector, Meter, SessionStore
from monitoring.platforms.errors import AccessDenied
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.rate_budget import RedisRateBudget
from monitoring.platforms.registry import connector_class, connector_classes
from monitoring.platforms.sessions import AccountSessions, MemorySessions
from monitoring.platforms.spending import AccountMeter
from monitoring.platforms.types import Platform, ProfileLink

# Nobody is called longer than that, and nothing longer can be stored.
_LONGEST_HANDLE, _LONGEST_SERVER = 500, 255


def open_connector(*, platform: str, server: str = "", account: ConnectedAccount | None = None) -> Connector:
    """A connector that acts as the account, or without one as anybody. It asks nothing yet.

    `server` is an address or a host name; empty means the account's or the platform's own. Raises AccessDenied
    if the account's credentials cannot be decrypted, UnknownPlatform if there is no such platform.
    """
    if account is None:
        return open_without_account(platform=platform, server=server, credentials={})
    return _wired(
        platform,
        server or account.server,
        credentials=_credentials_of(account),
        caller=f"account:{account.pk}",
        sessions=AccountSessions(account),
        meter=AccountMeter(account),
    )


def open_without_account(
    *, platform: str, server: str = "", credentials: Mapping[str, str], meter: Meter | None = None
) -> Connector:
    """A connector with credentials that are not stored: to try them before they are, and for `probe`."""
    joined = "\x00".join(f"{name}\x00{value}" for name, value in sorted(credentials.items()))
    caller = hashlib.sha256(joined.encode()).hexdigest()[:16] if credentials else "anybody"
    return _wired(
        platform, server, credentials=credentials, caller=caller, sessions=MemorySessions(), meter=meter
    )


def _credentials_of(account: ConnectedAccount) -> Mapping[str, str]:
    try:
        return account.credentials
    except WrongKey as error:
        raise AccessDenied(str(error)) from error


def _wired(
    slug: str,
    server: str,
    *,
    credentials: Mapping[str, str],
    caller: str,
    sessions: SessionStore,
    meter: Meter | None = None,
) -> Connector:
    found = connector_class(slug)
    address = server_address(found.platform, server)
    override = settings.PLATFORM_URLS.get(slug, "")
    trusted = urlsplit(override).hostname if override and address == override.rstrip("/") else None
    http = PlatformHttp(
        rate_budget(settings.REDIS_URL),
        key=f"{slug}:{urlsplit(address).netloc}:{caller}",
        rules=found.platform.rate_rules,
        allowed_private_hosts=[*settings.PRIVATE_HOSTS_ALLOWED, *([trusted] if trusted else [])],
        user_agent=f"SMEdash/{settings.VERSION} (+{settings.PUBLIC_URL})",
    )
    return found(http, server=address, credentials=credentials, sessions=sessions, meter=meter)


def server_address(platform: Platform, server: str) -> str:
    """The full address. PLATFORM_URLS replaces a platform's own address, and no other."""
    address = normalized_server(server) or platform.home
    override = settings.PLATFORM_URLS.get(platform.slug, "").rstrip("/")
    return override if override and address == platform.home else address


def normalized_server(server: str) -> str:
    """`Example.Social/` as `https://example.social`: one spelling for one server."""
    server = server.strip().rstrip("/")
    if not server:
        return ""
    parts = urlsplit(server if "://" in server else f"https://{server}")
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl().rstrip("/")


def recognize(pasted: str) -> ProfileLink | None:
    """The profile that a pasted link or handle means, if any platform knows it."""
    text = pasted.strip()
    links = (found.recognize(text) for found in connector_classes())
    return next((link for link in links if link is not None and _can_be_kept(link)), None)


def _can_be_kept(link: ProfileLink) -> bool:
    return len(link.handle) <= _LONGEST_HANDLE and len(link.server) <= _LONGEST_SERVER


@cache
def rate_budget(redis_url: str) -> RedisRateBudget:
    """The one that all processes share, for connectors of other slices too."""
    return RedisRateBudget(Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=5))
