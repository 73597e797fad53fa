"""The shops of an organization: how each is doing, and what it sent last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Organization
from monitoring.conversions.models import Delivery, ShopConnection
from monitoring.conversions.shop_polling.progress import Progress, Run
from monitoring.conversions.shops.registry import connector_class, connector_classes
from monitoring.conversions.shops.types import Shop

PAGE_SIZE = 25
_CURSOR = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class ShopRow:
    """A connected shop. `history` is the reading of its past while that lasts."""

    connection: ShopConnection
    shop: Shop
    history: Run | None

    @property
    def needs_reconnection(self) -> bool:
        return self.connection.status == ShopConnection.Status.NEEDS_RECONNECTION

    @property
    def hook_address(self) -> str:
        return settings.PUBLIC_URL + reverse("conversions:shop_hook", args=[self.connection.key])


@dataclass(frozen=True)
class DeliveryPage:
    deliveries: Sequence[Delivery]
    older: str  # the cursor of the next page, empty where there is none


def connected_shops(organization: Organization) -> QuerySet[ShopConnection]:
    """A shop that was left keeps its row, for its orders; without credentials it is not connected."""
    return ShopConnection.objects.filter(organization=organization).exclude(sealed_credentials="")


def list_shops(*, organization: Organization) -> list[ShopRow]:
    return [describe_shop(each) for each in connected_shops(organization).order_by("name", "pk")]


def describe_shop(connection: ShopConnection) -> ShopRow:
    progress = Progress.from_json(connection.cursor)
    return ShopRow(
        connection=connection,
        shop=connector_class(connection.shop).shop,
        history=progress.run if progress.watermark is None else None,
    )


def offered_shops() -> list[Shop]:
    return [found.shop for found in connector_classes()]


def last_deliveries(*, connection: ShopConnection, before: str = "") -> DeliveryPage:
    """Newest first, by keyset. What is no cursor counts as none."""
    deliveries = Delivery.objects.filter(connection=connection).defer("body")
    position = _read_cursor(before)
    if position:
        deliveries = deliveries.filter(_older_than(*position))
    found = list(deliveries.order_by("-received_at", "-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return DeliveryPage(shown, _cursor(shown[-1]) if more else "")


def _older_than(moment: datetime, pk: int) -> Q:
    return Q(received_at__lt=moment) | Q(received_at=moment, pk__lt=pk)


def _cursor(delivery: Delivery) -> str:
    return f"{(delivery.received_at - _EPOCH) // timedelta(microseconds=1)}-{delivery.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    found = _CURSOR.fullmatch(text)
    if not found:
        return None
    try:
        return _EPOCH + timedelta(microseconds=int(found[1])), min(int(found[2]), _LARGEST_KEY)
    except OverflowError:
        return None
