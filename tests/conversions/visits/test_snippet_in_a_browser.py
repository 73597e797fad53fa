"""The snippet in a real browser, on a page of another origin whose security policy is as strict as can be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import redis
from axe_playwright_python.base import AXE_SCRIPT
from celery import Celery
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, User
from monitoring.conversions.models import Channel, Conversion, Site, TrackedLink, Visit
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.site import save_site
from monitoring.conversions.tasks import store_what_waits
from monitoring.conversions.visits.refusals import find_refusal
from monitoring.conversions.visits.waiting import EVENTS
from tests.browsers import let_in
from tests.cast import SignIn
from tests.conversions.conftest import PHONE
from tests.conversions.visits.shop_site import HOST, ShopSite, shop_site
from tests.waiting import wait_until

BUY = '<button data-smedash-goal="order" data-smedash-amount="12.50" data-smedash-key="1043">Buy</button>'
KEPT = "JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie"
NOTHING_KEPT = "{}{}"
OF_THE_SHOP = ("landmark-one-main", "region", "meta-viewport")  # what our made-up shop's page does not have


@pytest.fixture
def shop(live_server: LiveServer) -> Iterator[ShopSite]:
    with shop_site(live_server.url) as running:
        yield running


@pytest.fixture
def site(transactional_db: None, organization: Organization) -> Site:
    return save_site(organization=organization, hosts=[HOST], asks_how_heard=False)


@pytest.fixture
def story(site: Site, organization: Organization, shop: ShopSite) -> TrackedLink:
    return create_link(
        organization=organization,
        target=f"{shop.address}/menu",
        label="Story",
        channel=Channel.INSTAGRAM,
        slug="story",
    )


NewCustomer = Callable[..., Page]
Arrive = Callable[[int], None]


@pytest.fixture
def new_customer(browser: Browser) -> Iterator[NewCustomer]:
    """Somebody with a phone. Whatever their browser's console says fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "favicon" not in message.location.get("url", ""):
            complaints.append(message.text)

    def come(init: str = "") -> Page:
        context = browser.new_context(
            user_agent=PHONE, locale="en-US", viewport={"width": 390, "height": 844}
        )
        contexts.append(context)
        if init:
            context.add_init_script(init)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield come
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def arrive(redis_server: redis.Redis) -> Arrive:
    """Wait until so many events wait in the list, and write them."""

    def arrived(number: int) -> None:
        wait_until(lambda: int(redis_server.llen(EVENTS.waiting)) >= number)
        assert redis_server.llen(EVENTS.waiting) == number
        store_what_waits()

    return arrived


@pytest.fixture
def beat(worker: object, celery_application: Celery) -> Iterator[None]:
    """A real worker, and its task sent as often as beat sends it."""
    entry = celery_application.conf.beat_schedule["store-what-waits"]
    stopped = threading.Event()

    def send() -> None:
        while not stopped.wait(entry["schedule"]):
            celery_application.send_task(entry["task"], **entry["options"])

    thread = threading.Thread(target=send)
    thread.start()
    yield
    stopped.set()
    thread.join()


def test_from_a_tracked_link_to_the_goals_page_in_five_seconds(
    new_customer: NewCustomer,
    shop: ShopSite,
    site: Site,
    story: TrackedLink,
    live_server: LiveServer,
    organization: Organization,
    owner: User,
    sign_in: SignIn,
    browser_context: BrowserContext,
    beat: None,
) -> None:
    add_goal(
        organization=organization,
        # No number of days left makes the order's amount of it: the page says what a day needs, too.
        aim=Aim(counts="order", measure="amount", currency="EUR", target=Decimal(97)),
    )
    shop.snippet(site.key)
    shop.body = BUY
    screen = browser_context.new_page()
    let_in(browser_context, sign_in(owner), live_server.url)
    customer = new_customer()
    customer.goto(f"{live_server.url}/l/story")
    expect(customer).to_have_url(
        f"{shop.address}/menu?utm_source=instagram&utm_medium=social&utm_campaign=story"
    )
    customer.get_by_role("button", name="Buy").click()
    ordered = time.monotonic()

    def is_shown() -> bool:
        screen.goto(f"{live_server.url}/o/{organization.slug}/goal/")
        return "€12.50" in screen.locator("main").inner_text()

    wait_until(is_shown, seconds=5)
    assert time.monotonic() - ordered < 5
    visit = Visit.objects.get()
    assert (visit.link, visit.channel, visit.landing) == (story, Channel.INSTAGRAM, "/menu")
    told = Conversion.objects.get()
    assert told.amount == Decimal("12.50")
    assert customer.evaluate(KEPT) == NOTHING_KEPT


def test_without_consent_nothing_is_kept_and_the_day_ties_the_visit_to_the_order(
    new_customer: NewCustomer,
    shop: ShopSite,
    site: Site,
    story: TrackedLink,
    live_server: LiveServer,
    arrive: Arrive,
) -> None:
    shop.snippet(site.key)
    shop.body = BUY
    customer = new_customer()
    customer.goto(f"{live_server.url}/l/story")
    customer.goto(f"{shop.address}/checkout")
    customer.get_by_role("button", name="Buy").click()
    arrive(2)
    assert customer.evaluate(KEPT) == NOTHING_KEPT
    evidence = Conversion.objects.get().evidence
    assert evidence["visitor"] == Visit.objects.get().visitor
    assert "click_ids" not in evidence


def test_with_consent_the_touches_of_two_days_are_known_until_it_is_withdrawn(
    new_customer: NewCustomer,
    shop: ShopSite,
    site: Site,
    story: TrackedLink,
    live_server: LiveServer,
    arrive: Arrive,
) -> None:
    shop.snippet(site.key, data_consent="yes")
    shop.body = BUY
    customer = new_customer()
    begin = timezone.now()
    for days in (0, 1):
        customer.clock.set_fixed_time(begin + timedelta(days=days))
        customer.goto(f"{live_server.url}/l/story")
        customer.goto("about:blank")
    customer.goto(f"{shop.address}/checkout")
    customer.get_by_role("button", name="Buy").click()
    arrive(3)
    visits = Visit.objects.order_by("occurred_at")
    touches = [visit.click_id.hex for visit in visits if visit.click_id]
    assert len(set(touches)) == 2
    assert Conversion.objects.get().evidence["click_ids"] == touches

    customer.clock.set_fixed_time(begin + timedelta(days=30, hours=12))
    customer.goto(f"{shop.address}/")
    assert touches[0] not in customer.evaluate("localStorage.smedash")
    assert touches[1] in customer.evaluate("localStorage.smedash")
    customer.evaluate("smedash.consent(false)")
    assert customer.evaluate(KEPT) == NOTHING_KEPT


def test_consent_given_later_keeps_the_click_that_led_here(
    new_customer: NewCustomer, shop: ShopSite, site: Site, story: TrackedLink, live_server: LiveServer
) -> None:
    shop.snippet(site.key)
    customer = new_customer()
    customer.goto(f"{live_server.url}/l/story")
    assert customer.evaluate(KEPT) == NOTHING_KEPT
    customer.evaluate("smedash.consent(true)")
    assert customer.evaluate("JSON.parse(localStorage.smedash).length") == 1
    shop.snippet(site.key, data_consent="no")
    customer.goto(shop.address)
    assert customer.evaluate(KEPT) == NOTHING_KEPT


@pytest.mark.parametrize(
    "wish",
    [
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})",
        "Object.defineProperty(Navigator.prototype, 'doNotTrack', {get: () => '1'})",
    ],
)
def test_who_does_not_want_to_be_tracked_is_left_alone(
    new_customer: NewCustomer,
    shop: ShopSite,
    site: Site,
    story: TrackedLink,
    live_server: LiveServer,
    redis_server: redis.Redis,
    wish: str,
) -> None:
    shop.snippet(site.key, data_consent="yes", data_smedash_goal="order")
    shop.body = BUY
    customer = new_customer(wish)
    asked: list[str] = []
    customer.on("request", lambda request: asked.append(request.url))
    customer.goto(f"{live_server.url}/l/story")
    customer.get_by_role("button", name="Buy").click()
    customer.evaluate("smedash.convert('order'); smedash.consent(true)")
    customer.wait_for_timeout(200)
    assert customer.evaluate(KEPT) == NOTHING_KEPT
    assert not [address for address in asked if "/api/" in address]
    assert redis_server.llen(EVENTS.waiting) == 0


def test_goals_are_told_by_attributes_calls_and_what_was_called_too_early(
    new_customer: NewCustomer, shop: ShopSite, site: Site, arrive: Arrive
) -> None:
    shop.snippet(site.key, data_smedash_goal="booking", data_smedash_key="B-7")
    shop.head = '<script src="/early.js"></script>' + shop.head
    shop.scripts["/early.js"] = (
        "(window.smedash = window.smedash || []).push(['convert', 'early', {key: 'E'}]);"
    )
    shop.body = """
        <form data-smedash-goal="signup" action="/thanks"><input name="mail" aria-label="Mail" required>
        <button>Join</button></form>
        <a href="#call" data-smedash-goal="call"><b>Call us</b></a>"""
    customer = new_customer()
    customer.goto(shop.address)
    customer.evaluate("smedash.convert('order', {amount: 0.1 + 0.2, currency: 'USD', key: 1044})")
    customer.get_by_text("Call us").dblclick()
    customer.get_by_role("button", name="Join").click()  # refused by the browser: nothing is filled in
    customer.get_by_label("Mail").fill("lena")
    customer.get_by_role("button", name="Join").click()
    customer.wait_for_url("**/thanks?*")
    arrive(7)  # what both pages told has one key
    told = Conversion.objects.order_by("kind").values_list("kind", "amount", "currency")
    assert list(told) == [
        ("booking", None, ""),
        ("call", None, ""),
        ("early", None, ""),
        ("order", Decimal("0.3"), "USD"),
        ("signup", None, ""),
    ]


def test_a_reload_is_no_second_visit_and_a_copied_address_does_not_carry_the_click(
    new_customer: NewCustomer, shop: ShopSite, site: Site, arrive: Arrive
) -> None:
    shop.snippet(site.key)
    customer = new_customer()
    customer.goto(f"{shop.address}/a%20b?x=%20&sme_click={'a' * 32}&utm_source=ig#part")
    expect(customer).to_have_url(f"{shop.address}/a%20b?x=%20&utm_source=ig#part")
    customer.reload()
    customer.goto(f"{shop.address}/direct")
    customer.go_back()
    arrive(1)
    visit = Visit.objects.get()
    assert (visit.channel, visit.landing, visit.click_id) == (Channel.INSTAGRAM, "/a%20b", None)


def test_the_question_is_asked_once_and_answered_by_keyboard(
    new_customer: NewCustomer, shop: ShopSite, site: Site, organization: Organization, arrive: Arrive
) -> None:
    save_site(organization=organization, hosts=[HOST], asks_how_heard=True)
    shop.snippet(site.key)
    shop.body = BUY
    customer = new_customer()
    customer.goto(shop.address)
    customer.get_by_role("button", name="Buy").click()
    box = customer.get_by_role("dialog", name="How did you hear of us?")
    expect(box).to_be_visible()
    customer.get_by_role("button", name="Somewhere else").focus()
    customer.keyboard.press("Enter")
    expect(customer.get_by_role("button", name="WhatsApp")).to_be_visible()
    assert faults_of(customer) == []
    customer.get_by_role("button", name="WhatsApp").focus()
    customer.keyboard.press("Enter")
    expect(customer.get_by_role("status")).to_have_text("Thank you.")
    arrive(2)
    told = Conversion.objects.get()
    assert (told.heard_of_us_from, told.channel) == (Channel.WHATSAPP, Channel.WHATSAPP)


def test_nobody_has_to_answer(
    new_customer: NewCustomer, shop: ShopSite, site: Site, organization: Organization, arrive: Arrive
) -> None:
    save_site(organization=organization, hosts=[HOST], asks_how_heard=True)
    shop.snippet(site.key)
    shop.body = BUY
    customer = new_customer()
    customer.goto(shop.address)
    customer.get_by_role("button", name="Buy").click()
    customer.get_by_role("button", name="Do not answer").press("Escape")
    expect(customer.get_by_role("dialog")).to_have_count(0)
    arrive(1)
    assert Conversion.objects.get().heard_of_us_from == ""


def test_a_page_that_is_not_the_sites_own_tells_nothing(
    browser: Browser, shop: ShopSite, site: Site, organization: Organization, redis_server: redis.Redis
) -> None:
    save_site(organization=organization, hosts=["other.example"], asks_how_heard=False)
    shop.snippet(site.key)
    context = browser.new_context(user_agent=PHONE)
    page = context.new_page()
    page.goto(f"{shop.address}/?utm_source=ig")
    wait_until(lambda: find_refusal(site.pk))
    assert redis_server.llen(EVENTS.waiting) == 0
    context.close()


def faults_of(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations.map(one => one.id)"
    )
    return [fault for fault in found if fault not in OF_THE_SHOP]
