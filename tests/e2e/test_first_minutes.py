"""From a fresh instance to engagement against a goal, as the first owner meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from celery import Celery
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, Weekday
from accounts.setup import renew_setup_link
from monitoring.audience.models import AudienceSnapshot
from monitoring.audience.tasks import dispatch_due_profiles
from monitoring.listening.models import Mention
from monitoring.listening.tasks import dispatch_due_searches
from monitoring.platforms.registry import CONNECTORS
from tests.e2e.made_up_bluesky import made_up_bluesky

UNREACHABLE = "http://127.0.0.1:9"


@pytest.fixture
def only_bluesky(settings: Settings) -> Iterator[None]:
    """Bluesky answers, and no other platform can be reached."""
    with made_up_bluesky() as server:
        settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, UNREACHABLE) | {"bluesky": server.url}
        yield


def sign_up(page: Page) -> None:
    page.goto(renew_setup_link().removeprefix(django_settings.PUBLIC_URL))
    page.get_by_label("Your name").fill("Mara Lindqvist")
    page.get_by_label("E-mail").fill("mara@example.com")
    page.locator("input[type=password]").fill("a kettle sings at dawn")
    page.locator("form button[type=submit]").last.click()


def test_a_business_sees_what_people_say_within_the_first_minutes(
    page: Page, only_bluesky: None, worker: object
) -> None:
    sign_up(page)
    page.get_by_label("Name of your business").fill("Halden Coffee")
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_role("heading", name="Where can people follow you?")).to_be_visible()
    page.get_by_label("Links to your profiles").fill("https://bsky.app/profile/halden.bsky.social")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Not now").click()  # competitors can wait

    expect(page.get_by_text("4 posts fit right now")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Halden Coffee is closed again.")).to_be_visible()
    expect(page.get_by_text("not reached").first).to_be_visible()
    page.get_by_role("button", name="Listen for these").click()

    page.get_by_label("Target").fill("40")
    page.get_by_role("button", name="Go on").click()
    dispatch_due_searches.delay()
    dispatch_due_profiles.delay()
    expect(page).to_have_url(re.compile("/o/halden-coffee/"))
    for _attempt in range(240):
        page.wait_for_timeout(250)
        if Mention.objects.count() == 4 and AudienceSnapshot.objects.exists():
            break
    page.reload()

    expect(page.get_by_text("4 people on 1 platform spoke about Halden Coffee in 30 days.")).to_be_visible()
    expect(page.get_by_text("40 orders every month")).to_be_visible()
    page.get_by_role("link", name="Audience").first.click()
    expect(page.get_by_text("1,234").first).to_be_visible()


def test_money_and_week_are_proposed_as_where_the_clock_hangs(
    browser: Browser, live_server: LiveServer, transactional_db: None
) -> None:
    with browser.new_context(
        base_url=live_server.url, locale="en-US", timezone_id="America/New_York"
    ) as abroad:
        page = abroad.new_page()
        sign_up(page)
        expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
        expect(page.get_by_label("Currency")).to_have_value("USD")
        page.get_by_label("Currency").select_option("CAD")
        page.get_by_label("Website").fill("no address")
        page.get_by_label("Name of your business").fill("Halden Coffee")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Enter a valid URL.")).to_be_visible()
        expect(page.get_by_label("Currency")).to_have_value("CAD")  # what was chosen is kept
        page.get_by_label("Website").fill("")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", name="Where can people follow you?")).to_be_visible()
    organization = Organization.objects.get()
    assert (organization.currency, organization.week_start) == ("CAD", Weekday.SUNDAY)


def test_without_network_everything_works_and_says_who_was_not_reached(
    page: Page, settings: Settings, eager_tasks: Celery
) -> None:
    settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, UNREACHABLE)
    sign_up(page)
    page.get_by_label("Name of your business").fill("Halden Coffee")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_text("not reached").first).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Listen for these").click()
    page.get_by_role("button", name="Not now").click()

    expect(page.get_by_text("Nobody was heard speaking about Halden Coffee")).to_be_visible()
    expect(page.get_by_text("Could not be read yet: Bluesky, ")).to_be_visible()
    expect(page.get_by_text("Next try in ")).to_be_visible()
    page.get_by_role("link", name="Mentions").first.click()
    expect(page.get_by_text("Could not be read yet: Bluesky, ")).to_be_visible()
    page.get_by_role("link", name="Sources").first.click()
    expect(page.get_by_text("failing").first).to_be_visible()
