"""A tracked link leads on, whatever is broken behind it, and only where its owner said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import redis
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from redis import Connection

from accounts.models import Organization, User
from monitoring.conversions.clicks import connection
from monitoring.conversions.clicks.targets import find_target, tracked_address
from monitoring.conversions.clicks.waiting import WAITING, store_waiting_clicks
from monitoring.conversions.models import Campaign, Channel, Click, ClickDay, TrackedLink
from monitoring.conversions.services.links import SlugTaken, archive_link, create_link
from tests.cast import SignIn

OnCommit = Callable[..., object]


@pytest.mark.django_db
def test_following_leads_to_the_target_with_its_utm(link: TrackedLink, customer: Client) -> None:
    answer = customer.get("/l/menu")
    assert answer.status_code == 302
    said, _mark, click_id = answer["Location"].rpartition("&sme_click=")
    assert said == "https://example.com/menu?utm_source=instagram&utm_medium=social&utm_campaign=autumn-menu"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert store_waiting_clicks() == 1
    assert Click.objects.get().click_id.hex == click_id


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_programs_and_previews_are_given_no_click(
    link: TrackedLink, customer: Client, redis_server: redis.Redis, is_known: bool
) -> None:
    robot = Client(headers={"User-Agent": "facebookexternalhit/1.1"})
    answers = []
    for ask in (robot.get, customer.head, robot.head):
        if not is_known:
            redis_server.flushdb()
        answers.append(ask("/l/menu"))
    answers.append(customer.get("/l/menu", headers={"Sec-Purpose": "prefetch;prerender"}))
    assert not [answer["Location"] for answer in answers if "sme_click" in answer["Location"]]


@pytest.mark.django_db
def test_the_id_of_somebody_elses_click_is_not_passed_on(
    organization: Organization, customer: Client
) -> None:
    create_link(
        organization=organization,
        target="https://e.com/?a=1&sme_click=" + "0" * 32 + "#part",
        label="A",
        channel=Channel.X,
        slug="copied",
    )
    location = customer.get("/l/copied")["Location"]
    assert location.count("sme_click=") == 1
    assert "0" * 32 not in location
    assert location.endswith("#part")


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_after_its_end_a_link_leads_to_the_fallback(
    organization: Organization, customer: Client, redis_server: redis.Redis, is_known: bool
) -> None:
    make_ending_link(organization, fallback="https://example.com/next")
    customer.get("/l/ends")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        if not is_known:
            redis_server.flushdb()
        location = customer.get("/l/ends")["Location"]
    assert location.startswith(
        "https://example.com/next?utm_source=instagram&utm_medium=social&utm_campaign=e&"
    )
    assert "sme_click=" in location


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_an_ended_link_without_fallback_says_so_and_counts_nothing(
    organization: Organization, customer: Client, redis_server: redis.Redis, is_known: bool
) -> None:
    make_ending_link(organization)
    customer.get("/l/ends")
    store_waiting_clicks()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        if not is_known:
            redis_server.flushdb()
        answer = customer.get("/l/ends")
    assert answer.status_code == 410
    assert "This link has ended" in answer.content.decode()
    assert store_waiting_clicks() == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_database_an_ended_link_is_answered_from_the_cache(
    organization: Organization, customer: Client, broken_database: Callable[[], None]
) -> None:
    make_ending_link(organization)
    broken_database()
    assert customer.get("/l/ends").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert customer.get("/l/ends").status_code == 410


def make_ending_link(organization: Organization, fallback: str = "") -> TrackedLink:
    return create_link(
        organization=organization,
        target="https://example.com/offer",
        label="E",
        channel=Channel.INSTAGRAM,
        slug="ends",
        expires_at=timezone.now() + timedelta(hours=1),
        fallback=fallback,
    )


@pytest.mark.django_db
def test_a_link_is_tagged_with_its_own_words(organization: Organization) -> None:
    campaign = Campaign.objects.create(
        organization=organization, name="Autumn", slug="autumn-26", starts_on=timezone.now().date()
    )
    link = TrackedLink(
        slug="a",
        target="https://e.com/?utm_medium=mine",
        label="A",
        channel=Channel.X,
        campaign=campaign,
        utm_source="newsletter",
        utm_medium="mail",
        utm_content="top",
    )
    assert tracked_address(link) == (
        "https://e.com/?utm_medium=mine&utm_source=newsletter&utm_campaign=autumn-26&utm_content=top"
    )


@pytest.mark.django_db
def test_redis_that_answers_too_late_makes_one_click_of_one_visit(
    link: TrackedLink, customer: Client, redis_server: redis.Redis, broken_answer: Callable[[], None]
) -> None:
    customer.get("/l/menu")
    broken_answer()
    assert customer.get("/l/menu").status_code == 302
    assert redis_server.llen(WAITING) == 3
    store_waiting_clicks()
    assert Click.objects.count() == 2


@pytest.fixture
def broken_answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it, and Redis does what it is asked in the fast lane but nobody hears of it."""

    def cut() -> None:
        kept = connection._kept_connection()

        def lose(*_arguments: object, **_options: object) -> None:
            monkeypatch.undo()
            Connection.read_response(kept)
            raise redis.TimeoutError

        monkeypatch.setattr(kept, "read_response", lose)

    return cut


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
