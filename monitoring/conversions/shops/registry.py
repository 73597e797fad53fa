"""Which shops there are. A new one is one line here; its module is loaded when first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from monitoring.conversions.shops.connector import ShopConnector

CONNECTORS = {
    "shopify": "monitoring.conversions.shops.shopify.ShopifyConnector",
    "woocommerce": "monitoring.conversions.shops.woocommerce.WooCommerceConnector",
    "stripe": "monitoring.conversions.shops.stripe_checkout.StripeConnector",
    "bigcommerce": "monitoring.conversions.shops.bigcommerce.BigCommerceConnector",
    "ebay": "monitoring.conversions.shops.ebay.EbayConnector",
}


class UnknownShop(LookupError):
    pass


@cache
def connector_class(slug: str) -> type[ShopConnector]:
    if slug not in CONNECTORS:
        raise UnknownShop(f"There is no shop “{slug}”. There are: {', '.join(CONNECTORS)}.")
    module, name = CONNECTORS[slug].rsplit(".", 1)
    found: type[ShopConnector] = getattr(import_module(module), name)
    return found


def connector_classes() -> tuple[type[ShopConnector], ...]:
    return tuple(connector_class(slug) for slug in CONNECTORS)
