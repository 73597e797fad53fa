"""A call is believed only with the shop's signature over every byte; what is refused is noted, no flood is heard."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

import pytest
import time_machine
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from monitoring.conversions.models import Delivery
from monitoring.conversions.services.shops import disconnect_shop
from monitoring.conversions.shops.calls import CallRefused, Received
from monitoring.conversions.shops.registry import connector_class
from monitoring.conversions.views.hooks import LARGEST_BODY
from monitoring.conversions.webhooks.receiving import REFUSED_A_MINUTE, REFUSED_KEPT
from monitoring.conversions.webhooks.working import work_on_deliveries
from tests.conversions.shops.calling import WITH_HOOKS, Hook, MakeHook, example
from tests.conversions.shops.conftest import Connect
from tests.conversions.shops.made_up import (
    SECRET,
    shopify_order,
    signed,
)

pytestmark = pytest.mark.django_db


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
