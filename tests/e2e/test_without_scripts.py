"""With JavaScript off, everything essential can be done: each act is a link or a form."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from monitoring.listening.models import Keyword, Mention, SavedView
from tests.cast import PASSWORD
from tests.filled_business import FilledBusiness


def test_a_morning_without_scripts(
    business: FilledBusiness, browser: Browser, live_server: LiveServer, owner: User
) -> None:
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto("/o/halden-coffee/")
    page.locator("[name=login]").fill(owner.email)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible()

    page.get_by_role("link", name="Mentions").first.click()
    page.get_by_label("Search mentions").fill("terrible")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_label("Search mentions")).to_have_value("terrible")
    expect(page.get_by_role("link", name="Clear filters")).to_be_visible()
    page.wait_for_load_state()  # with all its rows
    rows = page.get_by_role("article")
    found = rows.count()
    assert 0 < found < Mention.objects.count()

    page.locator(".mention .menu > summary").first.click()
    page.locator(".mention button[value='judge:positive']").first.click()
    expect(page.locator("#messages")).to_contain_text("1 mention is positive.")
    expect(rows).to_have_count(found)  # back on the same list
    assert Mention.objects.filter(corrected_sentiment=1, text__contains="Terrible").count() == 1

    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Angry people")
    page.get_by_role("button", name="Save the view").click()
    expect(page.get_by_role("link", name="Angry people")).to_have_attribute("aria-current", "true")
    assert SavedView.objects.filter(name="Angry people").count() == 1

    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON, for programs").click()
    assert len(json.loads(Path(download.value.path()).read_text())) == found

    page.goto("/o/halden-coffee/keywords/new/")
    page.locator("textarea[name=query]").fill('"cold brew" -job')
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name='"cold brew" -job')).to_be_visible()
    assert Keyword.objects.filter(versions__query='"cold brew" -job').exists()
    page.context.close()
