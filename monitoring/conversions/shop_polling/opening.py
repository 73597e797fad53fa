"""Hands a shop connector everything it needs: the guarded door to the network, and its credentials."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings

from accounts.encryption import WrongKey
from monitoring.conversions.models import ShopConnection
from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.registry import connector_class
from monitoring.platforms.errors import AccessDenied
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.opening import rate_budget


def open_shop(connection: ShopConnection) -> ShopConnector:
    """The connector of a shop that is connected. It asks nothing yet. Raises AccessDenied, UnknownShop."""
    try:
        credentials = connection.credentials
    except WrongKey as error:
        raise AccessDenied(str(error)) from error
    return open_with(shop=connection.shop, address=connection.address, credentials=credentials)


def open_with(*, shop: str, address: str, credentials: Mapping[str, str]) -> ShopConnector:
    """A connector with credentials that need not be stored: to try them before they are."""
    found = connector_class(shop)
    base = found.base_of(address)
    override = settings.PLATFORM_URLS.get(shop, "").rstrip("/")
    allowed = [*settings.PRIVATE_HOSTS_ALLOWED]
    if override:
        base = override
        allowed += [urlsplit(override).hostname or ""]
    joined = "\x00".join(f"{name}\x00{value}" for name, value in sorted(credentials.items()))
    caller = hashlib.sha256(joined.encode()).hexdigest()[:16]
    http = PlatformHttp(
        rate_budget(settings.REDIS_URL),
        key=f"{shop}:{urlsplit(base).netloc}:{caller}",
        rules=found.shop.rate_rules,
        allowed_private_hosts=allowed,
        user_agent=f"SMEdash/{settings.VERSION} (+{settings.PUBLIC_URL})",
    )
    return found(http, base=base, address=address, credentials=credentials)
