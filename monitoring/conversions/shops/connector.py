"""What every shop connector is: who the shop is, how it is asked, and how its webhook calls are read.

Connectors raise the connector errors of `monitoring.platforms`, named by who must act.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from monitoring.conversions.shops.calls import Call, Ping, Received
from monitoring.conversions.shops.types import News, Shop, ShopFound, ShopOrder
from monitoring.platforms.http import PlatformHttp
from monitoring.platforms.types import Page


class ShopConnector:
    shop: ClassVar[Shop]

    def __init__(
        self, http: PlatformHttp, *, base: str, address: str, credentials: Mapping[str, str]
    ) -> None:
        """`base` is where to ask, `address` what the shop is told apart by."""
        self.http = http
        self.base = base.rstrip("/")
        self.address = address
        self.credentials = credentials

    @classmethod
    def tidy_address(cls, typed: str) -> str:
        """What somebody typed, in its one spelling. ValueError if it cannot be the address of such a shop."""
        return typed.strip()

    @classmethod
    def base_of(cls, address: str) -> str:
        """Where a shop with this address is asked."""
        return cls.shop.home

    def check(self) -> ShopFound:
        """Ask for something small with the credentials, and raise what goes wrong."""
        raise NotImplementedError

    def list_orders(self, *, since: datetime, until: datetime, cursor: str | None = None) -> Page[ShopOrder]:
        """Orders that changed since then, whatever their state. `until` is when this run began."""
        raise NotImplementedError

    @classmethod
    def read_call(cls, received: Received, *, secret: str) -> Call | Ping:
        """Whether a webhook call may be believed, and what it is about. Raises CallRefused."""
        raise NotImplementedError

    @classmethod
    def read_news(cls, topic: str, body: bytes, *, received_at: datetime) -> News:
        """What a call that was believed says. ValueError if it cannot be read."""
        raise NotImplementedError
