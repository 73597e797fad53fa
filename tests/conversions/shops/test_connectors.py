"""Each shop's connector: the contract of all, and what is special about the shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest

from monitoring.conversions.shops.registry import connector_class, connector_classes
from monitoring.platforms.errors import AccessDenied, ConnectorError
from tests.conversions.shops.contract import Open, ShopContract
from tests.conversions.shops.made_up import (
    CLICK,
    CREDENTIALS,
    PLACED,
    Body,
    MadeUpShop,
    shopify_refund,
    stripe_charge,
    stripe_event,
)
from tests.platforms.conftest import Serve
from tests.platforms.local_server import Request, Response

LATER = PLACED + timedelta(hours=3)


class TestShopify(ShopContract):
    slug = "shopify"
    dates = ("created_at", "processed_at", "updated_at")
    # The first request is for a token, and 400 is Shopify's answer to a wrong one.
    other_errors: ClassVar[Mapping[str, type[ConnectorError]]] = {"400": AccessDenied}

    def test_knows_where_the_customer_came_from(self, serve: Serve, open_shop: Open) -> None:
        evidence = self.one_order(serve, open_shop).evidence

        assert evidence.click_ids == (CLICK,)
        assert (evidence.utm_source, evidence.utm_campaign) == ("instagram", "autumn")
        assert evidence.referrer == "l.instagram.com"
        assert evidence.coupons == ("HALDEN10",)

    def test_a_click_may_also_stand_in_the_carts_attributes(self, serve: Serve, open_shop: Open) -> None:
        noted = [{"name": "sme_click", "value": CLICK}]
        order = self.one_order(serve, open_shop, landing_site=None, note_attributes=noted)

        assert order.evidence.click_ids == (CLICK,)

    @pytest.mark.parametrize(
        ("status", "counts"),
        [("paid", True), ("refunded", True), ("partially_refunded", True), ("pending", False),
         ("authorized", False), ("voided", False)],
    )  # fmt: skip
    def test_counts_from_when_money_came_in(
        self, status: str, counts: bool, serve: Serve, open_shop: Open
    ) -> None:
        assert self.one_order(serve, open_shop, financial_status=status).counts is counts

    def test_a_test_order_says_so(self, serve: Serve, open_shop: Open) -> None:
        assert self.one_order(serve, open_shop, test=True).is_test

    def test_reads_refunds_in_the_shops_currency(self, serve: Serve, open_shop: Open) -> None:
        """The customer paid 540 Norwegian kroner for what the shop sells at 49.90 euros, and got half back."""
        both = {
            "shop_money": {"amount": "50.00", "currency_code": "EUR"},
            "presentment_money": {"amount": "540.00", "currency_code": "NOK"},
        }
        refunds = [shopify_refund(9, "270.00", at=LATER, currency="NOK")]
        order = self.one_order(serve, open_shop, total_price="50.00", total_price_set=both, refunds=refunds)

        assert [(each.external_id, each.amount, each.occurred_at) for each in order.refunds] == [
            ("9", Decimal("25.00"), LATER)
        ]

    def test_a_refund_that_only_restocks_is_none(self, serve: Serve, open_shop: Open) -> None:
        restock = {"id": 1, "created_at": LATER.isoformat(), "transactions": []}

        assert self.one_order(serve, open_shop, refunds=[restock]).refunds == ()

    @pytest.mark.parametrize(
        "typed", ["halden", "halden.myshopify.com", " https://Halden.myshopify.com/admin "]
    )
    def test_understands_the_address_as_people_type_it(self, typed: str) -> None:
        assert connector_class("shopify").tidy_address(typed) == "halden.myshopify.com"

    @pytest.mark.parametrize("typed", ["", "halden.com", "evil.com/halden.myshopify.com", "127.0.0.1"])
    def test_keys_go_to_no_other_host(self, typed: str) -> None:
        with pytest.raises(ValueError, match="myshopify"):
            connector_class("shopify").tidy_address(typed)


class TestWooCommerce(ShopContract):
    slug = "woocommerce"
    dates = ("date_created_gmt", "date_paid_gmt", "date_modified_gmt")

    def test_knows_where_the_customer_came_from(self, serve: Serve, open_shop: Open) -> None:
        evidence = self.one_order(serve, open_shop).evidence

        assert evidence.click_ids == (CLICK,)
        assert (evidence.utm_source, evidence.utm_campaign) == ("instagram", "autumn")
        assert evidence.referrer == "l.instagram.com"
        assert evidence.coupons == ("halden10",)

    def test_direct_is_no_source(self, serve: Serve, open_shop: Open) -> None:
        meta = [{"id": 1, "key": "_wc_order_attribution_utm_source", "value": "(direct)"}]

        assert not self.one_order(serve, open_shop, meta_data=meta, coupon_lines=[]).evidence

    @pytest.mark.parametrize(
        ("status", "paid", "counts", "is_cancelled"),
        [
            ("pending", False, False, False),
            ("checkout-draft", False, False, False),
            ("on-hold", False, False, False),
            ("processing", False, True, False),  # cash on delivery
            ("completed", True, True, False),
            ("cancelled", True, True, True),
            ("cancelled", False, False, True),
            ("refunded", True, True, False),
            ("trash", True, True, True),
        ],
    )
    def test_counts_from_when_the_shop_took_it(
        self, status: str, paid: bool, counts: bool, is_cancelled: bool, serve: Serve, open_shop: Open
    ) -> None:
        changes = {} if paid else {"date_paid_gmt": None}
        order = self.one_order(serve, open_shop, status=status, **changes)

        assert (order.counts, order.cancelled_at is not None) == (counts, is_cancelled)

    def test_reads_refunds(self, serve: Serve, open_shop: Open) -> None:
        refunds = [{"id": 800, "reason": "", "total": "-10.00"}, {"id": 801, "reason": "", "total": "-2.50"}]
        order = self.one_order(serve, open_shop, refunds=refunds)

        assert [(each.external_id, each.amount) for each in order.refunds] == [
            ("800", Decimal("10.00")),
            ("801", Decimal("2.50")),
        ]

    @pytest.mark.parametrize(
        ("typed", "address"),
        [
            ("shop.example.com", "shop.example.com"),
            (" HTTPS://Shop.Example.com/ ", "shop.example.com"),
            ("example.com/shop/", "example.com/shop"),
            ("http://shop.example.com", "http://shop.example.com"),
        ],
    )
    def test_understands_the_address_as_people_type_it(self, typed: str, address: str) -> None:
        assert connector_class("woocommerce").tidy_address(typed) == address


class TestStripe(ShopContract):
    slug = "stripe"
    dates = ("created",)
    until = PLACED + timedelta(days=40)  # further back than events go: sessions are read, then events

    def unsorted(self, orders: list[Body]) -> MadeUpShop:
        """Stripe's own order needs dates; here the sessions come as they are."""
        return _Unsorted(orders)

    def test_knows_where_the_customer_came_from(self, serve: Serve, open_shop: Open) -> None:
        evidence = self.one_order(serve, open_shop).evidence

        assert evidence.click_ids == (CLICK,)
        assert (evidence.utm_source, evidence.utm_campaign) == ("instagram", "autumn")

    @pytest.mark.parametrize(
        ("units", "currency", "total"),
        [(4990, "eur", "49.90"), (4990, "jpy", "4990"), (49900, "kwd", "49.900"), (500000, "ugx", "5000")],
    )
    def test_reads_the_units_of_every_currency(
        self, units: int, currency: str, total: str, serve: Serve, open_shop: Open
    ) -> None:
        order = self.one_order(serve, open_shop, amount_total=units, currency=currency)

        assert (order.total, order.currency) == (Decimal(total), currency.upper())

    def test_the_history_is_read_from_sessions_with_what_was_refunded(
        self, serve: Serve, open_shop: Open
    ) -> None:
        shop = MadeUpShop("stripe", [self.make()])
        shop.events = [stripe_event(stripe_charge(refunded=1000), "charge.refunded")]
        now = datetime.now(UTC)
        page = open_shop(serve(shop)).list_orders(since=now - timedelta(days=60), until=now)

        assert [(order.external_id, order.refunded) for order in page.items] == [
            ("pi_000000000001", Decimal("10.00"))
        ]

    def test_a_refund_leads_to_its_order(self, serve: Serve, open_shop: Open) -> None:
        """The list of events is newest first: the refund is met before the order, or without it."""
        now = datetime.now(UTC)
        shop = MadeUpShop("stripe", [self.make(at=now - timedelta(days=50))])
        shop.events = [stripe_event(stripe_charge(refunded=1000, at=now), "charge.refunded")]
        page = open_shop(serve(shop)).list_orders(since=now - timedelta(hours=1), until=now)

        assert [(order.external_id, order.refunded) for order in page.items] == [
            ("pi_000000000001", Decimal("10.00"))
        ]

    def test_what_is_still_to_be_paid_does_not_count(self, serve: Serve, open_shop: Open) -> None:
        assert not self.one_order(serve, open_shop, payment_status="unpaid").counts

    def test_a_key_of_the_test_mode_is_not_taken(self, serve: Serve, open_shop: Open) -> None:
        shop = open_shop(serve(self.shop([])))
        shop.credentials = {"api_key": "rk_test_4711"}

        with pytest.raises(AccessDenied, match="test mode"):
            shop.check()

    def test_a_key_that_may_not_see_whose_it_is_will_do(self, serve: Serve, open_shop: Open) -> None:
        server = serve(self.shop([]))
        whole = server.answer
        server.answer = lambda request: whole(request) if request.path != "/v1/account" else _refused()

        assert open_shop(server).check().address == ""


def _refused() -> Response:
    return Response({"error": {"message": "no permission"}}, status=403)


class _Unsorted(MadeUpShop):
    def __init__(self, orders: list[Body]) -> None:
        super().__init__("stripe")
        self.shown = orders

    def _as_stripe(self, request: Request) -> Response:
        events = [
            {
                "id": f"evt_{place}",
                "type": "checkout.session.completed",
                "livemode": True,
                "data": {"object": each},
            }
            for place, each in enumerate(self.shown)
        ]
        shown = self.shown if request.path.endswith("sessions") else events
        return Response({"data": shown, "has_more": False})


class TestBigCommerce(ShopContract):
    slug = "bigcommerce"
    dates = ("date_created", "date_modified")

    @pytest.mark.parametrize(
        ("status", "payment", "counts", "is_cancelled"),
        [
            (0, "", False, False),  # left in the cart
            (1, "", False, False),
            (7, "", False, False),  # waits for the money
            (11, "captured", True, False),
            (10, "", True, False),
            (5, "captured", True, True),
            (5, "", False, True),
            (6, "declined", False, True),
        ],
    )
    def test_counts_from_when_the_shop_took_it(
        self, status: int, payment: str, counts: bool, is_cancelled: bool, serve: Serve, open_shop: Open
    ) -> None:
        order = self.one_order(serve, open_shop, status_id=status, payment_status=payment)

        assert (order.counts, order.cancelled_at is not None) == (counts, is_cancelled)

    def test_reads_how_much_was_given_back(self, serve: Serve, open_shop: Open) -> None:
        part = self.one_order(serve, open_shop, status_id=14, refunded_amount="10.0000")
        all_of_it = self.one_order(serve, open_shop, status_id=4, refunded_amount="0.0000")

        assert (part.refunded, all_of_it.refunded) == (Decimal("10.00"), Decimal("49.90"))

    @pytest.mark.parametrize(
        "typed",
        ["abc123def", "https://store-abc123def.mybigcommerce.com/manage",
         "https://api.bigcommerce.com/stores/abc123def/v3/"],
    )  # fmt: skip
    def test_finds_the_store_hash_in_what_people_paste(self, typed: str) -> None:
        assert connector_class("bigcommerce").tidy_address(typed) == "abc123def"


class TestEbay(ShopContract):
    slug = "ebay"
    dates = ("creationDate", "lastModifiedDate")
    # The first request is for a token, and 400 is eBay's answer to a wrong one.
    other_errors: ClassVar[Mapping[str, type[ConnectorError]]] = {"400": AccessDenied}

    def test_reads_payment_refunds_and_cancellation(self, serve: Serve, open_shop: Open) -> None:
        refunds = [
            {"refundId": "5001", "refundStatus": "REFUNDED", "refundDate": "2026-11-12T08:00:00.000Z",
             "amount": {"value": "10.00", "currency": "EUR"}},
            {"refundId": "5002", "refundStatus": "PENDING", "amount": {"value": "5.00", "currency": "EUR"}},
        ]  # fmt: skip
        order = self.one_order(
            serve,
            open_shop,
            orderPaymentStatus="PARTIALLY_REFUNDED",
            paymentSummary={"refunds": refunds},
            cancelStatus={"cancelState": "CANCELED"},
        )

        assert [(each.external_id, each.amount) for each in order.refunds] == [("5001", Decimal("10.00"))]
        assert order.cancelled_at is not None
        assert not self.one_order(serve, open_shop, orderPaymentStatus="PENDING").counts


def test_every_shop_declares_what_it_needs() -> None:
    for connector in connector_classes():
        shop = connector.shop
        assert set(CREDENTIALS[shop.slug]) == {field.name for field in shop.credential_fields}
        assert any(field.secret for field in shop.credential_fields)
        assert len(shop.short_name) == 2
        assert shop.home or shop.address_field
