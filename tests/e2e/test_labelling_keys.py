"""Label mentions by keys, and switch the keys off where they are used."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, User
from monitoring.listening.models import SentimentLabel
from monitoring.listening.models.mentions import Tone
from tests.cast import SignIn
from tests.filled_business import fill

ACCURACY = "/o/halden-coffee/mentions/accuracy/"


@pytest.fixture
def labelling(
    transactional_db: None,
    page: Page,
    live_server: LiveServer,
    owner: User,
    organization: Organization,
    sign_in: SignIn,
) -> Page:
    fill(organization)
    session = sign_in(owner).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict of the keys it wants
    SentimentLabel.objects.all().delete()
    page.goto(f"{live_server.url}{ACCURACY}")
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
