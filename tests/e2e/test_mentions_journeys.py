"""Journeys in a real browser: correct a sentiment and see the chart follow, change many at once and undo it, and say
that a question is answered."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from monitoring.listening.models import Mention, MentionStatus
from monitoring.listening.models.mentions import Tone
from tests.filled_business import FilledBusiness

LIST = "/o/halden-coffee/mentions/"


def charted(page: Page, tone: str) -> int:
    """What the overview's chart of mentions by sentiment says in all, from the table of its figures."""
    page.goto("/o/halden-coffee/")
    table = page.locator("table", has=page.locator("caption", has_text="Mentions by sentiment"))
    expect(table).to_have_count(1)  # that part of the page comes after the rest
    place = table.locator("thead th").all_text_contents().index(tone)
    cells = table.locator(f"tbody tr > :nth-child({place + 1})").all_text_contents()
    return sum(int(text) for text in cells if text.strip().isdecimal())


def test_a_corrected_sentiment_is_seen_in_the_chart(business: FilledBusiness, owners_page: Page) -> None:
    before = charted(owners_page, "Negative")
    owners_page.goto(LIST)
    row = owners_page.locator(".mention", has_text="Does Halden Coffee ship to Austria?").first
    row.locator("details.menu > summary").click()
    row.get_by_role("button", name="It is negative").click()
    expect(owners_page.locator("#messages")).to_contain_text("1 mention is negative.")
    expect(row).to_contain_text("Negative")

    assert charted(owners_page, "Negative") == before + 1


def test_many_are_changed_at_once_by_keys_and_brought_back(
    business: FilledBusiness, owners_page: Page
) -> None:
    owners_page.goto(LIST)
    count, bulk = owners_page.locator(".listhead b"), owners_page.locator("#bulk")
    expect(count).to_have_text("43 mentions")

    def press(key: str) -> None:
        owners_page.wait_for_load_state()  # a page listens to keys once its scripts ran
        owners_page.keyboard.press(key)

    for key in "jxjx":
        press(key)
    expect(bulk).to_contain_text("2 selected")
    press("n")
    expect(owners_page.locator("#messages")).to_contain_text("2 mentions are not about you.")
    expect(count).to_have_text("41 mentions")
    press("u")
    expect(owners_page.locator("#messages")).to_contain_text("Undone: 2 mentions are what they were.")
    expect(count).to_have_text("43 mentions")

    owners_page.wait_for_load_state()
    owners_page.get_by_label("Select all on this page").first.check()
    owners_page.get_by_label("All 43 that match").check()
    bulk.locator("summary", has_text="Sentiment").click()
    bulk.get_by_role("button", name="Negative").click()
    expect(owners_page.locator("#messages")).to_contain_text("mentions are negative.")
    assert Mention.objects.filter(brand__name="Halden Coffee", tone=Tone.NEGATIVE).count() == 43
    owners_page.locator("#messages").get_by_role("button", name="Undo").click()
    expect(owners_page.locator("#messages")).to_contain_text("Undone")
    assert Mention.objects.filter(corrected_sentiment=Tone.NEGATIVE).count() == 0

    press("?")  # the keys are listed, and can be switched off for good
    owners_page.get_by_label("Use these keys in this browser").uncheck()
    owners_page.locator("[data-close-keys]").click()
    owners_page.reload()
    press("j")
    press("e")
    expect(owners_page.locator("dialog")).to_be_hidden()
    assert not owners_page.locator("#messages .note").count()
    assert Mention.objects.filter(status=MentionStatus.ARCHIVED).count() == 2  # those of before


def test_an_answered_question_waits_no_more_until_that_is_undone(
    business: FilledBusiness, owners_page: Page
) -> None:
    owners_page.goto("/o/halden-coffee/")
    asked = owners_page.locator(".asked li")
    question = asked.filter(has_text="Does Halden Coffee ship to Austria?")
    expect(question).not_to_have_count(0)
    waiting, said = question.count(), owners_page.locator("#messages")

    owners_page.wait_for_load_state()
    question.first.get_by_role("button", name="Answered").click()
    expect(said).to_contain_text("1 mention is answered.")
    expect(question).to_have_count(waiting - 1)
    said.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("Undone: 1 mention is what it was.")
    expect(question).to_have_count(waiting)
    assert owners_page.url.endswith("/o/halden-coffee/")

    owners_page.goto(f"{LIST}?has=question&status=open")
    for key in "ja":
        owners_page.wait_for_load_state()
        owners_page.keyboard.press(key)
    expect(said).to_contain_text("1 mention is answered.")
    owners_page.goto(f"{LIST}?status=answered")
    expect(owners_page.locator(".listhead b")).to_have_text("1 mention")
