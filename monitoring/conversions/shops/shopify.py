"""Shopify: the REST order resource, polled and sent by webhooks in the same shape.

REST is Shopify's older interface; shops may go on using it for themselves, and it is what webhooks send anyhow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from monitoring.conversions.crediting.evidence import CLICK_PARAMETER, read_click_id
from monitoring.conversions.shops.calls import (
    LONGEST_ID,
    LONGEST_TOPIC,
    Call,
    CallNotUnderstood,
    Received,
    check_signature,
    visible,
)
from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.reading import (
    address_text,
    coupon_codes,
    currency_of,
    host_of,
    json_object,
    moment,
    money,
    placed,
    total_of,
)
from monitoring.conversions.shops.types import (
    GoneNews,
    News,
    NothingForUs,
    RefundNews,
    Shop,
    ShopFound,
    ShopOrder,
    ShopRefund,
)
from monitoring.platforms.errors import AccessDenied
from monitoring.platforms.reading import (
    Unreadable,
    identifier,
    items_of,
    mapping,
    optional_identifier,
    page_of,
    part,
    parts,
    readable,
    text,
)
from monitoring.platforms.types import CredentialField, Page, RateRule

API_VERSION: Final = "2026-07"  # of four a year; each works for twelve months, then its successor answers
_PAGE = 100
_FIELDS = (
    "id,name,order_number,created_at,processed_at,updated_at,cancelled_at,currency,presentment_currency,total_price,"
    "total_price_set,financial_status,test,source_name,landing_site,referring_site,discount_codes,note_attributes,refunds"
)
# What these say is that money came in, or will without anybody waiting for it.
_PAID = frozenset(("paid", "partially_paid", "partially_refunded", "refunded"))
_ORDER_TOPICS = ("orders/create", "orders/paid", "orders/updated", "orders/cancelled")
_OWN_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
# Sales channels that are social media: an order there has no landing page.
_SOCIAL_CHANNELS = frozenset(("facebook", "instagram", "tiktok", "pinterest", "youtube"))


class ShopifyConnector(ShopConnector):
    shop: ClassVar[Shop] = Shop(
        slug="shopify",
        name="Shopify",
        short_name="Sh",
        color="#4d7a1f",
        home="",
        address_field=CredentialField(
            name="address",
            label="Shop address",
            help_text="The one that ends in .myshopify.com: Settings → Domains.",
            secret=False,
        ),
        credential_fields=(
            CredentialField(name="client_id", label="Client ID", help_text="Of your app.", secret=False),
            CredentialField(name="client_secret", label="Client secret", help_text="Of your app."),
        ),
        topics=("orders/paid", "orders/updated", "orders/cancelled", "refunds/create"),
        rate_rules=(RateRule(requests=40, window=timedelta(seconds=20)),),
    )

    _token = ""

    @classmethod
    def tidy_address(cls, typed: str) -> str:
        host = host_of(typed.strip())
        domain = host if "." in host else f"{host}.myshopify.com"
        if not _OWN_DOMAIN.fullmatch(domain):
            raise ValueError("This is not an address that ends in .myshopify.com.")
        return domain

    @classmethod
    def base_of(cls, address: str) -> str:
        return f"https://{address}"

    def check(self) -> ShopFound:
        """Reading one order is what the app must be allowed to do; the shop's name comes along."""
        data = self._get("orders.json", {"status": "any", "limit": 1, "fields": "id"})[0]
        items_of(data, "orders", host_of(self.base))
        return ShopFound(address=self.address, name=self.address.removesuffix(".myshopify.com"))

    def list_orders(self, *, since: datetime, until: datetime, cursor: str | None = None) -> Page[ShopOrder]:
        params: dict[str, str | int] = {"limit": _PAGE}
        if cursor:
            params["page_info"] = cursor  # the shop remembers the rest
        else:
            params |= {
                "status": "any",
                "order": "updated_at asc",
                "updated_at_min": since.astimezone(UTC).isoformat(timespec="seconds"),
                "fields": _FIELDS,
            }
        data, link = self._get("orders.json", params)
        host = host_of(self.base)
        return page_of(
            items_of(data, "orders", host),
            lambda item: _order(mapping(item)),
            host=host,
            next_cursor=_next(link),
        )

    def _get(self, path: str, params: Mapping[str, str | int]) -> tuple[object, str]:
        answer = self.http.get_json(
            f"{self.base}/admin/api/{API_VERSION}/{path}",
            params=params,
            headers={"X-Shopify-Access-Token": self._access_token()},
        )
        return answer.data, answer.headers.get("link", "")

    def _access_token(self) -> str:
        """Of the app, good for a day; asked for once a run."""
        if not self._token:
            answer = self.http.post_form(
                f"{self.base}/admin/oauth/access_token",
                form={
                    "grant_type": "client_credentials",
                    "client_id": self.credentials.get("client_id", ""),
                    "client_secret": self.credentials.get("client_secret", ""),
                },
                expect=(200, 400),
            )
            if answer.status == 400:
                raise AccessDenied("Shopify does not accept this client ID and secret for this shop.")
            host = host_of(self.base)
            self._token = readable(lambda: identifier(mapping(answer.data), "access_token"), host=host)
        return self._token

    @classmethod
    def read_call(cls, received: Received, *, secret: str) -> Call:
        check_signature(received, header="x-shopify-hmac-sha256", secret=secret)
        delivery = received.header("x-shopify-webhook-id")
        topic = received.header("x-shopify-topic")
        if not delivery or not topic:
            raise CallNotUnderstood("It does not say which message of Shopify's it is.")
        return Call(delivery_id=visible(delivery, LONGEST_ID), topic=visible(topic, LONGEST_TOPIC))

    @classmethod
    def read_news(cls, topic: str, body: bytes, *, received_at: datetime) -> News:
        if topic in _ORDER_TOPICS:
            return _order(json_object(body))
        if topic == "refunds/create":
            return _refund_news(json_object(body), received_at)
        if topic == "orders/delete":
            return GoneNews(order_id=identifier(json_object(body), "id"), occurred_at=received_at)
        return NothingForUs(reason=f"Messages about {topic} are not needed.")


def _order(data: Mapping[str, object]) -> ShopOrder:
    currency = currency_of(data, "currency")
    status = text(data, "financial_status")
    source = text(data, "source_name")
    cancelled = moment(data.get("cancelled_at"))
    attributes = {text(each, "name"): text(each, "value") for each in parts(data, "note_attributes")}
    return ShopOrder(
        external_id=identifier(data, "id"),
        number=text(data, "name") or optional_identifier(data, "order_number") or "",
        placed_at=placed(data.get("processed_at"), data.get("created_at")),
        updated_at=moment(data.get("updated_at")),
        counts=status in _PAID,
        total=total_of(data.get("total_price"), currency),
        currency=currency,
        cancelled_at=cancelled,
        refunds=_refunds(data, currency),
        is_test=data.get("test") is True,
        source="" if source == "web" else source,
        landing=address_text(data.get("landing_site")),
        referrer=host_of(data.get("referring_site")),
        utm={"utm_source": source} if source in _SOCIAL_CHANNELS else {},
        click_id=read_click_id(attributes.get(CLICK_PARAMETER, "")),
        coupons=coupon_codes([each.get("code") for each in parts(data, "discount_codes")]),
    )


def _refunds(data: Mapping[str, object], currency: str) -> tuple[ShopRefund, ...]:
    rate = _rate(data, currency)
    found = (_refund(each, currency, rate) for each in parts(data, "refunds"))
    return tuple(refund for refund in found if refund)


def _rate(data: Mapping[str, object], currency: str) -> Mapping[str, Decimal]:
    """How much one unit of each currency the order knows is in the shop's own: customers may pay in theirs."""
    both = part(data, "total_price_set")
    own, paid = part(both, "shop_money"), part(both, "presentment_money")
    theirs = text(paid, "currency_code")
    rates = {currency: Decimal(1)}
    if theirs and theirs != currency:
        in_theirs = money(paid.get("amount"), theirs)
        if in_theirs:
            rates[theirs] = money(own.get("amount"), currency) / in_theirs
    return rates


def _refund(data: Mapping[str, object], currency: str, rates: Mapping[str, Decimal]) -> ShopRefund | None:
    """None where no money went back: a refund may also only put things back on the shelf."""
    given = Decimal(0)
    for each in parts(data, "transactions"):
        if text(each, "kind") != "refund" or text(each, "status") != "success":
            continue
        paid_in = text(each, "currency") or currency
        if paid_in not in rates:
            raise Unreadable("a refund in a currency that the order does not know")
        given += money(each.get("amount"), paid_in) * rates[paid_in]
    if given <= 0:
        return None
    return ShopRefund(
        external_id=identifier(data, "id"),
        amount=money(given.quantize(Decimal("1.0000000000")), currency),
        occurred_at=moment(data.get("processed_at")) or moment(data.get("created_at")),
    )


def _refund_news(data: Mapping[str, object], received_at: datetime) -> News:
    """The order is not part of it. In another currency than the order's it waits for the order's own message."""
    currencies = {text(each, "currency") for each in parts(data, "transactions")}
    if len(currencies) != 1:
        return NothingForUs(reason="No money went back with this.")
    currency = currency_of({"currency": currencies.pop()}, "currency")
    refund = _refund(data, currency, {currency: Decimal(1)})
    if refund is None:
        return NothingForUs(reason="No money went back with this.")
    return RefundNews(
        order_id=identifier(data, "order_id"),
        occurred_at=refund.occurred_at or received_at,
        refund=refund,
        currency=currency,
    )


def _next(link: str) -> str | None:
    """The rest, from `<https://…?page_info=…>; rel="next"`."""
    for entry in link.split(","):
        address, _separator, relation = entry.partition(";")
        if 'rel="next"' in relation:
            query = parse_qs(urlsplit(address.strip().strip("<>")).query)
            return next(iter(query.get("page_info", [])), None)
    return None
