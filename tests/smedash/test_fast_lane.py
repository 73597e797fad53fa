"""What is answered ahead of Django is what Django would have answered, with the same policy for browsers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import Organization
from monitoring.conversions.models import Channel
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.site import save_site
from tests.conversions.conftest import PHONE
from tests.conversions.lanes import Customer

pytestmark = pytest.mark.django_db
Ask = Callable[[Client], Any]


@pytest.fixture
def follow(organization: Organization) -> Ask:
    create_link(
        organization=organization,
        target="https://example.com/menu",
        label="Menu",
        channel=Channel.PRINT,
        slug="menu",
    )
    return lambda client: client.get("/l/menu", secure=True)


@pytest.fixture
def tell(organization: Organization) -> Ask:
    key = save_site(organization=organization, hosts=["shop.example"], asks_how_heard=False).key
    visit = {"type": "visit", "id": uuid4().hex, "utm_source": "instagram", "page": "/menu"}
    return lambda client: client.post(
        f"/api/events?site={key}",
        json.dumps(visit),
        "text/plain",
        headers={"Origin": "https://shop.example"},
        secure=True,
    )


def is_in_the_lane(answer: Any) -> bool:
    return getattr(answer, "in_the_lane", False)


@pytest.mark.parametrize("what", ["follow", "tell"])
def test_a_lane_says_what_the_ordinary_way_says(
    request: pytest.FixtureRequest, settings: Settings, what: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    ask: Ask = request.getfixturevalue(what)
    agent = {"User-Agent": PHONE}
    ordinary = ask(Client(headers=agent))
    ask(Customer(headers=agent))  # Redis and this process know it from now on
    ahead = ask(Customer(headers=agent))
    assert is_in_the_lane(ahead)
    assert (ahead.status_code, ahead.content) == (ordinary.status_code, ordinary.content)
    expected = {name: value for name, value in ordinary.headers.items() if name not in _OF_THE_ORDINARY_WAY}
    said = {name: value for name, value in ahead.headers.items() if name not in _OF_THE_ORDINARY_WAY}
    assert said == expected
    assert "max-age=3600" in said["Strict-Transport-Security"]


# A click's id is another one each time; an answer without a body has no kind, length or language. Pages have a policy
# of their own, and a line in the log, which the lane has not.
_OF_THE_ORDINARY_WAY = {
    "Location",
    "Content-Type",
    "Content-Length",
    "Content-Language",
    "Content-Security-Policy",
    "Vary",
    "X-Request-ID",
}


def test_what_did_not_come_over_https_is_led_there_first(follow: Ask, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Customer(headers={"User-Agent": PHONE}).get("/l/menu")
    assert (answer.status_code, is_in_the_lane(answer)) == (301, False)
    assert answer["Location"].startswith("https://")


def test_behind_a_proxy_its_word_counts(follow: Ask, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    customer = Customer(headers={"User-Agent": PHONE})
    known = customer.get("/l/menu", headers={"X-Forwarded-Proto": "https"})
    assert known.status_code == 302
    assert not is_in_the_lane(customer.get("/l/menu", headers={"X-Forwarded-Proto": "http"}))
    assert is_in_the_lane(customer.get("/l/menu", headers={"X-Forwarded-Proto": "https"}))


def test_a_page_that_sends_nonsense_is_told_so_the_ordinary_way(organization: Organization) -> None:
    key = save_site(organization=organization, hosts=["shop.example"], asks_how_heard=False).key
    customer = Customer(headers={"User-Agent": PHONE, "Origin": "https://shop.example"})
    answers = [
        customer.post(f"/api/events?site={key}", body, "text/plain")
        for body in ("{", "{", '{"type": "x"}', "")
    ]
    assert [answer.status_code for answer in answers] == [400] * 4
    assert "JSON" in answers[1].json()["message"]
