"""The end point takes what pages of the site tell, and nothing from anybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis
from django.db import connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.models import Conversion, Site, Visit
from monitoring.conversions.services.site import save_site
from monitoring.conversions.visits import endpoint
from monitoring.conversions.visits.refusals import find_refusal
from monitoring.conversions.visits.waiting import EVENTS
from tests.conversions.conftest import PHONE
from tests.conversions.lanes import Customer
from tests.conversions.visits.conftest import ORIGIN, Tell, order, visit

pytestmark = pytest.mark.django_db


def waiting(server: redis.Redis) -> int:
    return int(server.llen(EVENTS.waiting))


def test_a_visit_is_noted_and_the_page_may_read_the_answer(tell: Tell, redis_server: redis.Redis) -> None:
    answer = tell(visit(utm_source="instagram"))
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies
    assert waiting(redis_server) == 1


def test_a_known_site_costs_no_query(tell: Tell, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tell(visit(utm_source="instagram"))
    with django_assert_num_queries(0):
        assert tell(order(amount="12.50")).status_code == 204


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://evil.example",
        "https://shop.example.evil.example",
        "https://notshop.example",
        "ftp://shop.example",
        "https://shop.example/path",
        "https://[",
        "//shop.example",
        "shop.example",
    ],
)
def test_pages_of_other_addresses_are_refused(
    tell: Tell, site: Site, redis_server: redis.Redis, origin: str
) -> None:
    answer = tell(order(), Origin=origin)
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer
    assert waiting(redis_server) == 0
    refusal = find_refusal(site.pk)
    assert refusal is not None
    assert (refusal.code, refusal.detail) == ("unknown_origin", origin)


@pytest.mark.parametrize(
    "origin", ["http://shop.example", "https://www.shop.example", "https://shop.example:8443"]
)
def test_the_sites_own_pages_are_let_in(tell: Tell, origin: str) -> None:
    answer = tell(order(), Origin=origin)
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, origin)


def test_a_preflight_is_answered_for_allowed_pages_alone(site: Site, customer: Client) -> None:
    address = f"/api/events?site={site.key}"
    allowed = customer.options(address, headers={"Origin": ORIGIN})
    assert (allowed.status_code, allowed["Access-Control-Allow-Origin"]) == (204, ORIGIN)
    assert allowed["Access-Control-Allow-Headers"] == "Content-Type"
    other = customer.options(address, headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in other


@pytest.mark.parametrize("key", ["", "unknown", "x" * 500, "../..", "\x00", "%F0"])
def test_a_wrong_key_is_told(customer: Client, key: str) -> None:
    answer = customer.post(
        "/api/events", {}, "text/plain", query_params={"site": key}, headers={"Origin": ORIGIN}
    )
    assert answer.status_code == 404
    assert answer.json()["error"] == "unknown_site"


def test_only_posts_are_taken(customer: Client, site: Site) -> None:
    answer = customer.get("/api/events", {"site": site.key})
    assert (answer.status_code, answer["Allow"]) == (405, "POST, OPTIONS")


def test_a_page_that_is_wrong_is_told_and_so_is_its_owner(tell: Tell, site: Site) -> None:
    answer = tell(order(amount="plenty"))
    assert answer.status_code == 400
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    refusal = find_refusal(site.pk)
    assert refusal is not None
    assert refusal.detail == answer.json()["message"] == "amount is no amount in EUR."


def test_too_much_at_once_is_refused(tell: Tell, redis_server: redis.Redis) -> None:
    assert tell(order(note="x" * endpoint.LARGEST_BODY)).status_code == 413
    assert waiting(redis_server) == 0


@pytest.mark.parametrize("header", ["Sec-GPC", "DNT"])
def test_who_does_not_want_to_be_counted_is_not(tell: Tell, redis_server: redis.Redis, header: str) -> None:
    assert tell(visit(utm_source="x"), **{header: "1"}).status_code == 204
    assert waiting(redis_server) == 0


def test_robots_are_marked_and_order_nothing(tell: Tell) -> None:
    robot = Customer(
        headers={"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    )
    assert tell(visit(utm_source="x"), client=robot).status_code == 204
    assert tell(order(), client=robot).status_code == 204
    EVENTS.store_batch()
    assert Visit.objects.get().is_bot
    assert not Conversion.objects.exists()


@pytest.mark.parametrize("without_redis", [False, True])
def test_a_flood_from_one_address_stops_at_the_limit_and_hurts_nobody_else(
    tell: Tell,
    customer: Client,
    monkeypatch: pytest.MonkeyPatch,
    cut_redis: Callable[[], None],
    without_redis: bool,
) -> None:
    monkeypatch.setattr(endpoint, "A_MINUTE_FROM_AN_ADDRESS", 3)
    monkeypatch.setattr(endpoint, "A_MINUTE_FROM_A_SITE", 5)
    if without_redis:
        cut_redis()
    statuses = [tell(order(), **{"X-Request-ID": "a" * 8}).status_code for _event in range(8)]
    assert statuses == [204] * 3 + [429] * 5
    neighbor = Customer(headers={"User-Agent": PHONE}, REMOTE_ADDR="203.0.113.9")
    last = [tell(order(), client=neighbor) for _event in range(3)]
    assert [answer.status_code for answer in last] == [204, 204, 429]
    assert 1 <= int(last[-1]["Retry-After"]) <= 60


def test_addresses_of_one_home_are_one(tell: Tell, monkeypatch: pytest.MonkeyPatch, customer: Client) -> None:
    monkeypatch.setattr(endpoint, "A_MINUTE_FROM_AN_ADDRESS", 2)
    homes = [
        Customer(headers={"User-Agent": PHONE}, REMOTE_ADDR=address)
        for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8::3", "2001:db8:0:1::1")
    ]
    assert [tell(order(), client=home).status_code for home in homes] == [204, 204, 429, 204]


def test_without_redis_events_are_written_at_once(tell: Tell, cut_redis: Callable[[], None]) -> None:
    cut_redis()
    assert tell(visit(utm_source="instagram")).status_code == 204
    assert tell(order(key="1043", amount="5")).status_code == 204
    assert (Visit.objects.count(), Conversion.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_database_events_of_a_known_site_wait(
    tell: Tell, redis_server: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(visit(utm_source="instagram"))
    connections["default"].close()
    monkeypatch.setitem(connections["default"].settings_dict, "PORT", "1")
    assert tell(order()).status_code == 204
    assert waiting(redis_server) == 2


@pytest.mark.django_db(transaction=True)
def test_without_both_the_page_hears_that_it_was_not_taken(
    tell: Tell, cut_redis: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_redis()
    connections["default"].close()
    monkeypatch.setitem(connections["default"].settings_dict, "PORT", "1")
    assert tell(order()).status_code == 503


def test_a_changed_list_of_hosts_holds_at_once(
    tell: Tell, organization: Organization, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    assert tell(order()).status_code == 204
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]  # a context manager
        save_site(organization=organization, hosts=["other.example"], asks_how_heard=False)
    assert tell(order()).status_code == 403
    assert tell(order(), Origin="https://other.example").status_code == 204


def test_the_question_is_asked_after_orders_where_the_organization_wants_it(
    tell: Tell, organization: Organization
) -> None:
    save_site(organization=organization, hosts=["shop.example"], asks_how_heard=True)
    assert tell({"type": "conversion", "kind": "signup"}).status_code == 204
    answer = tell(order(key="1043"))
    assert answer.status_code == 200
    asked = answer.json()
    assert asked["ask"] == "How did you hear of us?"
    assert ["instagram", "Instagram"] in asked["channels"]
    assert "walk_in" not in [channel for channel, _label in (*asked["channels"], *asked["more"])]
    assert tell({"type": "answer", "question": asked["question"], "channel": "instagram"}).status_code == 204
    EVENTS.store_batch()
    told = Conversion.objects.get(idempotency_key="site:1043")
    assert (told.heard_of_us_from, told.channel) == ("instagram", "instagram")
