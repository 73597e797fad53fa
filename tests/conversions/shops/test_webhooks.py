"""Calls that are believed: stored at once, worked on later, each counted once in whatever order they come."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from monitoring.conversions.models import Delivery
from monitoring.conversions.services.shop_orders import apply_news
from monitoring.conversions.webhooks import working
from monitoring.conversions.webhooks.purging import purge_deliveries
from monitoring.conversions.webhooks.working import work_on_deliveries
from tests.conversions.shops.calling import WITH_HOOKS, MakeHook, example, ledger
from tests.conversions.shops.made_up import (
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
