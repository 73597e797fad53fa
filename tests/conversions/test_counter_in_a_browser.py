"""The counter on a phone, in a real browser: with the network gone, with answers lost, and without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from monitoring.conversions.models import Conversion
from tests.browsers import let_in
from tests.cast import SignIn

COUNTER = "/o/halden-coffee/counter/"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def till(page: Page, live_server: LiveServer, marketer: User, sign_in: SignIn) -> Page:
    let_in(page.context, sign_in(marketer), live_server.url)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict is what it takes
    page.goto(COUNTER, wait_until="networkidle")
    return page


def tap(page: Page, kind: str, amount: str = "", channel: str = "") -> None:
    if amount:
        page.get_by_label("Amount in EUR").fill(amount)
    if channel:
        page.get_by_label(channel, exact=True).check(force=True)
    page.get_by_role("button", name=kind, exact=True).click()


def test_taps_are_counted_without_a_reload(till: Page) -> None:
    tap(till, "Order", "12,50", "Instagram")
    expect(till.locator("#counter-state")).to_contain_text("1 order")
    tap(till, "Store visit")
    expect(till.locator("#counter-state")).to_contain_text("1 order, 1 store visit")
    till.get_by_role("button", name="Undo").click()
    expect(till.locator("#counter-state")).not_to_contain_text("1 store visit")
    stored = Conversion.objects.get(voided_at=None)
    assert (str(stored.amount), stored.heard_of_us_from) == ("12.5000", "instagram")


def test_taps_without_network_wait_on_the_phone_and_are_sent_once(till: Page) -> None:
    till.context.set_offline(True)
    for amount in ("5", "6", "7"):
        tap(till, "Order", amount)
    expect(till.get_by_text("Waiting on this phone: 3.")).to_be_visible()
    till.locator("[data-queue-undo]").click()
    expect(till.get_by_text("Waiting on this phone: 2.")).to_be_visible()
    assert not Conversion.objects.exists()
    till.context.set_offline(False)
    expect(till.locator("#counter-state")).to_contain_text("2 orders")
    expect(till.locator("[data-queue]")).to_be_hidden()
    assert set(Conversion.objects.values_list("amount", flat=True)) == {5, 6}


def test_what_waits_survives_closing_the_page(till: Page) -> None:
    till.context.set_offline(True)
    tap(till, "Order", "5")
    till.close(run_before_unload=False)
    context = till.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(COUNTER)
    expect(again.locator("#counter-state")).to_contain_text("1 order")
    assert Conversion.objects.count() == 1


def test_an_amount_that_cannot_be_read_is_told_and_leaves_the_queue(
    browser: Browser, live_server: LiveServer, marketer: User, sign_in: SignIn
) -> None:
    # The browser itself writes an answer of 422 to the console, so this visitor may have messages there.
    with browser.new_context(base_url=live_server.url) as context:
        let_in(context, sign_in(marketer), live_server.url)
        page = context.new_page()
        page.goto(COUNTER)
        tap(page, "Order", "twelve")
        expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("no amount we can read")
        expect(page.locator("[data-queue]")).to_be_hidden()
        tap(page, "Order", "12")
        expect(page.locator("#counter-state")).to_contain_text("1 order")


def test_an_answer_that_got_lost_does_not_count_twice(
    browser: Browser, live_server: LiveServer, marketer: User, sign_in: SignIn
) -> None:
    lost: list[str] = []

    def lose_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    with browser.new_context(base_url=live_server.url) as context:
        let_in(context, sign_in(marketer), live_server.url)
        page = context.new_page()
        page.goto(COUNTER)
        page.route(f"**{COUNTER}", lose_first_answer)
        tap(page, "Order", "5")
        expect(page.get_by_text("Waiting on this phone: 1.")).to_be_visible()
        assert (len(lost), Conversion.objects.count()) == (1, 1)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("[data-queue]")).to_be_hidden()
        expect(page.locator("#counter-state")).to_contain_text("1 order")
        assert Conversion.objects.count() == 1


def test_it_works_without_javascript(
    browser: Browser, live_server: LiveServer, marketer: User, sign_in: SignIn
) -> None:
    with browser.new_context(base_url=live_server.url, java_script_enabled=False) as context:
        let_in(context, sign_in(marketer), live_server.url)
        page = context.new_page()
        page.goto(COUNTER)
        tap(page, "Order", "5", "Facebook")
        expect(page.locator("#counter-state")).to_contain_text("1 order")
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#counter-state")).to_contain_text("nothing yet")
    assert Conversion.objects.get().voided_at is not None


def test_a_finger_that_bounces_sells_once_and_a_family_at_the_door_counts_each(till: Page) -> None:
    till.get_by_label("Amount").fill("4.20")
    till.get_by_role("button", name="Order", exact=True).dblclick()
    expect(till.get_by_text("Today: 1 order")).to_be_visible()
    till.get_by_role("button", name="Store visit", exact=True).dblclick()
    expect(till.get_by_text("2 store visits")).to_be_visible()

    assert Conversion.objects.filter(kind="order").count() == 1
