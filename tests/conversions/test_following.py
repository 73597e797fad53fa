"""A tracked link leads on, whatever is broken behind it, and only where its owner said."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
from django.db import connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from monitoring.conversions.clicks.targets import find_target, tracked_address
from monitoring.conversions.clicks.waiting import WAITING, store_waiting_clicks
from monitoring.conversions.models import Channel, Click, ClickDay, TrackedLink
from monitoring.conversions.services.links import SlugTaken, archive_link, create_link
from tests.cast import SignIn

OnCommit = Callable[..., object]


@pytest.mark.django_db
def test_following_leads_to_the_target_with_its_utm(link: TrackedLink, customer: Client) -> None:
    answer = customer.get("/l/menu")
    assert answer.status_code == 302
    assert answer["Location"] == (
        "https://example.com/menu?utm_source=instagram&utm_medium=social&utm_campaign=autumn-menu"
    )
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.django_db
def test_capitals_in_a_printed_address_do_not_matter(link: TrackedLink, customer: Client) -> None:
    assert customer.get("/l/MENU").status_code == 302


@pytest.mark.parametrize(
    ("target", "added"),
    [
        ("https://example.com", "https://example.com/?utm_source=x&utm_medium=social&utm_campaign=a"),
        (
            "https://example.com/?a=%20b&c",
            "https://example.com/?a=%20b&c&utm_source=x&utm_medium=social&utm_campaign=a",
        ),
        (
            "https://example.com/#part",
            "https://example.com/?utm_source=x&utm_medium=social&utm_campaign=a#part",
        ),
        (
            "https://example.com/?UTM_Source=mine",
            "https://example.com/?UTM_Source=mine&utm_medium=social&utm_campaign=a",
        ),
        (
            "https://example.com/?utm_source=",
            "https://example.com/?utm_source=&utm_medium=social&utm_campaign=a",
        ),
    ],
)
def test_only_missing_utm_is_added(target: str, added: str) -> None:
    assert tracked_address(TrackedLink(slug="a", target=target, label="A", channel=Channel.X)) == added


def test_a_name_in_any_script_becomes_a_campaign() -> None:
    address = tracked_address(
        TrackedLink(slug="a", target="https://e.com/", label="秋 Menü", channel=Channel.PRINT)
    )
    assert parse_qs(urlsplit(address).query)["utm_campaign"] == ["秋-menü"]
    assert parse_qs(urlsplit(address).query)["utm_medium"] == ["print"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ending", ["unknown", "https:%2F%2Fevil.example", "..", "%00", "a" * 500, "menu%2F..", "menu?to=x"]
)
def test_an_unknown_link_leads_nowhere(link: TrackedLink, customer: Client, ending: str) -> None:
    answer = customer.get(f"/l/{ending}")
    if ending.startswith("menu?"):
        assert answer["Location"].startswith("https://example.com/menu?utm_source")
    else:
        assert answer.status_code == 404


@pytest.mark.django_db
def test_a_known_link_is_answered_without_the_database(
    link: TrackedLink, customer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    customer.get("/l/menu")
    with django_assert_num_queries(0):
        assert customer.get("/l/menu").status_code == 302
    assert store_waiting_clicks() == 2


@pytest.mark.django_db
def test_an_unknown_link_is_asked_for_once(
    customer: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    customer.get("/l/unknown")
    with django_assert_num_queries(0):
        assert customer.get("/l/unknown").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_link_works_from_the_moment_it_is_made(organization: Organization, customer: Client) -> None:
    assert customer.get("/l/new-one").status_code == 404
    create_link(
        organization=organization, target="https://e.com/", label="New", channel=Channel.X, slug="new-one"
    )
    assert customer.get("/l/new-one").status_code == 302


@pytest.mark.django_db
def test_people_robots_and_repeated_clicks_are_told_apart(link: TrackedLink, customer: Client) -> None:
    for _again in range(3):
        customer.get("/l/menu")
    customer.get("/l/menu", REMOTE_ADDR="203.0.113.9")
    Client(headers={"User-Agent": "facebookexternalhit/1.1"}).get("/l/menu")
    customer.head("/l/menu")
    store_waiting_clicks()
    day = ClickDay.objects.get()
    assert (day.visits, day.repeats, day.bots) == (2, 2, 2)
    assert not Click.objects.filter(visitor__contains="203").exclude(visitor__regex="^[0-9a-f]{32}$").exists()


@pytest.mark.django_db
def test_without_redis_the_link_leads_on_and_the_click_is_written(
    link: TrackedLink, customer: Client, cut_redis: Callable[[], None]
) -> None:
    cut_redis()
    for _again in range(2):
        assert customer.get("/l/menu").status_code == 302
    day = ClickDay.objects.get()
    assert (day.visits, day.repeats) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_database_a_known_link_leads_on_and_is_counted_later(
    link: TrackedLink, customer: Client, redis_server: redis.Redis, broken_database: Callable[[], None]
) -> None:
    broken_database()
    assert customer.get("/l/menu").status_code == 302
    assert redis_server.llen(WAITING) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_database_a_member_is_led_on_too(
    link: TrackedLink, owner: User, sign_in: SignIn, broken_database: Callable[[], None]
) -> None:
    client = sign_in(owner)
    client.get("/l/menu")
    broken_database()
    assert client.get("/l/menu").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_without_the_database_an_unknown_link_asks_for_patience(
    link: TrackedLink, customer: Client, redis_server: redis.Redis, broken_database: Callable[[], None]
) -> None:
    redis_server.flushdb()
    broken_database()
    answer = customer.get("/l/menu")
    assert answer.status_code == 503
    assert "Location" not in answer


@pytest.fixture
def broken_database(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and nobody answers at the database's address any more."""

    def cut() -> None:
        connections["default"].close()
        monkeypatch.setitem(connections["default"].settings_dict, "PORT", "1")

    return cut


@pytest.mark.django_db
def test_an_archived_link_goes_on_working(link: TrackedLink, customer: Client) -> None:
    archive_link(link=link)
    assert customer.get("/l/menu").status_code == 302


@pytest.mark.django_db
def test_endings_are_unique_among_all(link: TrackedLink, strangers_organization: Organization) -> None:
    with pytest.raises(SlugTaken):
        create_link(
            organization=strangers_organization,
            target="https://e.com/",
            label="M",
            channel=Channel.X,
            slug="Menu",
        )
    made = create_link(
        organization=strangers_organization, target="https://e.com/", label="M", channel=Channel.X
    )
    assert find_target(made.slug) is not None
    assert len(made.slug) == 7
