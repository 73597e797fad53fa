"""From a bar of the overview to the rows that it counts, and from these to a file: the same number all the way."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.filled_business import FilledBusiness


def test_a_bar_leads_to_its_rows_and_these_to_a_file(business: FilledBusiness, owners_page: Page) -> None:
    page = owners_page
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
