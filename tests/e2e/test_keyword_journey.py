"""Somebody sets up a keyword: types it, looks what it would find, saves it, and later applies an edit to the past."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from celery import Celery
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import Organization
from monitoring.listening.models import Brand, Mention
from monitoring.listening.tasks import dispatch_due_searches
from monitoring.platforms.registry import CONNECTORS
from tests.e2e.made_up_bluesky import made_up_bluesky

UNREACHABLE = "http://127.0.0.1:9"


@pytest.fixture
def bluesky(settings: Settings) -> Iterator[None]:
    """Bluesky answers, and no other platform can be reached."""
    with made_up_bluesky() as server:
        settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, UNREACHABLE) | {"bluesky": server.url}
        yield


def counted() -> int:
    return Mention.objects.filter(is_counted=True).count()


def test_a_keyword_is_rehearsed_saved_and_later_applied_to_what_is_stored(
    owners_page: Page, organization: Organization, brand: Brand, bluesky: None, eager_tasks: Celery
) -> None:
    page = owners_page
    page.goto(f"/o/{organization.slug}/keywords/new/")
    query = page.get_by_label("The query as text")
    query.press_sequentially('"halden coffee" lang:e')
    expect(page.get_by_role("option", name="lang:en English")).to_be_visible()
    while page.locator("[role=option][aria-selected=true]:has-text('lang:en')").count() == 0:
        query.press("ArrowDown")
    query.press("Enter")
    expect(query).to_have_value('"halden coffee" lang:en ')
    expect(page.locator(".ink .q-field")).to_have_text("lang:")

    page.get_by_label("Bluesky").check()
    page.get_by_role("button", name="Show live examples").click()
    expect(page.get_by_text("3 posts fit right now")).to_be_visible()
    expect(page.locator("#rehearsal mark").first).to_have_text("Halden Coffee")
    expect(page.get_by_text("a week", exact=False).first).to_be_visible()
    page.get_by_role("group", name="Is the post by Ada about you?").get_by_label("No").check()
    expect(page.locator("#noise")).to_contain_text("0 of 1 are about you")
    page.get_by_role("button", name="Save").click()
    kept = page.get_by_role("link", name='"halden coffee" lang:en')
    expect(kept).to_be_visible()

    dispatch_due_searches.delay()
    assert counted() == 3
    kept.click()
    expect(query).to_have_value('"halden coffee" lang:en')
    query.fill('"halden coffee" -closed')
    page.get_by_label("Also to what is stored").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="This would come and go")).to_be_visible()
    expect(page.get_by_text("Halden Coffee is closed again.")).to_be_visible()
    assert counted() == 3
    page.get_by_role("button", name="Apply to what is stored").click()
    expect(page.get_by_role("heading", name="Applied to what is stored")).to_be_visible()
    assert counted() == 2

    page.get_by_role("link", name="Change it back").click()
    expect(query).to_have_value('"halden coffee" lang:en')
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Apply to what is stored").click()
    expect(page.get_by_text("1 mention that was set aside before")).to_be_visible()
    assert counted() == 3
