"""An order that both the snippet and a connected shop tell of is one order, whoever comes first."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.models import Conversion, Origin, ShopConnection, Site
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.services.shop_orders import apply_order
from monitoring.conversions.shops.types import ShopOrder
from monitoring.conversions.visits.events import Answered, Converted
from monitoring.conversions.visits.storing import store_events

pytestmark = pytest.mark.django_db
CLICKS = [uuid4().hex for _click in range(3)]


@pytest.fixture
def shop(organization: Organization) -> ShopConnection:
    return ShopConnection.objects.create(
        organization=organization, shop="shopify", name="Halden", key="first"
    )


def by_page(site: Site, number: str = "1043") -> Converted:
    return Converted(
        site_id=site.pk,
        at=timezone.now(),
        idempotency_key=f"site:{number}",
        kind="order",
        amount=Decimal(10),
        currency="EUR",
        order_number=number,
        evidence={"click_ids": CLICKS, "visitor": "v", "utm_source": "ig"},
    )


def by_shop(number: str = "#1043", **more: object) -> ShopOrder:
    facts = {
        "external_id": "990",
        "number": number,
        "placed_at": timezone.now() - timedelta(minutes=1),
        "total": Decimal("12.50"),
        "currency": "EUR",
        "counts": True,
        "click_id": CLICKS[2],
        "utm": {"utm_source": "instagram"},
    }
    return ShopOrder(**{**facts, **more})  # type: ignore[arg-type]  # facts of several types


def told() -> Conversion:
    entry = Conversion.objects.get()
    assert (entry.origin, entry.amount, entry.order_number) == (Origin.SHOP, Decimal("12.50"), "#1043")
    assert entry.evidence["click_ids"] == CLICKS
    assert (entry.evidence["visitor"], entry.evidence["utm_source"]) == ("v", "instagram")
    assert entry.touches_due_at is not None
    return entry


@pytest.mark.parametrize("shop_first", [True, False])
def test_the_order_counts_once_with_what_both_know(
    site: Site, shop: ShopConnection, organization: Organization, shop_first: bool
) -> None:
    if shop_first:
        apply_order(connection=shop, order=by_shop())
    store_events([by_page(site), by_page(site)])
    if not shop_first:
        apply_order(connection=shop, order=by_shop())
    told()
    store_events(
        [Answered(site_id=site.pk, at=timezone.now(), idempotency_key="site:1043", channel="tiktok")]
    )
    assert told().heard_of_us_from == "tiktok"
    store_events([by_page(site)])  # the thank-you page is loaded again
    told()
    assert miscounted_days(organization=organization) == 0


def test_what_the_shop_gives_back_is_taken_back_of_the_one_order(site: Site, shop: ShopConnection) -> None:
    store_events([by_page(site)])
    apply_order(connection=shop, order=by_shop())
    apply_order(connection=shop, order=by_shop(cancelled_at=timezone.now()))
    assert sorted(Conversion.objects.values_list("number", "amount")) == [
        (-1, Decimal("-12.50")),
        (1, Decimal("12.50")),
    ]


def test_other_numbers_are_other_orders(site: Site, shop: ShopConnection) -> None:
    apply_order(connection=shop, order=by_shop())
    store_events([by_page(site, "1044"), by_page(site, "104")])
    assert Conversion.objects.count() == 3


def test_a_number_that_two_shops_use_belongs_to_neither(site: Site, shop: ShopConnection) -> None:
    second = ShopConnection.objects.create(
        organization=shop.organization, shop="ebay", name="Halden at eBay", key="second"
    )
    for connection in (shop, second):
        apply_order(connection=connection, order=by_shop())
    store_events([by_page(site)])
    assert Conversion.objects.filter(origin=Origin.SITE).count() == 1
