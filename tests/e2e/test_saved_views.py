"""A view is kept, shared, and read by a feed reader: what the tab shows is what the reader gets."""

from __future__ import annotations

import feedparser
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization
from monitoring.listening.models import BrandKind
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import create_brand
from tests.alerts.heard import hear


def test_a_view_is_saved_and_its_feed_read(
    transactional_db: None,
    owners_page: Page,
    live_server: LiveServer,
    organization: Organization,
    settings: Settings,
) -> None:
    settings.PUBLIC_URL = live_server.url
    Organization.objects.update(setup_step="done")
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    hear(brand, "The coffee was cold")
    hear(brand, "Lovely place", sentiment=Tone.POSITIVE)
    page = owners_page
    page.goto("/o/halden-coffee/mentions/?tone=negative")
    views = page.get_by_role("navigation", name="Views")
    expect(views.get_by_role("link", name="All 2")).to_be_visible()  # the counts come after the page
    views.get_by_role("link", name="Save this view").click()
    page.get_by_label("Name").fill("Complaints")
    page.get_by_label("Share it with the team").check()
    page.get_by_role("button", name="Save the view").click()
    expect(views.get_by_role("link", name="Complaints 1")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("Lovely place")).to_have_count(0)

    views.get_by_role("link", name="Mails, feeds, sharing").click()
    page.get_by_label("Who reads it?").fill("Lea")
    page.get_by_role("button", name="Make a feed").click()
    read = feedparser.parse(page.get_by_label("Address", exact=True).input_value())
    assert (read.status, bool(read.bozo)) == (200, False)
    assert [entry.title for entry in read.entries] == ["Lena on Bluesky: The coffee was cold"]
    again = feedparser.parse(read.href, etag=read.etag, modified=read.modified)
    assert (again.status, again.entries) == (304, [])

    page.get_by_role("button", name="Revoke the feed Lea").click()
    expect(page.get_by_text("The feed “Lea” no longer works.")).to_be_visible()
    assert feedparser.parse(read.href).status == 410
