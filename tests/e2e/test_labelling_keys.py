"""Label mentions by keys, and switch the keys off where they are used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from monitoring.listening.models import SentimentLabel
from monitoring.listening.models.mentions import Tone
from tests.filled_business import FilledBusiness

ACCURACY = "/o/halden-coffee/mentions/accuracy/"


@pytest.fixture
def labelling(business: FilledBusiness, owners_page: Page) -> Page:
    page = owners_page
    SentimentLabel.objects.all().delete()
    page.goto(ACCURACY)
    page.get_by_role("link", name="Go on").or_(page.get_by_role("button", name="Label")).first.click()
    return page


def press(page: Page, key: str) -> None:
    page.wait_for_load_state()  # a page listens to keys once its scripts ran
    page.keyboard.press(key)


def test_keys_judge_and_go_back_until_they_are_switched_off(labelling: Page) -> None:
    heading = labelling.locator("#to-judge")
    expect(heading).to_contain_text("1 of ")
    for place, key in enumerate(("3", "1", "4"), start=2):
        press(labelling, key)
        expect(heading).to_contain_text(f"{place} of ")
    assert list(SentimentLabel.objects.order_by("pk").values_list("said", flat=True)) == [
        Tone.NEGATIVE,
        Tone.POSITIVE,
        None,
    ]
    press(labelling, "0")
    expect(heading).to_contain_text("3 of ")
    assert SentimentLabel.objects.count() == 2

    switch = labelling.get_by_label("Use keys in this browser")
    switch.uncheck()
    labelling.locator("body").click(position={"x": 1, "y": 1})
    press(labelling, "1")
    labelling.reload()
    expect(labelling.get_by_label("Use keys in this browser")).not_to_be_checked()
    press(labelling, "2")
    labelling.goto("/o/halden-coffee/mentions/")
    press(labelling, "?")
    expect(labelling.locator("#keys")).to_be_hidden()
    assert SentimentLabel.objects.count() == 2
