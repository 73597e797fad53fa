"""The first minutes in a real browser, against Bluesky's reference network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from monitoring.audience.tasks import dispatch_due_profiles
from monitoring.listening.models import Mention
from monitoring.listening.tasks import dispatch_due_searches
from monitoring.platforms.registry import CONNECTORS
from tests.e2e.test_first_minutes import UNREACHABLE, sign_up
from tests.real.bluesky_network import Network

pytestmark = pytest.mark.real


def test_mentions_and_followers_come_from_a_real_bluesky(
    page: Page, worker: object, bluesky: Network, settings: Settings
) -> None:
    settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, UNREACHABLE) | {"bluesky": bluesky.appview}
    sign_up(page)
    page.get_by_label("Name of your business").fill("Acme")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Links to your profiles").fill("https://bsky.app/profile/alice.test")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_text("posts fit right now")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Listen for these").click()
    page.get_by_label("Target").fill("10")
    page.get_by_role("button", name="Go on").click()

    dispatch_due_searches.delay()
    dispatch_due_profiles.delay()
    for _attempt in range(120):
        page.wait_for_timeout(250)
        if Mention.objects.filter(platform="bluesky").count() >= 10:
            break
    page.reload()

    expect(page.get_by_text("spoke about Acme in 30 days.")).to_be_visible()
    page.get_by_role("link", name="Audience").first.click()
    # Each of the four other accounts of the network follows Alice.
    expect(page.get_by_role("row", name="alice.test").get_by_text("4", exact=True).first).to_be_visible()
