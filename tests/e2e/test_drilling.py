"""From a bar of the overview to the rows that it counts, and from these to a file: the same number all the way."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, User
from tests.cast import SignIn
from tests.filled_business import fill


def test_a_bar_leads_to_its_rows_and_these_to_a_file(
    transactional_db: None,
    page: Page,
    live_server: LiveServer,
    organization: Organization,
    owner: User,
    sign_in: SignIn,
) -> None:
    fill(organization)
    session = sign_in(owner).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of the keys it wants
    page.goto("/o/halden-coffee/?period=90d")
    bar = page.locator(".ranked li", has=page.get_by_role("link", name="Bluesky", exact=True))
    expect(bar).to_be_visible()  # it comes after the answer
    # What lies below the window is not laid out yet, and has no inner text.
    counted = int(re.findall(r"\d+", bar.locator(".v").text_content() or "")[-1])
    assert counted > 20  # more than a page of them

    bar.get_by_role("link").click()
    expect(page.get_by_text(f"{counted} mentions", exact=True)).to_be_visible()
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV, all rows").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), {row["Platform"] for row in rows}) == (counted, {"bluesky"})
