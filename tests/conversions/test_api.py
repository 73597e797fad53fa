"""Programs report conversions: strictly read, recorded once, refused in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organization, TokenScope
from accounts.tokens import issue_token, revoke_token
from monitoring.conversions.api import A_MINUTE, LARGEST_BODY
from monitoring.conversions.models import Conversion, TrackedLink
from monitoring.conversions.services.recording import void_conversion

Send = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def send(organization: Organization) -> Send:
    """What a web shop does."""
    _token, secret = issue_token(organization=organization, name="Shop", scope=TokenScope.CONVERSIONS)
    client = Client(enforce_csrf_checks=True)

    def post(body: object, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(
            "/api/conversions",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **named},
        )

    return post


ORDER: dict[str, Any] = {
    "kind": "order",
    "amount": "12.50",
    "currency": "EUR",
    "occurred_at": "2026-06-10T12:00:00+02:00",
    "idempotency_key": "order-1",
    "channel": "instagram",
}


def test_an_order_is_recorded_as_told(send: Send, link: TrackedLink) -> None:
    answer = send(ORDER | {"link": "menu", "note": "Gift"})
    assert answer.status_code == 201
    stored = Conversion.objects.get()
    assert answer.json() == {
        "id": stored.pk,
        "kind": "order",
        "occurred_at": "2026-06-10T10:00:00+00:00",
        "amount": "12.5",
        "currency": "EUR",
        "channel": "instagram",
        "link": "menu",
        "idempotency_key": "order-1",
        "note": "Gift",
        "voided": False,
    }
    assert (stored.origin, stored.amount) == ("api", Decimal("12.50"))


def test_the_shortest_report_is_enough(send: Send, organization: Organization) -> None:
    assert send({"event": "signup"}, Idempotency_Key="7").status_code == 201
    assert abs((Conversion.objects.get().occurred_at - timezone.now()).total_seconds()) < 60


def test_a_number_keeps_its_digits(send: Send) -> None:
    body = b'{"kind": "order", "amount": 0.1, "currency": "EUR", "idempotency_key": "1"}'
    assert send(body).status_code == 201
    assert Conversion.objects.get().amount == Decimal("0.1")


def test_an_amount_without_currency_is_in_the_organizations(send: Send) -> None:
    send({"kind": "order", "amount": 5, "idempotency_key": "1"})
    assert Conversion.objects.get().currency == "EUR"


def test_a_repeat_gives_the_first_answer(send: Send) -> None:
    first, again = send(ORDER), send(ORDER)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    shortened = {"kind": "lead", "idempotency_key": "2"}
    assert [send(shortened).status_code for _again in range(2)] == [201, 200]


def test_a_repeat_of_a_void_order_stays_void(send: Send) -> None:
    send(ORDER)
    void_conversion(conversion=Conversion.objects.get())
    assert send(ORDER).json()["voided"] is True


def test_a_used_key_with_other_facts_is_a_conflict(send: Send) -> None:
    first = send(ORDER).json()
    answer = send(ORDER | {"amount": "13"})
    assert answer.status_code == 409
    assert answer.json()["conversion"] == first
    assert Conversion.objects.get().amount == Decimal("12.50")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "a purchase"}, "kind"),
        ({"kind": None}, "kind"),
        ({"event": "order"}, "kind"),
        ({"kind": "visit"}, "amount"),
        ({"amount": "12,50"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": -1}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": 1e300}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": [1]}, "amount"),
        ({"currency": "euro"}, "currency"),
        ({"currency": 978}, "currency"),
        ({"occurred_at": "2026-06-10 12:00"}, "occurred_at"),
        ({"occurred_at": "2026-13-10T12:00:00Z"}, "occurred_at"),
        ({"occurred_at": "2099-01-01T00:00:00Z"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": 1781085600}, "occurred_at"),
        ({"channel": "the moon"}, "channel"),
        ({"link": "unknown"}, "link"),
        ({"link": "theirs"}, "link"),
        ({"note": "x" * 301}, "note"),
        ({"note": "\0"}, "note"),
        ({"idempotency_key": ""}, "idempotency_key"),
        ({"idempotency_key": "ü"}, "idempotency_key"),
        ({"idempotency_key": "x" * 201}, "idempotency_key"),
        ({"customer": "Jo"}, "customer"),
    ],
)
def test_what_is_wrong_is_named_by_field(
    send: Send, strangers_link: TrackedLink, change: dict[str, object], field: str
) -> None:
    answer = send(ORDER | change)
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Conversion.objects.exists()


def test_all_that_is_wrong_is_named_at_once(send: Send) -> None:
    fields = send({"kind": "X", "amount": "y", "z": 1}).json()["fields"]
    assert list(fields) == ["amount", "idempotency_key", "kind", "z"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"1",
        b'"text"',
        b"\xff",
        b'{"amount": NaN}',
        b"[" * 10_000,
        b'{"amount": 1e9999999999999999999}',
    ],
)
def test_what_is_no_json_object_is_refused(send: Send, body: bytes) -> None:
    answer = send(body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid"


def test_a_header_and_a_body_that_disagree_are_refused(send: Send) -> None:
    assert "idempotency_key" in send(ORDER, Idempotency_Key="other").json()["fields"]
    assert send(ORDER, Idempotency_Key="order-1").status_code == 201


def test_too_much_the_wrong_type_and_the_wrong_method_are_refused(send: Send, client: Client) -> None:
    assert send(b" " * (LARGEST_BODY + 1)).status_code == 413
    assert client.get("/api/conversions").status_code == 405
    assert client.get("/api/conversions")["Allow"] == "POST"


def test_a_form_is_not_json(organization: Organization) -> None:
    _token, secret = issue_token(organization=organization, name="Shop", scope=TokenScope.CONVERSIONS)
    answer = Client().post(
        "/api/conversions", {"kind": "order"}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer sme_guess", "Basic c21lOg=="])
def test_without_a_token_nothing_is_read(client: Client, header: str) -> None:
    answer = client.post(
        "/api/conversions", b"{", content_type="application/json", headers={"Authorization": header}
    )
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_revoked_or_expired_token_is_told_so(organization: Organization, client: Client, end: str) -> None:
    lifetime = timedelta(microseconds=1) if end == "expired" else None
    token, secret = issue_token(
        organization=organization, name="Shop", scope=TokenScope.CONVERSIONS, lifetime=lifetime
    )
    if end == "revoked":
        revoke_token(token=token)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.post("/api/conversions", ORDER, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert end in answer.json()["message"]


def test_a_flood_is_held_back(send: Send, redis_server: Any) -> None:
    assert send(ORDER).status_code == 201
    key = redis_server.keys("conversions:limit:api:*")[0]
    redis_server.set(key, A_MINUTE)
    answer = send(ORDER)
    assert (answer.status_code, 1 <= int(answer["Retry-After"]) <= 60) == (429, True)


def test_without_redis_orders_still_come_in(send: Send, cut_redis: Callable[[], None]) -> None:
    cut_redis()
    assert send(ORDER).status_code == 201


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.dictionaries(st.sampled_from([*ORDER, "event", "link", "note"]), json_values, max_size=3))
def test_nothing_that_is_sent_breaks_it(send: Send, redis_server: Any, changes: dict[str, object]) -> None:
    redis_server.flushdb()
    assert send(ORDER | changes).status_code in {200, 201, 400, 409}
