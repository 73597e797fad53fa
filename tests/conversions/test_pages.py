"""The goal page and its forms: what each role sees, what is refused, and in how many queries."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Organization, User
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.link_forms import LinkForm
from monitoring.conversions.models import Conversion, Goal, Kind, TrackedLink
from monitoring.conversions.reachability import customers_can_reach
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.recording import record_conversions
from tests.cast import SignIn
from tests.conversions.conftest import click, record, report

pytestmark = pytest.mark.django_db
GOAL = "/o/halden-coffee/goal/"
COUNTER = "/o/halden-coffee/counter/"


def text_of(page: object) -> str:
    html = re.sub(r"<[^>]+>", " ", page.content.decode())  # type: ignore[attr-defined]  # a response
    return " ".join(html.replace("&nbsp;", " ").split())


@pytest.fixture
def browser_of_marketer(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


def test_an_empty_goal_page_says_what_to_do(browser_of_marketer: Client) -> None:
    page = text_of(browser_of_marketer.get(GOAL))
    assert "No goal yet" in page
    assert "Nothing was reported in these 30 days." in text_of(browser_of_marketer.get(GOAL + "more/"))
    assert "Nothing is known to have come from social media in these 30 days." in page
    assert "came back" not in page
    assert "No margin entered" in page


def test_the_goal_page_shows_how_it_stands(
    browser_of_marketer: Client, organization: Organization, link: TrackedLink
) -> None:
    aim = Aim(counts=Kind.ORDER, target=Decimal(100), measure="amount", currency="EUR")
    set_goal(organization=organization, aim=aim)
    record(organization, report(at=timezone.now(), amount="12.50", channel="instagram"))
    store_clicks([click(link, at=timezone.now())])
    page = text_of(browser_of_marketer.get(GOAL + "?more=yes"))
    for expected in (
        "€12.50 of €100",
        "€87.50 to go",
        "Instagram",
    ):
        assert expected in page or expected in browser_of_marketer.get(GOAL).content.decode(), expected


def test_the_goal_page_asks_the_database_little(
    browser_of_marketer: Client,
    organization: Organization,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    set_goal(organization=organization, aim=Aim(counts=Kind.VISIT, target=Decimal(10)))
    record_conversions(organization=organization, reports=[report(at=timezone.now()) for _order in range(50)])
    browser_of_marketer.get(GOAL)
    with django_assert_max_num_queries(32):
        browser_of_marketer.get(GOAL)


def test_markup_in_what_people_typed_is_shown_as_text(
    browser_of_marketer: Client, organization: Organization
) -> None:
    facts = {
        "target": "https://e.com/?a=<b>",
        "label": "<script>alert(1)</script>",
        "channel": "x",
        "slug": "",
    }
    browser_of_marketer.post(GOAL + "links/new/", facts, follow=True)
    assert "<script>alert" not in browser_of_marketer.get(GOAL).content.decode()


def test_a_marketer_sets_the_goal_and_a_viewer_does_not(
    browser_of_marketer: Client, viewer: User, sign_in: SignIn
) -> None:
    facts = {
        "counts": "order",
        "measure": "number",
        "target": "40",
        "currency": "EUR",
        "cadence": "month",
        "scope": "all",
    }
    assert sign_in(viewer).post(GOAL + "change/", facts).status_code == 403
    page = browser_of_marketer.post(GOAL + "change/", facts, follow=True)
    assert "Your goal: 40 orders every month." in text_of(page)
    assert "Change goal" not in text_of(sign_in(viewer).get(GOAL))
    wrong = browser_of_marketer.post(GOAL + "change/", facts | {"target": "lots"})
    assert "This is no amount we can read." in text_of(wrong)
    assert 'value="lots"' in wrong.content.decode()
    assert Goal.objects.get().target == 40


def test_objects_of_another_organization_are_not_found(
    browser_of_marketer: Client, strangers_organization: Organization, strangers_link: TrackedLink
) -> None:
    assert browser_of_marketer.post(f"{GOAL}links/{strangers_link.pk}/archive/").status_code == 404
    assert browser_of_marketer.get(f"{GOAL}links/{strangers_link.pk}/code.svg").status_code == 404
    assert "theirs" not in browser_of_marketer.get(GOAL + "campaigns/").content.decode()


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/",
        "//example.com",
        "https://user:secret@example.com/",
        "https://",
        "not an address",
        "http://localhost:8000/l/menu",
        "https://example.com/\nSet-Cookie: a=b",
        "",
    ],
)
def test_a_link_leads_only_to_a_web_page(organization: Organization, target: str) -> None:
    form = LinkForm({"target": target, "label": "A", "channel": "x", "slug": ""}, organization=organization)
    assert not form.is_valid()
    assert list(form.errors) == ["target"]


def test_an_address_without_scheme_is_understood(organization: Organization) -> None:
    facts = {"target": "example.com:8080/menu", "label": "A", "channel": "x", "slug": "Menu-1"}
    form = LinkForm(facts, organization=organization)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["target"] == "https://example.com:8080/menu"


def test_a_taken_ending_is_explained(browser_of_marketer: Client, link: TrackedLink) -> None:
    facts = {"target": "https://e.com/", "label": "A", "channel": "x", "slug": "MENU"}
    assert "Another link ends like this already." in text_of(
        browser_of_marketer.post(GOAL + "links/new/", facts)
    )


def test_a_link_is_archived_and_brought_back(browser_of_marketer: Client, link: TrackedLink) -> None:
    address = f"{GOAL}links/{link.pk}/archive/"
    browser_of_marketer.post(address)
    assert "/l/menu" not in browser_of_marketer.get(GOAL + "campaigns/").content.decode()
    assert "/l/menu" in browser_of_marketer.get(GOAL + "links/archived/").content.decode()
    browser_of_marketer.post(address, {"restore": "1"})
    assert "/l/menu" in browser_of_marketer.get(GOAL + "campaigns/").content.decode()


def test_the_code_is_an_svg_to_print(browser_of_marketer: Client, link: TrackedLink) -> None:
    answer = browser_of_marketer.get(f"{GOAL}links/{link.pk}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'attachment; filename="menu.svg"'
    assert b"<svg" in answer.content


def test_an_address_that_customers_cannot_reach_is_named(
    browser_of_marketer: Client, settings: Settings
) -> None:
    settings.PUBLIC_URL = "http://localhost:8000"
    assert "Customers cannot reach http://localhost:8000" in text_of(browser_of_marketer.get(GOAL))
    settings.PUBLIC_URL = "https://dash.example.com"
    assert "cannot reach" not in text_of(browser_of_marketer.get(GOAL))


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("https://dash.example.com", True),
        ("http://8.8.8.8:8000", True),
        ("http://localhost:8000", False),
        ("http://shop.localhost", False),
        ("http://127.0.0.1", False),
        ("http://192.168.1.4:8000", False),
        ("http://[::1]:8000", False),
        ("http://till:8000", False),
        ("http://till.local", False),
        ("", False),
    ],
)
def test_private_addresses_are_not_for_customers(address: str, reachable: bool) -> None:
    assert customers_can_reach(address) is reachable


def tap(**facts: str) -> dict[str, str]:
    return {"kind": "order", "amount": "", "heard_of_us_from": "", "idempotency_key": uuid4().hex, **facts}


def test_a_tap_without_javascript_is_counted_and_shown(browser_of_marketer: Client, marketer: User) -> None:
    page = browser_of_marketer.post(
        COUNTER, tap(amount="1.234,50", heard_of_us_from="instagram"), follow=True
    )
    assert "Today: 1 order" in text_of(page)
    assert "€1,234.50, Instagram" in text_of(page)
    stored = Conversion.objects.get()
    assert (stored.amount, stored.origin, stored.created_by) == (Decimal("1234.50"), "counter", marketer)


def test_each_page_has_its_own_key_and_is_not_kept(browser_of_marketer: Client) -> None:
    pages = [browser_of_marketer.get(COUNTER) for _again in range(2)]
    keys = {re.search(r'name="idempotency_key" value="(\w{32})"', page.content.decode())[1] for page in pages}  # type: ignore[index]
    assert len(keys) == 2
    assert "no-store" in pages[0]["Cache-Control"]


def test_the_same_tap_sent_twice_counts_once(browser_of_marketer: Client) -> None:
    twice = tap(amount="5", seconds_ago="5")
    browser_of_marketer.post(COUNTER, twice)
    browser_of_marketer.post(COUNTER, twice | {"seconds_ago": "65"})
    assert Conversion.objects.count() == 1


def test_a_kept_page_with_another_entry_is_not_swallowed(browser_of_marketer: Client) -> None:
    first = tap(amount="5")
    browser_of_marketer.post(COUNTER, first)
    page = browser_of_marketer.post(COUNTER, first | {"amount": "6"})
    assert "Tap once more" in text_of(page)
    assert 'value="6"' in page.content.decode()
    assert (
        first["idempotency_key"]
        not in re.findall(r'<form class="counter".*', page.content.decode(), re.DOTALL)[0]
    )


def test_a_wrong_amount_is_explained_and_kept(browser_of_marketer: Client) -> None:
    page = browser_of_marketer.post(COUNTER, tap(amount="twelve", heard_of_us_from="reddit"))
    assert page.status_code == 422
    assert "This is no amount we can read." in text_of(page)
    assert 'value="twelve"' in page.content.decode()
    assert re.search(r'value="reddit" checked', page.content.decode())
    assert not Conversion.objects.exists()


def test_a_visit_has_no_amount(browser_of_marketer: Client) -> None:
    browser_of_marketer.post(COUNTER, tap(kind="visit", amount="12"))
    assert Conversion.objects.get().amount is None


def test_a_late_tap_keeps_its_time(browser_of_marketer: Client) -> None:
    browser_of_marketer.post(COUNTER, tap(seconds_ago="7200"))
    age = timezone.now() - Conversion.objects.get().occurred_at
    assert 7190 < age.total_seconds() < 7260


def test_the_last_entry_is_taken_back(browser_of_marketer: Client, owner: User, sign_in: SignIn) -> None:
    mine = tap()
    browser_of_marketer.post(COUNTER, mine)
    sign_in(owner).post(COUNTER + "undo/", {"idempotency_key": mine["idempotency_key"]})
    assert Conversion.objects.get().voided_at is None
    page = browser_of_marketer.post(
        COUNTER + "undo/", {"idempotency_key": mine["idempotency_key"]}, follow=True
    )
    assert "Today: nothing yet" in text_of(page)
    assert Conversion.objects.get().voided_at is not None


def test_the_counter_is_for_those_who_may_enter(
    viewer: User, stranger: User, sign_in: SignIn, client: Client
) -> None:
    assert sign_in(viewer).get(COUNTER).status_code == 403
    assert sign_in(viewer).post(COUNTER, tap()).status_code == 403
    assert sign_in(stranger).post(COUNTER, tap()).status_code == 404
    assert "/account/login/" in client.post(COUNTER, tap())["Location"]
    assert not Conversion.objects.exists()


def test_the_counter_offers_what_the_goal_counts(
    browser_of_marketer: Client, organization: Organization
) -> None:
    assert 'value="signup"' not in browser_of_marketer.get(COUNTER).content.decode()
    set_goal(organization=organization, aim=Aim(counts=Kind.SIGNUP, target=Decimal(5)))
    assert 'value="signup"' in browser_of_marketer.get(COUNTER).content.decode()
