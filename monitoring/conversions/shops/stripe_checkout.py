"""Stripe: an order is a completed Checkout session, which payment links make too.

Polling reads the sessions themselves once (they carry what was refunded since), and from then on the list of events,
which goes back thirty days: the very messages that webhooks bring.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from stripe import SignatureVerificationError, Webhook

from monitoring.conversions.crediting.evidence import CLICK_PARAMETER, read_click_id
from monitoring.conversions.shops.calls import (
    LONGEST_ID,
    LONGEST_TOPIC,
    Call,
    CallNotUnderstood,
    CallRefused,
    Received,
    visible,
)
from monitoring.conversions.shops.connector import ShopConnector
from monitoring.conversions.shops.reading import (
    address_text,
    currency_of,
    host_of,
    json_object,
    minor_units,
    moment,
    placed,
)
from monitoring.conversions.shops.types import (
    News,
    NothingForUs,
    RefundNews,
    Shop,
    ShopFound,
    ShopOrder,
)
from monitoring.platforms.errors import AccessDenied, UnexpectedResponse
from monitoring.platforms.reading import (
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

TOLERANCE = 300  # seconds between signing and arriving
EVENTS_REACH = timedelta(days=29)  # Stripe keeps them for thirty
_PAGE = 50
_PAID_TOPICS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
_REFUNDED = "charge.refunded"
_TOPICS = (*_PAID_TOPICS, _REFUNDED)
# What was given back stands at the charge, which is looked up along with the session.
_CHARGE = "payment_intent.latest_charge"
_SESSIONS, _EVENTS = "sessions", "events"
_TAGS = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


class StripeConnector(ShopConnector):
    shop: ClassVar[Shop] = Shop(
        slug="stripe",
        name="Stripe",
        short_name="St",
        color="#5b4fd6",
        home="https://api.stripe.com",
        address_field=None,
        credential_fields=(
            CredentialField(
                name="api_key",
                label="Restricted key",
                help_text="Begins with rk_live_. It may read Checkout Sessions, Events, Charges and PaymentIntents.",
            ),
        ),
        topics=_TOPICS,
        rate_rules=(RateRule(requests=50, window=timedelta(seconds=1)),),
    )

    def check(self) -> ShopFound:
        """Everything that will be read is tried. A key of the test mode sees no real order, so it is not taken."""
        if "_test_" in self.credentials.get("api_key", ""):
            raise AccessDenied("This is a key of Stripe’s test mode. Switch it off and copy a live key.")
        for path in ("checkout/sessions", "events"):
            items_of(self._get(path, {"limit": 1}), "data", host_of(self.base))
        account = self._account()
        name = text(part(part(account, "settings"), "dashboard"), "display_name")
        return ShopFound(address=optional_identifier(account, "id") or "", name=name or "Stripe")

    def _account(self) -> Mapping[str, object]:
        """Restricted keys may not be allowed to see whose they are."""
        try:
            answer = self._get("account", {})
        except AccessDenied:
            return {}
        return readable(lambda: mapping(answer), host=host_of(self.base))

    def list_orders(self, *, since: datetime, until: datetime, cursor: str | None = None) -> Page[ShopOrder]:
        phase, _separator, after = (cursor or self._first_phase(since, until)).partition("|")
        if phase == _SESSIONS:
            return self._list_sessions(since, after)
        return self._list_events(since, after)

    @staticmethod
    def _first_phase(since: datetime, until: datetime) -> str:
        return _SESSIONS if until - since > EVENTS_REACH else _EVENTS

    def _list_sessions(self, since: datetime, after: str) -> Page[ShopOrder]:
        """When these are read, the events follow: a session may have been paid or refunded long after it began."""
        params: dict[str, str | int] = {"status": "complete", "expand[]": f"data.{_CHARGE}"}
        items, following = self._list("checkout/sessions", params, since, after)
        page = page_of(items, lambda item: _order(mapping(item)), host=host_of(self.base))
        return Page(
            items=page.items,
            next_cursor=f"{_SESSIONS}|{following}" if following else f"{_EVENTS}|",
            skipped=page.skipped,
        )

    def _list_events(self, since: datetime, after: str) -> Page[ShopOrder]:
        reach = max(since, datetime.now(UTC) - EVENTS_REACH)
        items, following = self._list("events", {"types[]": _TOPICS}, reach, after)  # type: ignore[dict-item]
        page = page_of(items, lambda item: self._order_of(mapping(item)), host=host_of(self.base))
        return Page(
            items=page.items,
            next_cursor=f"{_EVENTS}|{following}" if following else None,
            skipped=page.skipped,
        )

    def _order_of(self, event: Mapping[str, object]) -> ShopOrder | None:
        news = _news(event)
        if isinstance(news, RefundNews):
            return self._find_order(news.order_id)
        return news if isinstance(news, ShopOrder) else None

    def _find_order(self, payment_intent: str) -> ShopOrder | None:
        """The order that was paid with this, and what was given back; None if it was no Checkout's."""
        answer = self._get(
            "checkout/sessions",
            {"payment_intent": payment_intent, "limit": 1, "expand[]": f"data.{_CHARGE}"},
        )
        items = items_of(answer, "data", host_of(self.base))
        return _order(mapping(items[0])) if items else None

    def _list(
        self, path: str, params: Mapping[str, str | int], since: datetime, after: str
    ) -> tuple[list[object], str]:
        """One page, newest first, and what comes after it."""
        asked: dict[str, str | int] = {**params, "limit": _PAGE, "created[gte]": int(since.timestamp())}
        if after:
            asked["starting_after"] = after
        data = self._get(path, asked)
        host = host_of(self.base)
        items = list(items_of(data, "data", host))
        if not (isinstance(data, dict) and data.get("has_more") is True and items):
            return items, ""
        last = items[-1]
        following = optional_identifier(last, "id") if isinstance(last, dict) else None
        if not following:
            raise UnexpectedResponse(f"{host} sent a list that cannot be read on.")
        return items, following

    def _get(self, path: str, params: Mapping[str, str | int]) -> object:
        return self.http.get_json(
            f"{self.base}/v1/{path}",
            params=params,
            headers={"Authorization": f"Bearer {self.credentials.get('api_key', '')}"},
        ).data

    @classmethod
    def read_call(cls, received: Received, *, secret: str) -> Call:
        if not secret:
            raise CallRefused("No webhook secret is stored here yet, so nobody can tell who sent this.")
        try:
            event = Webhook.construct_event(
                payload=received.body,
                sig_header=received.header("stripe-signature"),
                secret=secret,
                tolerance=TOLERANCE,
            )
        except SignatureVerificationError as error:
            raise CallRefused(_refusal(str(error))) from None
        except (ValueError, RecursionError, AttributeError, TypeError):
            raise CallNotUnderstood("Its body is not an event of Stripe’s.") from None
        delivery, topic = getattr(event, "id", None), getattr(event, "type", None)
        if not isinstance(delivery, str) or not isinstance(topic, str) or not delivery:
            raise CallNotUnderstood("Its body is not an event of Stripe’s.")
        return Call(delivery_id=visible(delivery, LONGEST_ID), topic=visible(topic, LONGEST_TOPIC))

    @classmethod
    def read_news(cls, topic: str, body: bytes, *, received_at: datetime) -> News:
        return _news(json_object(body))


def _refusal(said: str) -> str:
    if "Timestamp" in said:
        return (
            "It was signed more than five minutes ago: an old message sent again, or a clock that is wrong."
        )
    if "No Stripe-Signature" in said or "extract" in said:
        return "It carries no signature."
    return "Its signature does not fit: the secret differs, or the body was changed on its way."


def _news(event: Mapping[str, object]) -> News:
    topic = text(event, "type")
    if event.get("livemode") is not True:
        return NothingForUs(reason="It is from Stripe’s test mode.", is_test=True)
    about = part(part(event, "data"), "object")
    said_at = moment(event.get("created"))
    if topic in _PAID_TOPICS:
        if text(about, "mode") == "setup":
            return NothingForUs(reason="Nothing was sold: a card was stored.")
        return _order(about, said_at)
    if topic == _REFUNDED:
        return _refund_news(about, said_at)
    return NothingForUs(reason=f"Messages about {topic} are not needed.")


def _refund_news(charge: Mapping[str, object], said_at: datetime | None) -> News:
    payment = optional_identifier(charge, "payment_intent")
    if not payment:
        return NothingForUs(reason="What was refunded is no order of a Checkout.")
    currency = currency_of(charge, "currency")
    return RefundNews(
        order_id=payment,
        occurred_at=said_at or datetime.now(UTC),
        refunded=minor_units(charge.get("amount_refunded"), currency),
        currency=currency,
    )


def _order(session: Mapping[str, object], said_at: datetime | None = None) -> ShopOrder:
    """An order is known by its payment, which refunds name too; a subscription's first order by its session."""
    currency = currency_of(session, "currency")
    session_id = identifier(session, "id")
    payment = session.get("payment_intent")
    charge = part(payment, "latest_charge") if isinstance(payment, dict) else {}
    payment_id = optional_identifier(payment if isinstance(payment, dict) else session, _id_key(payment))
    metadata = part(session, "metadata")
    reference = text(session, "client_reference_id")
    refunded = charge.get("amount_refunded")
    return ShopOrder(
        external_id=payment_id or session_id,
        number=text(metadata, "order_number") or session_id[-12:],
        placed_at=placed(session.get("created")),
        updated_at=said_at,
        counts=text(session, "payment_status") in {"paid", "no_payment_required"},
        total=minor_units(session.get("amount_total"), currency),
        currency=currency,
        refunded=minor_units(refunded, currency) if refunded is not None else None,
        is_test=session.get("livemode") is not True,
        landing=address_text(metadata.get("landing_page")),
        referrer=host_of(metadata.get("referrer")),
        utm={tag: text(metadata, tag) for tag in _TAGS if text(metadata, tag)},
        click_id=read_click_id(reference) or read_click_id(text(metadata, CLICK_PARAMETER)),
        coupons=_coupons(session),
    )


def _id_key(payment: object) -> str:
    return "id" if isinstance(payment, dict) else "payment_intent"


def _coupons(session: Mapping[str, object]) -> tuple[str, ...]:
    """Promotion codes arrive as their numbers unless they are looked up: only words can be somebody's code."""
    named = (part(each, "promotion_code") for each in parts(session, "discounts"))
    return tuple(text(each, "code") for each in named if text(each, "code"))
