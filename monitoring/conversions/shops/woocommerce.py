"""WooCommerce: wc/v3 of the shop's own site, and its webhooks, which send the same order."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import parse_qs

from monitoring.conversions.crediting.evidence import CLICK_PARAMETER, read_click_id
from monitoring.conversions.shops.calls import (
    LONGEST_ID,
    LONGEST_TOPIC,
    Call,
    CallNotUnderstood,
    Ping,
    Received,
    check_signature,
    fingerprint,
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
    site_address,
    total_of,
)
from monitoring.conversions.shops.types import (
    GoneNews,
    News,
    NothingForUs,
    Shop,
    ShopFound,
    ShopOrder,
    ShopRefund,
)
from monitoring.platforms.reading import (
    identifier,
    items_of,
    mapping,
    optional_identifier,
    page_of,
    parts,
    text,
)
from monitoring.platforms.types import CredentialField, Page, RateRule

_PAGE = 50
_FIELDS = (
    "id,number,status,currency,total,date_created_gmt,date_modified_gmt,date_paid_gmt,coupon_lines,refunds,"
    "meta_data,created_via"
)
# Cash on delivery has no date of payment: the shop accepted the order all the same.
_ACCEPTED = frozenset(("processing", "completed", "refunded"))
_UNDONE = frozenset(("cancelled", "failed", "trash"))
_ATTRIBUTION = "_wc_order_attribution_"
_DIRECT = "(direct)"
_TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")


class WooCommerceConnector(ShopConnector):
    shop: ClassVar[Shop] = Shop(
        slug="woocommerce",
        name="WooCommerce",
        short_name="Wo",
        color="#7f54b3",
        home="",
        address_field=CredentialField(
            name="address",
            label="Address of your shop",
            help_text="As in your browser, such as shop.example.com.",
            secret=False,
        ),
        credential_fields=(
            CredentialField(
                name="consumer_key", label="Consumer key", help_text="Begins with ck_.", secret=False
            ),
            CredentialField(name="consumer_secret", label="Consumer secret", help_text="Begins with cs_."),
        ),
        topics=_TOPICS,
        rate_rules=(RateRule(requests=60, window=timedelta(minutes=1)),),
    )

    @classmethod
    def tidy_address(cls, typed: str) -> str:
        return site_address(typed).removeprefix("https://")

    @classmethod
    def base_of(cls, address: str) -> str:
        return address if "://" in address else f"https://{address}"

    def check(self) -> ShopFound:
        answer = self._get({"per_page": 1, "_fields": "id"})
        items_of(answer, "", host_of(self.base))
        return ShopFound(address=self.address, name=self.address)

    def list_orders(self, *, since: datetime, until: datetime, cursor: str | None = None) -> Page[ShopOrder]:
        """By date of change, so that what changes meanwhile moves to the end and is met again.

        Each page asks from the last one's last second on, or where a whole page has one date, for the next page of it.
        """
        after, number = _position(cursor, since)
        data = self._get(
            {
                "orderby": "modified",
                "order": "asc",
                "modified_after": (after - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S"),
                "dates_are_gmt": "true",
                "per_page": _PAGE,
                "page": number,
                "_fields": _FIELDS,
            }
        )
        host = host_of(self.base)
        items = items_of(data, "", host)
        return page_of(
            items,
            lambda item: _order(mapping(item)),
            host=host,
            next_cursor=_next(items, after, number) if len(items) >= _PAGE else None,
        )

    def _get(self, params: Mapping[str, str | int]) -> object:
        pair = f"{self.credentials.get('consumer_key', '')}:{self.credentials.get('consumer_secret', '')}"
        token = base64.b64encode(pair.encode()).decode()
        return self.http.get_json(
            f"{self.base}/wp-json/wc/v3/orders", params=params, headers={"Authorization": f"Basic {token}"}
        ).data

    @classmethod
    def read_call(cls, received: Received, *, secret: str) -> Call | Ping:
        """On saving, WooCommerce sends a form with the webhook's number, unsigned: it only waits for a 200."""
        if not received.header("x-wc-webhook-topic") and list(_form(received.body)) == ["webhook_id"]:
            return Ping(reason="WooCommerce tried the address when the webhook was saved.")
        check_signature(received, header="x-wc-webhook-signature", secret=secret)
        topic = received.header("x-wc-webhook-topic")
        delivery = received.header("x-wc-webhook-delivery-id")
        if not topic or not delivery:
            raise CallNotUnderstood("It does not say which message of WooCommerce's it is.")
        # WooCommerce gives all messages of one second the same number.
        number = f"{visible(delivery, LONGEST_ID - 40)}:{fingerprint(received.body)}"
        return Call(delivery_id=number, topic=visible(topic, LONGEST_TOPIC))

    @classmethod
    def read_news(cls, topic: str, body: bytes, *, received_at: datetime) -> News:
        if topic == "order.deleted":
            return GoneNews(order_id=identifier(json_object(body), "id"), occurred_at=received_at)
        if topic in _TOPICS:
            return _order(json_object(body))
        return NothingForUs(reason=f"Messages about {topic} are not needed.")


def _form(body: bytes) -> Mapping[str, list[str]]:
    try:
        return parse_qs(body[:200].decode("ascii"), max_num_fields=3)
    except ValueError:
        return {}


def _position(cursor: str | None, since: datetime) -> tuple[datetime, int]:
    if not cursor:
        return since.astimezone(UTC), 1
    moment_, _separator, number = cursor.partition("|")
    return datetime.fromisoformat(moment_), int(number)


def _next(items: Sequence[object], after: datetime, number: int) -> str:
    dates = [moment(each.get("date_modified_gmt")) for each in items if isinstance(each, dict)]
    last = max((date for date in dates if date), default=after)
    if last > after:
        return f"{last.isoformat()}|1"
    return f"{after.isoformat()}|{number + 1}"


def _order(data: Mapping[str, object]) -> ShopOrder:
    currency = currency_of(data, "currency")
    status = text(data, "status")
    modified = moment(data.get("date_modified_gmt"))
    paid = moment(data.get("date_paid_gmt"))
    order_id = identifier(data, "id")
    meta = {text(each, "key"): text(each, "value") for each in parts(data, "meta_data")}
    created_via = text(data, "created_via")
    return ShopOrder(
        external_id=order_id,
        number=optional_identifier(data, "number") or order_id,
        placed_at=placed(data.get("date_created_gmt"), data.get("date_paid_gmt")),
        updated_at=modified,
        counts=status in _ACCEPTED or paid is not None,
        total=total_of(data.get("total"), currency),
        currency=currency,
        cancelled_at=(modified or datetime.now(UTC)) if status in _UNDONE else None,
        refunds=_refunds(data, currency),
        source="" if created_via in {"checkout", "store-api"} else created_via,
        landing=address_text(meta.get(f"{_ATTRIBUTION}session_entry")),
        referrer=host_of(meta.get(f"{_ATTRIBUTION}referrer")),
        utm=_utm(meta),
        click_id=read_click_id(meta.get(CLICK_PARAMETER) or meta.get(f"_{CLICK_PARAMETER}") or ""),
        coupons=coupon_codes([each.get("code") for each in parts(data, "coupon_lines")]),
    )


def _utm(meta: Mapping[str, str]) -> dict[str, str]:
    """As the shop's own attribution noted it. It calls a visit without any trace "(direct)"; that is no tag."""
    named = {
        name: meta.get(f"{_ATTRIBUTION}{name}", "")
        for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content")
    }
    return {name: word for name, word in named.items() if word and word != _DIRECT}


def _refunds(data: Mapping[str, object], currency: str) -> tuple[ShopRefund, ...]:
    """The order lists them without their dates: "-10.00"."""
    found = (
        ShopRefund(external_id=identifier(each, "id"), amount=-money(each.get("total"), currency))
        for each in parts(data, "refunds")
    )
    return tuple(refund for refund in found if refund.amount > 0)
