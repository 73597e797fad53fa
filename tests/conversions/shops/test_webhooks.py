"""Calls from shops: believed only with a signature over every byte, stored at once, worked on later, counted once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from monitoring.conversions.models import Conversion, Delivery, ShopConnection
from monitoring.conversions.services.shop_orders import apply_news
from monitoring.conversions.services.shops import disconnect_shop
from monitoring.conversions.shops.calls import CallRefused, Received
from monitoring.conversions.shops.registry import connector_class
from monitoring.conversions.views.hooks import LARGEST_BODY
from monitoring.conversions.webhooks import working
from monitoring.conversions.webhooks.purging import purge_deliveries
from monitoring.conversions.webhooks.receiving import REFUSED_A_MINUTE, REFUSED_KEPT
from monitoring.conversions.webhooks.working import work_on_deliveries
from tests.conversions.shops.conftest import Connect
from tests.conversions.shops.made_up import (
    SECRET,
    Body,
    shopify_order,
    shopify_refund,
    signed,
    stripe_charge,
    stripe_event,
    stripe_session,
    woocommerce_order,
)

pytestmark = pytest.mark.django_db
WITH_HOOKS = ("shopify", "woocommerce", "stripe")


@dataclass
class Hook:
    """The shop's end of the line."""

    connection: ShopConnection
    client: Client

    @property
    def slug(self) -> str:
        return self.connection.shop

    def send_raw(self, body: bytes, headers: Mapping[str, str]) -> int:
        answer = self.client.post(
            f"/hooks/shops/{self.connection.key}/",
            data=body,
            content_type="application/json",
            headers=dict(headers),
        )
        return answer.status_code

    def send(self, told: Body, **words: str) -> int:
        body = json.dumps(told).encode()
        return self.send_raw(body, signed(self.slug, body, **words))  # type: ignore[arg-type]  # topic, number, secret

    def deliveries(self) -> list[tuple[str, str]]:
        found = Delivery.objects.filter(connection=self.connection).order_by("pk")
        return list(found.values_list("outcome", "reason"))


MakeHook = Callable[[str], Hook]


@pytest.fixture
def hook(make_connection: Connect) -> MakeHook:
    return lambda slug: Hook(make_connection(slug), Client())


def example(slug: str) -> Body:
    if slug == "stripe":
        return stripe_event(stripe_session())
    return shopify_order() if slug == "shopify" else woocommerce_order()


def ledger() -> list[tuple[int, Decimal | None]]:
    return list(Conversion.objects.order_by("pk").values_list("number", "amount"))


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_a_signed_order_is_stored_then_recorded(slug: str, hook: MakeHook) -> None:
    there = hook(slug)

    assert there.send(example(slug)) == 200
    assert there.deliveries() == [("waiting", "")]
    assert ledger() == []

    assert work_on_deliveries() == 1
    assert there.deliveries() == [("recorded", "")]
    assert ledger() == [(1, Decimal("49.90"))]


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_the_same_message_sent_again_is_nothing_new(slug: str, hook: MakeHook) -> None:
    there = hook(slug)
    assert [there.send(example(slug)) for _attempt in range(3)] == [200] * 3
    work_on_deliveries()
    there.send(example(slug))
    work_on_deliveries()

    assert there.deliveries() == [("recorded", "")]
    assert len(ledger()) == 1


@pytest.mark.parametrize("slug", ["shopify", "woocommerce"])
def test_the_same_order_under_another_number_is_known(slug: str, hook: MakeHook) -> None:
    there = hook(slug)
    there.send(example(slug), number="1")
    there.send(example(slug), number="2")
    work_on_deliveries()

    assert [outcome for outcome, _reason in there.deliveries()] == ["recorded", "nothing_new"]
    assert len(ledger()) == 1


def test_two_messages_of_one_second_are_two_for_woocommerce(hook: MakeHook) -> None:
    """It gives both the same number."""
    there = hook("woocommerce")
    there.send(woocommerce_order(1), number="same")
    there.send(woocommerce_order(2), number="same")
    work_on_deliveries()

    assert len(ledger()) == 2


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_a_wrong_secret_is_refused_with_the_reason(slug: str, hook: MakeHook) -> None:
    there = hook(slug)

    assert there.send(example(slug), secret="another") == 401
    [(outcome, reason)] = there.deliveries()
    assert outcome == "refused"
    assert "does not fit" in reason
    assert bytes(Delivery.objects.get().body) == b""
    assert work_on_deliveries() == 0


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_no_signature_is_refused(slug: str, hook: MakeHook) -> None:
    there = hook(slug)
    body = json.dumps(example(slug)).encode()
    kept = {
        name: value
        for name, value in signed(slug, body).items()
        if "Hmac" not in name and "Signature" not in name
    }

    assert there.send_raw(body, kept) == 401
    assert "no signature" in there.deliveries()[0][1]


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_without_a_stored_secret_nothing_is_believed(slug: str, make_connection: Connect) -> None:
    there = Hook(make_connection(slug, secret=""), Client())
    body = json.dumps(example(slug)).encode()

    assert there.send_raw(body, signed(slug, body, secret=SECRET)) == 401
    if slug != "stripe":
        assert there.send_raw(body, signed(slug, body, secret="")) == 401
    assert {outcome for outcome, _reason in there.deliveries()} == {"refused"}


@pytest.mark.parametrize("slug", WITH_HOOKS)
@given(data=st.data())
def test_every_altered_byte_is_refused(slug: str, data: st.DataObject) -> None:
    body = json.dumps(example(slug)).encode()
    headers = {name.lower(): value for name, value in signed(slug, body).items()}
    place = data.draw(st.integers(0, len(body) - 1))
    changed = data.draw(st.integers(0, 255).filter(lambda byte: byte != body[place]))
    altered = body[:place] + bytes([changed]) + body[place + 1 :]

    with pytest.raises(CallRefused):
        read(slug, altered, headers)


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_each_byte_of_an_order_counts(slug: str) -> None:
    """All of them, one after the other."""
    body = json.dumps(example(slug)).encode()
    headers = {name.lower(): value for name, value in signed(slug, body).items()}
    read(slug, body, headers)
    for place in range(len(body)):
        altered = bytearray(body)
        altered[place] ^= 1
        with pytest.raises(CallRefused):
            read(slug, bytes(altered), headers)


@pytest.mark.parametrize("slug", WITH_HOOKS)
@given(signature=st.text(max_size=80), body=st.binary(max_size=200))
def test_no_signature_that_somebody_makes_up_is_believed(slug: str, signature: str, body: bytes) -> None:
    headers = {
        name.lower(): signature if "hmac" in name.lower() or "signature" in name.lower() else value
        for name, value in signed("shopify" if slug == "shopify" else slug, b"{}").items()
    }
    with pytest.raises(CallRefused):
        read(slug, body, headers)


def read(slug: str, body: bytes, headers: Mapping[str, str]) -> object:
    received = Received(headers=headers, body=body, at=timezone.now())
    return connector_class(slug).read_call(received, secret=SECRET)


@pytest.mark.parametrize(("age", "status"), [(0, 200), (295, 200), (305, 401), (86_400, 401)])
def test_stripes_old_messages_are_refused(age: int, status: int, hook: MakeHook) -> None:
    there = hook("stripe")
    body = json.dumps(example("stripe")).encode()

    assert there.send_raw(body, signed("stripe", body, at=time.time() - age)) == status
    assert ("five minutes" in there.deliveries()[0][1]) == (status == 401)


def test_stripe_may_sign_with_the_old_secret_too(hook: MakeHook) -> None:
    """While a secret is being changed: any one signature that fits will do."""
    there = hook("stripe")
    body = json.dumps(example("stripe")).encode()
    right = signed("stripe", body)["Stripe-Signature"]
    stamp, signature = right.split(",")
    both = f"{stamp},v1={'0' * 64},{signature},v0=old"

    assert there.send_raw(body, {"Stripe-Signature": both}) == 200


def test_a_body_that_is_no_event_is_refused(hook: MakeHook) -> None:
    there = hook("stripe")
    for body in (b"", b"[]", b"nonsense", b'{"object": "event"}', b'{"id": 1, "type": 2, "object": "event"}'):
        assert there.send_raw(body, signed("stripe", body)) in {400, 401}, body


def test_woocommerces_ping_is_answered_and_noted(hook: MakeHook) -> None:
    there = hook("woocommerce")
    form = there.client.post(
        f"/hooks/shops/{there.connection.key}/",
        data="webhook_id=123",
        content_type="application/x-www-form-urlencoded",
    )

    assert form.status_code == 200
    assert there.deliveries() == [("test", "WooCommerce tried the address when the webhook was saved.")]
    assert ledger() == []


@pytest.mark.parametrize(
    ("slug", "told", "topic"),
    [
        ("shopify", shopify_order(test=True), "orders/paid"),
        ("stripe", stripe_event(stripe_session(livemode=False), livemode=False), ""),
    ],
)
def test_test_orders_are_ignored_and_said(slug: str, told: Body, topic: str, hook: MakeHook) -> None:
    there = hook(slug)
    assert there.send(told, topic=topic) == 200
    work_on_deliveries()

    [(outcome, reason)] = there.deliveries()
    assert outcome == "test"
    assert "test" in reason.lower()
    assert ledger() == []


@pytest.mark.parametrize(
    ("slug", "told", "topic"),
    [
        ("shopify", {"id": 1}, "products/update"),
        ("woocommerce", {"id": 1}, "customer.created"),
        ("stripe", stripe_event({"id": "x", "created": 1}, "invoice.paid"), ""),
    ],
)
def test_unknown_topics_are_taken_and_ignored(slug: str, told: Body, topic: str, hook: MakeHook) -> None:
    there = hook(slug)
    assert there.send(told, topic=topic) == 200
    work_on_deliveries()

    assert there.deliveries()[0][0] == "ignored"


def test_what_cannot_be_read_does_not_stop_the_others(hook: MakeHook) -> None:
    there = hook("shopify")
    odd: list[object] = [{}, {"id": 1}, shopify_order(1) | {"currency": "%%"}, [], None, {"id": {}}]
    for number, told in enumerate(odd):
        assert there.send(told, number=f"odd-{number}") == 200  # type: ignore[arg-type]  # what no shop sends
    body = b"\xff\x00 no JSON"
    there.send_raw(body, signed("shopify", body, number="bytes"))
    there.send(shopify_order(2), number="whole")
    work_on_deliveries()

    assert [outcome for outcome, _reason in there.deliveries()] == ["failed"] * 7 + ["recorded"]
    assert len(ledger()) == 1


def test_refunds_and_cancellations_subtract_in_any_order(hook: MakeHook) -> None:
    there = hook("shopify")
    at = timezone.now() - timedelta(hours=1)
    back = shopify_refund(5, "9.90", at=at)
    order = shopify_order(1)
    there.send(back | {"order_id": order["id"]}, topic="refunds/create", number="1")
    there.send(order, number="2")
    there.send(back | {"order_id": order["id"]}, topic="refunds/create", number="3")
    newer = {"updated_at": at.isoformat(), "refunds": [back]}
    there.send(order | newer, topic="orders/updated", number="4")
    there.send(order | newer | {"cancelled_at": at.isoformat(), "updated_at": timezone.now().isoformat()},
               topic="orders/cancelled", number="5")  # fmt: skip
    there.send(order, topic="orders/updated", number="6")
    work_on_deliveries()

    assert ledger() == [(1, Decimal("49.90")), (0, Decimal("-9.90")), (-1, Decimal("-40.00"))]
    assert [outcome for outcome, _reason in there.deliveries()] == [
        "ignored", "recorded", "recorded", "nothing_new", "recorded", "nothing_new",
    ]  # fmt: skip


def test_woocommerces_deleted_order_is_taken_back(hook: MakeHook) -> None:
    there = hook("woocommerce")
    there.send(woocommerce_order(7))
    there.send({"id": 7}, topic="order.deleted", number="2")
    work_on_deliveries()

    assert ledger() == [(1, Decimal("49.90")), (-1, Decimal("-49.90"))]


def test_stripes_late_payment_and_refund(hook: MakeHook) -> None:
    there = hook("stripe")
    session = stripe_session()
    there.send(stripe_event(session | {"payment_status": "unpaid"}))
    work_on_deliveries()
    assert ledger() == []

    there.send(
        stripe_event(session, "checkout.session.async_payment_succeeded", created=session["created"] + 900)
    )
    there.send(stripe_event(stripe_charge(refunded=1000), "charge.refunded"))
    work_on_deliveries()
    assert ledger() == [(1, Decimal("49.90")), (0, Decimal("-10.00"))]


def test_nobody_is_called_by_another_key(hook: MakeHook) -> None:
    there = hook("shopify")
    body = json.dumps(shopify_order()).encode()
    assert (
        Client().post("/hooks/shops/a-guess/", data=body, content_type="application/json").status_code == 404
    )

    disconnect_shop(connection=there.connection)
    assert there.send(shopify_order()) == 404


def test_a_shop_without_webhooks_is_not_called(make_connection: Connect) -> None:
    connection = make_connection("ebay")

    assert Client().post(f"/hooks/shops/{connection.key}/").status_code == 404


def test_only_posts_are_taken(hook: MakeHook) -> None:
    there = hook("shopify")

    assert there.client.get(f"/hooks/shops/{there.connection.key}/").status_code == 405


def test_what_is_larger_than_any_order_is_refused(hook: MakeHook) -> None:
    there = hook("shopify")
    body = b" " * (LARGEST_BODY + 1)

    assert there.send_raw(body, signed("shopify", body)) == 413
    assert there.deliveries()[0][0] == "refused"


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_few_refusals_are_kept_and_a_flood_is_not_listened_to(hook: MakeHook) -> None:
    there = hook("shopify")
    statuses = [there.send(shopify_order(), secret="wrong") for _attempt in range(REFUSED_A_MINUTE + 10)]

    assert statuses == [401] * REFUSED_A_MINUTE + [429] * 10
    assert len(there.deliveries()) == REFUSED_KEPT


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_the_flood_of_one_does_not_stop_another(hook: MakeHook) -> None:
    there = hook("shopify")
    flood = Hook(there.connection, Client(REMOTE_ADDR="203.0.113.9"))
    for _attempt in range(REFUSED_A_MINUTE):
        flood.send(shopify_order(), secret="wrong")

    assert flood.send(shopify_order()) == 429
    assert there.send(shopify_order()) == 200


def test_calls_are_taken_while_redis_is_gone(hook: MakeHook, cut_redis: Callable[[], None]) -> None:
    there = hook("shopify")
    cut_redis()

    assert there.send(shopify_order(), secret="wrong") == 401
    assert there.send(shopify_order()) == 200


def test_taking_a_call_in_asks_little(hook: MakeHook) -> None:
    there = hook("shopify")
    there.send(shopify_order(1), number="1")
    with CaptureQueriesContext(database) as queries:
        there.send(shopify_order(2), number="2")

    assert len(queries) <= 2  # the shop, and the insert


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The worker is killed when it has worked on so many more calls."""
    left = [10**9]
    whole = apply_news

    def apply(**facts: object) -> object:
        applied = whole(**facts)  # type: ignore[arg-type]  # handed on
        left[0] -= 1
        if left[0] < 0:
            raise SystemExit("killed")
        return applied

    monkeypatch.setattr(working, "apply_news", apply)
    return left


@pytest.mark.parametrize("worked", [0, 1, 4])
def test_whoever_dies_in_the_middle_leaves_the_call_waiting(
    worked: int, hook: MakeHook, dying: list[int]
) -> None:
    there = hook("shopify")
    for number in range(5):
        there.send(shopify_order(number), number=str(number))
    dying[0] = worked
    with pytest.raises(SystemExit):
        work_on_deliveries()
    assert len(ledger()) == worked
    assert Delivery.objects.filter(outcome="waiting").count() == 5 - worked

    dying[0] = 10**9
    assert work_on_deliveries() == 5 - worked
    assert len(ledger()) == 5


def test_bodies_are_forgotten_after_a_month_and_lines_after_half_a_year(hook: MakeHook) -> None:
    there = hook("shopify")
    for number, days in enumerate((0, 29, 31, 181)):
        there.send(shopify_order(number), number=str(number))
        Delivery.objects.filter(delivery_id=str(number)).update(
            received_at=timezone.now() - timedelta(days=days)
        )
    while purge_deliveries():
        pass

    left = Delivery.objects.order_by("delivery_id").values_list("delivery_id", "body")
    assert [(number, bool(bytes(body))) for number, body in left] == [("0", True), ("1", True), ("2", False)]
