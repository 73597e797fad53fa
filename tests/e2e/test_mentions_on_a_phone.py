"""The list of mentions on a phone: what somebody came for stands high up, and nothing before it needs a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browsers import let_in
from tests.cast import SignIn
from tests.filled_business import FilledBusiness

LIST = "/o/halden-coffee/mentions/"
Phone = Callable[..., Page]


@pytest.fixture
def phone(
    business: FilledBusiness, browser: Browser, live_server: LiveServer, owner: User, sign_in: SignIn
) -> Iterator[Phone]:
    client = sign_in(owner)
    contexts = []

    def open_list(*, width: int, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844},
            java_script_enabled=scripts,
        )
        contexts.append(context)
        let_in(context, client, live_server.url)
        page = context.new_page()
        page.goto(LIST)
        return page

    yield open_list
    for context in contexts:
        context.close()


def top_of(thing: Locator) -> float:
    box = thing.bounding_box()
    assert box
    return box["y"]


def test_the_first_mention_begins_in_the_upper_part_of_the_screen(phone: Phone) -> None:
    page = phone(width=390)
    expect(page.get_by_role("navigation", name="Brands")).to_be_attached()
    assert top_of(page.locator(".mention").first) <= 330

    page.set_viewport_size({"width": 320, "height": 844})
    page.goto(LIST)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert top_of(page.locator(".mention").first) <= 350


def test_without_scripts_a_filter_opens_over_the_list_and_is_applied(phone: Phone) -> None:
    page = phone(width=390, scripts=False)
    page.locator("summary.chip", has_text="Sentiment").click()
    page.locator(".filters").get_by_label("Negative").check()
    page.get_by_role("button", name="Apply").locator("visible=true").click()
    expect(page.get_by_role("list", name="Filters that are on")).to_contain_text("Negative")


def test_every_filter_is_reached_and_brought_into_sight_by_the_tab_key(phone: Phone) -> None:
    page = phone(width=390)
    page.get_by_role("button", name="Search", exact=True).focus()
    for name in ("Platform", "Sentiment", "Language", "More"):
        page.keyboard.press("Tab")
        chip = page.locator("summary.chip", has_text=name)
        expect(chip).to_be_focused()
        expect(chip).to_be_in_viewport(ratio=0.5)
    page.keyboard.press("Enter")
    expect(page.locator(".filters").get_by_label("At least")).to_be_visible()
