"""What a page sends is understood or refused, whatever it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.models import Channel
from monitoring.conversions.visits.events import Answered, Converted, Event, Visited, read_event, write_event
from monitoring.conversions.visits.reading import Arrival, NotUnderstood, read_arrival, sign_question
from monitoring.conversions.visits.sites import KnownSite
from monitoring.conversions.visits.sources import channel_of_tags

SITE = KnownSite(7, "EUR", ("shop.example",), True)
ARRIVAL = Arrival(SITE, datetime(2026, 6, 10, 10, 0, tzinfo=UTC), "f" * 32, False)
CLICK = uuid4().hex


def read(**told: object) -> Event:
    return read_arrival(json.dumps({"id": uuid4().hex, **told}).encode(), ARRIVAL)


def converted(**told: object) -> Converted:
    event = read(**{"type": "conversion", "kind": "order", **told})
    assert isinstance(event, Converted)
    return event


def test_a_visit_keeps_the_path_and_the_host_and_nothing_else_of_addresses() -> None:
    event = read(
        type="visit",
        click=CLICK,
        page="/menu?mail=lena@example.com#part",
        referrer="https://l.instagram.com/?u=secret",
        utm_source=" Instagram ",
    )
    assert isinstance(event, Visited)
    assert (event.landing, event.referrer) == ("/menu", "l.instagram.com")
    assert event.click_id is not None
    assert event.click_id.hex == CLICK
    assert event.tags == {"utm_source": "instagram"}


@pytest.mark.parametrize("nothing", [{}, {"click": "forged"}, {"utm_source": " "}, {"utm_content": ""}])
def test_a_direct_visit_is_not_kept(nothing: dict[str, str]) -> None:
    with pytest.raises(NotUnderstood):
        read(type="visit", **nothing)


@pytest.mark.parametrize(
    ("said", "currency", "exact"),
    [
        ("12.50", "", "12.50"),
        ("12,50", "", "12.50"),
        ("€ 1.234,50", "", "1234.50"),
        (12, "", "12"),
        (0.1 + 0.2, "", "0.3"),
        ("1200", "jpy", "1200"),
        ("1.250", "KWD", "1.250"),
        (0, "", "0"),
    ],
)
def test_amounts_are_exact_however_a_page_writes_them(said: object, currency: str, exact: str) -> None:
    event = converted(amount=said, currency=currency)
    assert event.amount == Decimal(exact)
    assert event.currency == currency.upper() or (currency == "" and event.currency == "EUR")


@pytest.mark.parametrize("said", [-1, "-1", "a lot", True, [], {}, 12.345, 1e300, "9" * 40])
def test_what_is_no_amount_is_refused(said: object) -> None:
    with pytest.raises(NotUnderstood):
        converted(amount=said)


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(NotUnderstood):
        converted(amount=1, currency="EURO")


def test_what_is_worth_no_money_is_kept_without() -> None:
    assert converted(kind="signup", amount="5").amount is None


@pytest.mark.parametrize("kind", ["visit", "store_visit", "", "Order", "a b", "x" * 41, "<script>"])
def test_what_is_no_kind_is_refused(kind: str) -> None:
    with pytest.raises(NotUnderstood):
        converted(kind=kind)


def test_a_named_event_of_ones_own_counts() -> None:
    assert converted(kind="test-drive").kind == "test-drive"


def test_the_key_makes_it_count_once_and_names_the_order() -> None:
    event = converted(key=1043)
    assert (event.idempotency_key, event.order_number) == ("site:1043", "1043")
    assert converted(key="1043").idempotency_key == event.idempotency_key
    assert converted().idempotency_key != converted().idempotency_key


def test_clicks_are_kept_in_order_and_each_once() -> None:
    clicks = [uuid4().hex for _click in range(60)]
    evidence = Evidence.from_json(converted(clicks=["forged", *clicks, clicks[-1], 5]).evidence)
    assert evidence.click_ids == tuple(clicks[-48:])
    assert evidence.visitor == ARRIVAL.visitor


def test_an_answer_needs_the_question_it_answers() -> None:
    question = sign_question(SITE, "site:1043")
    event = read(type="answer", question=question, channel="instagram")
    assert isinstance(event, Answered)
    assert (event.idempotency_key, event.channel) == ("site:1043", Channel.INSTAGRAM)
    other = sign_question(KnownSite(8, "EUR", (), True), "site:1043")
    for forged in ("", "7:site:1043", question + "x", other):
        with pytest.raises(NotUnderstood):
            read(type="answer", question=forged, channel="instagram")
    with pytest.raises(NotUnderstood):
        read(type="answer", question=question, channel="television")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    [
        "id",
        "click",
        "page",
        "referrer",
        "utm_source",
        "kind",
        "amount",
        "currency",
        "key",
        "clicks",
        "channel",
        "x",
    ]
)
LIKELY: dict[str, Any] = {
    "type": st.sampled_from(["visit", "conversion", "answer"]),
    "kind": st.sampled_from(["order", "signup", "visit"]) | st.text(),
    "id": st.uuids().map(lambda found: found.hex) | ANYTHING,
    "click": st.uuids().map(str) | ANYTHING,
}


@given(likely=st.fixed_dictionaries({}, optional=LIKELY), odd=st.dictionaries(FIELDS, ANYTHING, max_size=4))
def test_anything_is_understood_or_refused_and_survives_waiting(
    likely: dict[str, object], odd: dict[str, object]
) -> None:
    try:
        event = read_arrival(json.dumps({**likely, **odd}).encode("utf-8", "surrogatepass"), ARRIVAL)
    except NotUnderstood:
        return
    assert read_event(write_event(event).encode()) == event
    assert "\0" not in write_event(event)


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused(body: bytes) -> None:
    with pytest.raises(NotUnderstood):
        read_arrival(body, ARRIVAL)


@pytest.mark.parametrize(
    "nonsense",
    [b"", b"\xff", b"[]", b"{}", b'{"type": "visit"}', b'{"type": [], "at": 1}', b'{"type":"answer","at":5}'],
)
def test_what_is_no_event_does_not_come_out_of_the_list(nonsense: bytes) -> None:
    with pytest.raises((TypeError, ValueError)):
        read_event(nonsense)


@pytest.mark.parametrize(
    ("source", "medium", "channel"),
    [
        ("instagram", "", Channel.INSTAGRAM),
        ("ig", "", Channel.INSTAGRAM),
        ("www.facebook.com", "cpc", Channel.FACEBOOK),
        ("t.co", "", Channel.X),
        ("partner", "social", Channel.OTHER_SOCIAL),
        ("spring", "email", Channel.MAIL),
        ("partner", "banner", Channel.OTHER),
    ],
)
def test_tags_stand_for_channels(source: str, medium: str, channel: Channel) -> None:
    assert channel_of_tags(source, medium) == channel
