"""BigCommerce: `GET /stores/{hash}/v2/orders`. It says nothing of where a customer came from except coupons."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import ClassVar

from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.reading import currency_of, host_of, moment, placed, total_of
from monitoring.conversions.shops.types import Shop, ShopFound, ShopOrder
from monitoring.platforms.http import as_json
from monitoring.platforms.reading import identifier, items_of, mapping, page_of, text
from monitoring.platforms.types import CredentialField, Page, RateRule

_PAGE = 50
_HASH = re.compile(r"[a-z0-9]{4,20}")
_NOTHING = 204  # its way to say that there are no orders
# Shipped, partially shipped, refunded, cancelled later, awaiting pickup or shipment, completed, awaiting fulfillment,
# being checked, disputed, partially refunded: in all of these the shop took the order.
_TAKEN = frozenset((2, 3, 4, 8, 9, 10, 11, 12, 13, 14))
_REFUNDED, _CANCELLED, _DECLINED = 4, 5, 6
_PAID = frozenset(("captured", "refunded", "partially refunded"))


class BigCommerceConnector(ShopConnector):
    shop: ClassVar[Shop] = Shop(
        slug="bigcommerce",
        name="BigCommerce",
        short_name="BC",
        color="#34313f",
        home="https://api.bigcommerce.com",
        address_field=CredentialField(
            name="address",
            label="Store hash",
            help_text="The part after store- in the address of your control panel.",
            secret=False,
        ),
        credential_fields=(
            CredentialField(
                name="access_token", label="Access token", help_text="Of an API account that may read orders."
            ),
        ),
        rate_rules=(RateRule(requests=100, window=timedelta(seconds=30)),),
    )

    @classmethod
    def tidy_address(cls, typed: str) -> str:
        found = re.search(r"(?:stores/|store-)([a-z0-9]+)", typed.strip().lower())
        store = found[1] if found else typed.strip().lower()
        if not _HASH.fullmatch(store):
            raise ValueError("This is not a store hash, such as abc123def.")
        return store

    def check(self) -> ShopFound:
        self._get({"limit": 1})
        return ShopFound(address=self.address, name=f"store-{self.address}")

    def list_orders(self, *, since: datetime, until: datetime, cursor: str | None = None) -> Page[ShopOrder]:
        """By date of change, as for WooCommerce: what changes meanwhile moves to the end and is met again."""
        after, number = _position(cursor, since)
        items = self._get(
            {
                "min_date_modified": format_datetime(after),
                "sort": "date_modified:asc",
                "limit": _PAGE,
                "page": number,
            }
        )
        return page_of(
            items,
            lambda item: _order(mapping(item)),
            host=host_of(self.base),
            next_cursor=_next(items, after, number) if len(items) >= _PAGE else None,
        )

    def _get(self, params: Mapping[str, str | int]) -> Sequence[object]:
        headers = {"X-Auth-Token": self.credentials.get("access_token", ""), "Accept": "application/json"}
        answer = self.http.get(f"{self.base}/stores/{self.address}/v2/orders", params=params, headers=headers)
        if answer.status == _NOTHING:
            return ()
        return items_of(as_json(answer).data, "", host_of(self.base))


def _position(cursor: str | None, since: datetime) -> tuple[datetime, int]:
    if not cursor:
        return since.astimezone(UTC), 1
    after, _separator, number = cursor.partition("|")
    return datetime.fromisoformat(after), int(number)


def _next(items: Sequence[object], after: datetime, number: int) -> str:
    dates = [moment(each.get("date_modified")) for each in items if isinstance(each, dict)]
    last = max((date for date in dates if date), default=after)
    return f"{last.isoformat()}|1" if last > after else f"{after.isoformat()}|{number + 1}"


def _order(data: Mapping[str, object]) -> ShopOrder:
    currency = currency_of(data, "currency_code")
    status = data.get("status_id")
    modified = moment(data.get("date_modified"))
    total = total_of(data.get("total_inc_tax"), currency)
    order_id = identifier(data, "id")
    refunded = total_of(data.get("refunded_amount") or "0", currency)
    source = text(data, "order_source")
    is_undone = status in {_CANCELLED, _DECLINED} or data.get("is_deleted") is True
    return ShopOrder(
        external_id=order_id,
        number=order_id,
        placed_at=placed(data.get("date_created")),
        updated_at=modified,
        counts=status in _TAKEN or text(data, "payment_status") in _PAID,
        total=total,
        currency=currency,
        cancelled_at=(modified or datetime.now(UTC)) if is_undone else None,
        refunded=total if status == _REFUNDED and not refunded else refunded,
        source="" if source in {"www", "checkout_api"} else source,
    )
