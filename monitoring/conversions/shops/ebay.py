"""eBay: `GET /sell/fulfillment/v1/order`, with a token that the seller's refresh token renews.

eBay tells nothing of where a customer came from: its orders count as what they are, sold on eBay.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.reading import currency_of, host_of, moment, placed, total_of
from monitoring.conversions.shops.types import Shop, ShopFound, ShopOrder, ShopRefund
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

_SCOPE = "https://api.ebay.com/oauth/api_scope/sell.fulfillment.readonly"
_PAGE = 100
_OVERLAP = 20  # an order that changes while we read leaves the list, and the others move up
_PAID = frozenset(("PAID", "PARTIALLY_REFUNDED", "FULLY_REFUNDED"))
_CANCELLED = "CANCELED"
_ISSUED = frozenset(("REFUNDED", ""))


class EbayConnector(ShopConnector):
    shop: ClassVar[Shop] = Shop(
        slug="ebay",
        name="eBay",
        short_name="eB",
        color="#0f5cbf",
        home="https://api.ebay.com",
        address_field=CredentialField(
            name="address", label="Your eBay user name", help_text="To tell two accounts apart.", secret=False
        ),
        credential_fields=(
            CredentialField(
                name="client_id", label="App ID", help_text="Of your production keyset.", secret=False
            ),
            CredentialField(name="client_secret", label="Cert ID", help_text="Of the same keyset."),
            CredentialField(
                name="refresh_token",
                label="Refresh token",
                help_text="Good for 18 months, then connect again.",
            ),
        ),
        rate_rules=(RateRule(requests=60, window=timedelta(minutes=1)),),
    )

    _token = ""

    @classmethod
    def tidy_address(cls, typed: str) -> str:
        name = typed.strip().lower()
        if not name or len(name) > 64 or any(sign.isspace() or not sign.isprintable() for sign in name):
            raise ValueError("This is not a user name of eBay’s.")
        return name

    def check(self) -> ShopFound:
        items_of(self._get({"limit": 1}), "orders", host_of(self.base))
        return ShopFound(address=self.address, name=self.address)

    def list_orders(self, *, since: datetime, until: datetime, cursor: str | None = None) -> Page[ShopOrder]:
        offset = int(cursor or 0)
        span = f"lastmodifieddate:[{_stamp(since)}..{_stamp(until)}]"
        data = self._get({"filter": span, "limit": _PAGE, "offset": offset})
        host = host_of(self.base)
        items = items_of(data, "orders", host)
        following = str(offset + _PAGE - _OVERLAP) if len(items) >= _PAGE else None
        return page_of(items, lambda item: _order(mapping(item)), host=host, next_cursor=following)

    def _get(self, params: Mapping[str, str | int]) -> object:
        return self.http.get_json(
            f"{self.base}/sell/fulfillment/v1/order",
            params=params,
            headers={"Authorization": f"Bearer {self._access_token()}"},
        ).data

    def _access_token(self) -> str:
        """Good for two hours; asked for once a run."""
        if not self._token:
            pair = f"{self.credentials.get('client_id', '')}:{self.credentials.get('client_secret', '')}"
            answer = self.http.post_form(
                f"{self.base}/identity/v1/oauth2/token",
                form={
                    "grant_type": "refresh_token",
                    "refresh_token": self.credentials.get("refresh_token", ""),
                    "scope": _SCOPE,
                },
                headers={"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"},
                expect=(200, 400),
            )
            if answer.status == 400:
                raise AccessDenied(
                    "eBay does not accept this refresh token. Make a new one and connect again."
                )
            host = host_of(self.base)
            self._token = readable(lambda: identifier(mapping(answer.data), "access_token"), host=host)
        return self._token


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _order(data: Mapping[str, object]) -> ShopOrder:
    """Only orders that went through the checkout are listed; money that is still on its way counts later."""
    order_id = identifier(data, "orderId")
    total = part(part(data, "pricingSummary"), "total")
    currency = currency_of(total, "currency")
    modified = moment(data.get("lastModifiedDate"))
    is_cancelled = text(part(data, "cancelStatus"), "cancelState") == _CANCELLED
    paid = text(data, "orderPaymentStatus")
    return ShopOrder(
        external_id=order_id,
        number=order_id,
        placed_at=placed(data.get("creationDate")),
        updated_at=modified,
        counts=paid in _PAID,
        total=total_of(total.get("value"), currency),
        currency=currency,
        cancelled_at=(modified or datetime.now(UTC)) if is_cancelled else None,
        refunds=_refunds(parts(part(data, "paymentSummary"), "refunds"), currency),
        source="ebay",
    )


def _refunds(told: Sequence[Mapping[str, object]], currency: str) -> tuple[ShopRefund, ...]:
    issued = (each for each in told if text(each, "refundStatus") in _ISSUED)
    return tuple(_refund(each, currency) for each in issued)


def _refund(data: Mapping[str, object], currency: str) -> ShopRefund:
    refund_id = optional_identifier(data, "refundId") or optional_identifier(data, "refundReferenceId")
    amount = part(data, "amount")
    if not refund_id or currency_of(amount, "currency") != currency:
        raise Unreadable("a refund without a number, or in another currency")
    return ShopRefund(
        external_id=refund_id,
        amount=total_of(amount.get("value"), currency),
        occurred_at=moment(data.get("refundDate")),
    )
