"""Made-up shops: their orders as each shop documents them, and servers that answer as the shops do.

The orders name nobody: where a shop would send its customer's name and address, there is nothing of interest to us.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from stripe import WebhookSignature

from monitoring.conversions.shops.reading import moment
from tests.platforms.local_server import Request, Response

Body = dict[str, Any]
SECRET = "whsec_a-long-secret-of-a-test"
PLACED = datetime(2026, 11, 10, 9, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 10, 9, 31, tzinfo=UTC)
CLICK = "0123456789abcdef0123456789abcdef"
CREDENTIALS: Mapping[str, Mapping[str, str]] = {
    "shopify": {"client_id": "id-4711", "client_secret": "shpss_of-a-test"},
    "woocommerce": {"consumer_key": "ck_4711", "consumer_secret": "cs_of-a-test"},
    "stripe": {"api_key": "rk_live_of-a-test"},
    "bigcommerce": {"access_token": "bc-token-of-a-test"},
    "ebay": {"client_id": "app-4711", "client_secret": "cert-of-a-test", "refresh_token": "v^1.1#of-a-test"},
}
ADDRESSES = {
    "shopify": "halden.myshopify.com",
    "woocommerce": "shop.example.com",
    "stripe": "acct_1Halden",
    "bigcommerce": "abc123def",
    "ebay": "halden-coffee",
}


def iso(at: datetime, suffix: str = "+00:00") -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S") + suffix


def shopify_order(number: int = 1001, *, at: datetime = PLACED, **changes: Any) -> Body:
    order: Body = {
        "id": 5_000_000_000_000 + number,
        "admin_graphql_api_id": f"gid://shopify/Order/{5_000_000_000_000 + number}",
        "name": f"#{number}",
        "order_number": number,
        "created_at": iso(at, "+00:00"),
        "processed_at": iso(at, "+00:00"),
        "updated_at": iso(at + timedelta(minutes=1), "+00:00"),
        "cancelled_at": None,
        "currency": "EUR",
        "presentment_currency": "EUR",
        "total_price": "49.90",
        "total_price_set": {
            "shop_money": {"amount": "49.90", "currency_code": "EUR"},
            "presentment_money": {"amount": "49.90", "currency_code": "EUR"},
        },
        "financial_status": "paid",
        "fulfillment_status": None,
        "test": False,
        "source_name": "web",
        "landing_site": f"/products/beans?utm_source=Instagram&utm_campaign=Autumn&sme_click={CLICK}",
        "referring_site": "https://l.instagram.com/?u=x",
        "discount_codes": [{"code": "HALDEN10", "amount": "5.00", "type": "percentage"}],
        "note_attributes": [],
        "refunds": [],
    }
    return order | changes


def shopify_refund(number: int, amount: str, *, at: datetime, currency: str = "EUR") -> Body:
    return {
        "id": number,
        "created_at": iso(at),
        "processed_at": iso(at),
        "transactions": [
            {
                "id": 1,
                "kind": "refund",
                "status": "success",
                "amount": amount,
                "currency": currency,
            }
        ],
        "refund_line_items": [],
    }


def woocommerce_order(number: int = 727, *, at: datetime = PLACED, **changes: Any) -> Body:
    prefix = "_wc_order_attribution_"
    told = {
        "source_type": "utm",
        "referrer": "https://l.instagram.com/",
        "utm_source": "instagram",
        "utm_campaign": "autumn",
        "session_entry": f"https://shop.example.com/beans/?utm_source=instagram&sme_click={CLICK}",
    }
    order: Body = {
        "id": number,
        "number": str(number),
        "status": "processing",
        "currency": "EUR",
        "total": "49.90",
        "date_created_gmt": iso(at, ""),
        "date_modified_gmt": iso(at + timedelta(minutes=1), ""),
        "date_paid_gmt": iso(at, ""),
        "created_via": "checkout",
        "coupon_lines": [{"id": 1, "code": "halden10", "discount": "5.00"}],
        "refunds": [],
        "meta_data": [
            {"id": place, "key": f"{prefix}{name}", "value": value}
            for place, (name, value) in enumerate(told.items())
        ],
    }
    return order | changes


def stripe_session(number: int = 1, *, at: datetime = PLACED, **changes: Any) -> Body:
    session: Body = {
        "id": f"cs_live_{number:012d}",
        "object": "checkout.session",
        "mode": "payment",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": 4990,
        "amount_subtotal": 5490,
        "currency": "eur",
        "client_reference_id": CLICK,
        "metadata": {"utm_source": "instagram", "utm_campaign": "autumn"},
        "payment_intent": f"pi_{number:012d}",
        "created": int(at.timestamp()),
        "livemode": True,
    }
    return session | changes


def stripe_event(about: Body, topic: str = "checkout.session.completed", **changes: Any) -> Body:
    at = int(about["created"]) + 60
    event: Body = {
        "id": f"evt_{topic}_{about['id']}",
        "object": "event",
        "api_version": "2026-10-28.clover",
        "created": at,
        "type": topic,
        "livemode": True,
        "data": {"object": about},
        "pending_webhooks": 1,
    }
    return event | changes


def stripe_charge(number: int = 1, *, refunded: int, at: datetime = PLACED, currency: str = "eur") -> Body:
    return {
        "id": f"ch_{number:012d}",
        "object": "charge",
        "amount": 4990,
        "amount_refunded": refunded,
        "currency": currency,
        "payment_intent": f"pi_{number:012d}",
        "created": int(at.timestamp()),
        "livemode": True,
    }


def bigcommerce_order(number: int = 118, *, at: datetime = PLACED, **changes: Any) -> Body:
    order: Body = {
        "id": number,
        "status_id": 11,
        "status": "Awaiting Fulfillment",
        "date_created": format_datetime(at),
        "date_modified": format_datetime(at + timedelta(minutes=1)),
        "total_inc_tax": "49.9000",
        "refunded_amount": "0.0000",
        "currency_code": "EUR",
        "payment_status": "captured",
        "order_source": "www",
        "is_deleted": False,
    }
    return order | changes


def ebay_order(number: int = 1, *, at: datetime = PLACED, **changes: Any) -> Body:
    order: Body = {
        "orderId": f"12-0{number:04d}-00001",
        "creationDate": iso(at, ".000Z"),
        "lastModifiedDate": iso(at + timedelta(minutes=1), ".000Z"),
        "orderPaymentStatus": "PAID",
        "orderFulfillmentStatus": "NOT_STARTED",
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "pricingSummary": {"total": {"value": "49.90", "currency": "EUR"}},
        "paymentSummary": {"refunds": [], "payments": []},
    }
    return order | changes


MAKERS: Mapping[str, Callable[..., Body]] = {
    "shopify": shopify_order,
    "woocommerce": woocommerce_order,
    "stripe": stripe_session,
    "bigcommerce": bigcommerce_order,
    "ebay": ebay_order,
}


class MadeUpShop:
    """Answers as its kind of shop does: who may ask, which orders changed since when, and page by page."""

    def __init__(self, slug: str, orders: list[Body] | None = None) -> None:
        self.slug = slug
        self.orders = orders if orders is not None else []
        self.events: list[Body] = []
        self.page_size = 1_000
        self.is_open = True

    def __call__(self, request: Request) -> Response:
        if not self.is_open:
            return Response({"errors": "closed"}, status=401)
        answer: Response = getattr(self, f"_as_{self.slug}")(request)
        return answer

    def _as_shopify(self, request: Request) -> Response:
        if request.path == "/admin/oauth/access_token":
            wanted = {"grant_type": "client_credentials", **CREDENTIALS["shopify"]}
            if _form(request) != wanted:
                return Response({"error": "invalid_client"}, status=400)
            return Response({"access_token": "shpat_for-a-day", "scope": "read_orders", "expires_in": 86399})
        if request.headers.get("x-shopify-access-token") != "shpat_for-a-day":
            return Response({"errors": "[API] Invalid API key or access token"}, status=401)
        if request.path != "/admin/api/2026-07/orders.json":
            return Response({"errors": "Not Found"}, status=404)
        token = request.argument("page_info")
        if token and set(request.query) - {"page_info", "limit", "fields"}:
            return Response({"errors": "cannot be passed when page_info is present"}, status=400)
        if not token and request.argument("status") != "any":
            return Response({"orders": []})
        begin = request.argument("updated_at_min") or "2000-01-01T00:00:00Z"
        since, place = (token or f"{begin}|0").split("|")
        found = self._changed("updated_at", since)
        start = int(place)
        headers = {}
        if len(found) > start + self.page_size:
            here = f"https://{request.headers['host']}{request.path}"
            following = f"{since}|{start + self.page_size}".replace("+", "%2B")
            headers["Link"] = f'<{here}?limit=100&page_info={following}>; rel="next"'
        return Response({"orders": found[start : start + self.page_size]}, headers=headers)

    def _as_woocommerce(self, request: Request) -> Response:
        pair = ":".join(CREDENTIALS["woocommerce"].values())
        if request.headers.get("authorization") != f"Basic {base64.b64encode(pair.encode()).decode()}":
            return Response({"code": "woocommerce_rest_cannot_view", "message": "Sorry"}, status=401)
        if request.path != "/wp-json/wc/v3/orders":
            return Response({"code": "rest_no_route"}, status=404)
        # WooCommerce understands "after" as later than, to the second.
        found = self._changed("date_modified_gmt", request.argument("modified_after"), inclusive=False)
        page, size = int(request.argument("page") or 1), int(request.argument("per_page") or 10)
        return Response(found[(page - 1) * size : page * size])

    def _as_bigcommerce(self, request: Request) -> Response:
        if request.headers.get("x-auth-token") != CREDENTIALS["bigcommerce"]["access_token"]:
            return Response({"status": 401, "title": "X-Auth-Token header is required"}, status=401)
        if request.path != "/stores/abc123def/v2/orders":
            return Response({"status": 404}, status=404)
        found = self._changed("date_modified", request.argument("min_date_modified"))
        page, size = int(request.argument("page") or 1), int(request.argument("limit") or 50)
        shown = found[(page - 1) * size : page * size]
        return Response(shown) if shown else Response(b"", status=204)

    def _as_ebay(self, request: Request) -> Response:
        if request.path == "/identity/v1/oauth2/token":
            if _form(request).get("refresh_token") != CREDENTIALS["ebay"]["refresh_token"]:
                return Response({"error": "invalid_grant"}, status=400)
            return Response({"access_token": "for-two-hours", "expires_in": 7200, "token_type": "User"})
        if request.headers.get("authorization") != "Bearer for-two-hours":
            return Response({"errors": [{"errorId": 1001}]}, status=401)
        span = request.argument("filter") or ""
        since = span.partition("[")[2].partition("..")[0] or None
        found = self._changed("lastModifiedDate", since)
        start, size = int(request.argument("offset") or 0), int(request.argument("limit") or 50)
        return Response({"total": len(found), "orders": found[start : start + size]})

    def _as_stripe(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {CREDENTIALS['stripe']['api_key']}":
            return Response({"error": {"message": "Invalid API Key provided"}}, status=401)
        if request.path == "/v1/account":
            settings = {"dashboard": {"display_name": "Halden Coffee"}}
            return Response({"id": "acct_1Halden", "object": "account", "settings": settings})
        if request.path == "/v1/events":
            wanted = set(request.query.get("types[]", []))
            items = [event for event in self.events if event["type"] in wanted or not wanted]
        else:
            items = [self._expanded(session, request) for session in self.orders]
            payment = request.argument("payment_intent")
            items = [each for each in items if payment in {None, _payment_id(each)}]
        since = int(request.argument("created[gte]") or 0)
        items = sorted(
            (each for each in items if each["created"] >= since), key=lambda each: -each["created"]
        )
        after = request.argument("starting_after")
        if after:
            items = items[[each["id"] for each in items].index(after) + 1 :]
        size = min(int(request.argument("limit") or 10), self.page_size)
        return Response({"object": "list", "data": items[:size], "has_more": len(items) > size})

    def _expanded(self, session: Body, request: Request) -> Body:
        if not request.query.get("expand[]"):
            return session
        charges = [event["data"]["object"] for event in self.events if event["type"] == "charge.refunded"]
        refunded = [
            charge["amount_refunded"]
            for charge in charges
            if charge["payment_intent"] == session["payment_intent"]
        ]
        charge = {"id": "ch_1", "amount_refunded": max(refunded, default=0)}
        return session | {"payment_intent": {"id": session["payment_intent"], "latest_charge": charge}}

    def _changed(self, field: str, since: str | None, *, inclusive: bool = True) -> list[Body]:
        start = moment(since) if since else datetime(2000, 1, 1, tzinfo=UTC)
        assert start is not None
        dated = [(moment(order[field]) or start, order) for order in self.orders]
        wanted = [(at, order) for at, order in dated if at > start or (inclusive and at == start)]
        return [deepcopy(order) for _at, order in sorted(wanted, key=lambda pair: pair[0])]


def _payment_id(session: Body) -> str:
    payment = session["payment_intent"]
    return str(payment["id"] if isinstance(payment, dict) else payment)


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode()))


def hmac_of(body: bytes, secret: str) -> str:
    """As Shopify and WooCommerce document it."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def signed(
    slug: str,
    body: bytes,
    *,
    topic: str = "",
    number: str = "1",
    secret: str = SECRET,
    at: float | None = None,
) -> dict[str, str]:
    """The headers with which the shop sends this body."""
    if slug == "shopify":
        return {
            "X-Shopify-Topic": topic or "orders/paid",
            "X-Shopify-Hmac-Sha256": hmac_of(body, secret),
            "X-Shopify-Webhook-Id": number,
            "X-Shopify-Shop-Domain": "halden.myshopify.com",
        }
    if slug == "woocommerce":
        return {
            "X-WC-Webhook-Topic": topic or "order.updated",
            "X-WC-Webhook-Signature": hmac_of(body, secret),
            "X-WC-Webhook-Delivery-ID": number,
        }
    stamp = None if at is None else int(at)
    header = WebhookSignature.generate_signature_header(body.decode(), secret, stamp)
    return {"Stripe-Signature": header}
