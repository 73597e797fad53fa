"""What shop connectors take and give: plain frozen data, the same for every shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from monitoring.conversions.crediting.evidence import Evidence, clean_word, evidence_of_address
from monitoring.platforms.types import CredentialField, RateRule

HISTORY = timedelta(
    days=60
)  # what a shop that was just connected is asked for; more than Shopify gives to nobody


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Who a shop system is and what it needs; forms and pages derive from this."""

    slug: str
    name: str
    short_name: str  # two letters, for the chip
    color: str  # of the chip: white letters on it reach a contrast of 4.5
    home: str  # the built-in address, without a trailing slash; "" where every shop has its own
    address_field: CredentialField | None  # how a shop's own address or number is asked for
    credential_fields: tuple[CredentialField, ...]
    topics: tuple[str, ...] = ()  # what its webhooks should tell us of; empty: it has none that we understand
    rate_rules: tuple[RateRule, ...] = ()
    lateness: timedelta = timedelta(hours=1)  # so far behind the last poll is always read again

    @property
    def has_webhooks(self) -> bool:
        return bool(self.topics)


@dataclass(frozen=True, kw_only=True)
class ShopFound:
    """What a shop says of itself when it is tried: `address` tells two shops of one business apart."""

    address: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ShopRefund:
    """Money given back, in the order's currency. `occurred_at` is None where the shop does not say when."""

    external_id: str
    amount: Decimal
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ShopOrder:
    """One order as it is now.

    `counts` says whether it is one at all: paid, or accepted without prepayment, at some time. `updated_at` orders
    the versions of an order; without it this one is from just now. Where the shop does not list its refunds,
    `refunded` is their sum so far.
    """

    external_id: str
    number: str  # as people at the shop call it
    placed_at: datetime
    counts: bool
    total: Decimal | None = None  # before refunds
    currency: str = ""
    updated_at: datetime | None = None
    cancelled_at: datetime | None = None
    refunds: tuple[ShopRefund, ...] = ()
    refunded: Decimal | None = None
    is_test: bool = False
    source: str = ""  # where it was placed, if not in the web shop: "pos"
    landing: str = ""  # the address or path on which the customer arrived
    referrer: str = ""  # the host only
    utm: Mapping[str, str] = field(default_factory=dict)  # utm_source, utm_medium, utm_campaign, utm_content
    click_id: str = ""
    coupons: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.external_id:
            raise ValueError("an order without an id")
        if self.placed_at.tzinfo is None:
            raise ValueError("placed_at has no time zone")
        if (self.total is None) != (self.currency == ""):
            raise ValueError("a total needs its currency, and a currency its total")

    @property
    def evidence(self) -> Evidence:
        """What tells where the customer came from. Tags that the shop names itself win over those in the address."""
        facts = evidence_of_address(self.landing)
        facts |= {name: clean_word(word) for name, word in self.utm.items() if clean_word(word)}
        if self.click_id:
            facts["click_ids"] = (self.click_id,)
        return Evidence(**facts, referrer=self.referrer, coupons=self.coupons)


@dataclass(frozen=True, kw_only=True)
class RefundNews:
    """A message about one refund, or about the sum of an order's refunds so far, without the order."""

    order_id: str
    occurred_at: datetime
    refund: ShopRefund | None = None
    refunded: Decimal | None = None
    currency: str


@dataclass(frozen=True, kw_only=True)
class GoneNews:
    """A message that an order was deleted."""

    order_id: str
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True)
class NothingForUs:
    """A message that changes nothing here, and why."""

    reason: str
    is_test: bool = False


News = ShopOrder | RefundNews | GoneNews | NothingForUs
