"""The shop's end of the line: calls as it makes them, and what became of them here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.test import Client

from monitoring.conversions.models import Conversion, Delivery, ShopConnection
from tests.conversions.shops.made_up import (
    Body,
    shopify_order,
    signed,
    stripe_event,
    stripe_session,
    woocommerce_order,
)

WITH_HOOKS = ("shopify", "woocommerce", "stripe")


@dataclass
class Hook:
    """The shop's end of the line."""

    connection: ShopConnection
    client: Client

    @property
    def slug(self) -> str:
        return self.connection.shop

    def send_raw(self, body: bytes, headers: Mapping[str, str]) -> int:
        answer = self.client.post(
            f"/hooks/shops/{self.connection.key}/",
            data=body,
            content_type="application/json",
            headers=dict(headers),
        )
        return answer.status_code

    def send(self, told: Body, **words: str) -> int:
        body = json.dumps(told).encode()
        return self.send_raw(body, signed(self.slug, body, **words))  # type: ignore[arg-type]  # topic, number, secret

    def deliveries(self) -> list[tuple[str, str]]:
        found = Delivery.objects.filter(connection=self.connection).order_by("pk")
        return list(found.values_list("outcome", "reason"))


MakeHook = Callable[[str], Hook]


def example(slug: str) -> Body:
    if slug == "stripe":
        return stripe_event(stripe_session())
    return shopify_order() if slug == "shopify" else woocommerce_order()


def ledger() -> list[tuple[int, Decimal | None]]:
    return list(Conversion.objects.order_by("pk").values_list("number", "amount"))
