"""What pages do while somebody uses them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from monitoring.listening.models import Brand
from tests.e2e.looking import DESK, PHONE
from tests.filled_business import FilledBusiness


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def test_on_a_phone_and_only_there_the_answer_and_one_chart_come_first(
    owners_page: Page, business: FilledBusiness
) -> None:
    resize(owners_page, PHONE)
    owners_page.goto("/o/halden-coffee/")
    rest = owners_page.get_by_role("heading", name="Latest mentions")

    expect(owners_page.get_by_role("heading", name="What to do next")).to_be_visible()
    expect(rest).to_be_hidden()
    owners_page.locator("details.more > summary").click()
    expect(rest).to_be_visible()

    # On a desk nothing is folded.
    resize(owners_page, DESK)
    owners_page.goto("/o/halden-coffee/")
    expect(rest).to_be_visible()
    expect(owners_page.locator("details.more > summary")).to_be_hidden()


def test_the_theme_stays_chosen(owners_page: Page, brand: Brand) -> None:
    owners_page.goto("/o/halden-coffee/keywords/")
    owners_page.get_by_role("button", name="Switch to dark theme").click()
    owners_page.reload()

    expect(owners_page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(owners_page.get_by_role("button", name="Switch to light theme")).to_be_visible()


def test_a_page_that_renews_itself_leaves_what_is_in_use(owners_page: Page, business: FilledBusiness) -> None:
    owners_page.clock.install()  # it renews itself every five seconds
    owners_page.goto("/o/halden-coffee/sources/")
    part = owners_page.locator("#sources")
    # What the server renders has no such mark: it is gone with the first renewal.
    part.evaluate(
        "part => { part.dataset.mark = 'first'; getSelection().selectAllChildren(part.querySelector('h2')); }"
    )
    with owners_page.expect_response("**/sources/"):
        owners_page.clock.fast_forward(5_000)
    owners_page.wait_for_timeout(300)
    expect(part).to_have_attribute("data-mark", "first")

    part.evaluate("() => getSelection().removeAllRanges()")
    owners_page.clock.fast_forward(5_000)
    expect(part).not_to_have_attribute("data-mark", "first")


def test_a_keyword_is_checked_while_somebody_types(
    owners_page: Page, brand: Brand, expected_answers: set[tuple[str, int]]
) -> None:
    owners_page.goto("/o/halden-coffee/keywords/new/")
    owners_page.get_by_label("The query as text").fill('"halden coffee" -job')
    expect(owners_page.locator("#check")).to_contain_text("halden coffee")

    owners_page.get_by_label("The query as text").fill('"halden coffee')
    expect(owners_page.locator("#check [role=alert]")).to_be_visible()
    expect(owners_page.locator("fieldset.words")).to_have_js_property("disabled", True)
    expected_answers.add(("/o/halden-coffee/keywords/rehearsals/", 422))
    owners_page.get_by_role("button", name="Show live examples").click()
    expect(owners_page.locator("#rehearsal [role=alert]")).to_be_visible()
    expect(owners_page.locator("#connection")).to_be_hidden()


def test_the_words_and_the_text_of_a_query_follow_each_other(owners_page: Page, brand: Brand) -> None:
    owners_page.goto("/o/halden-coffee/keywords/new/")
    text, words = owners_page.get_by_label("The query as text"), owners_page.locator(".token")
    owners_page.get_by_label("Any of these").fill("Halden Coffee")
    owners_page.keyboard.press("Enter")
    owners_page.keyboard.type("#halden,")
    owners_page.get_by_label("But none of these").fill("norway")
    owners_page.keyboard.press("Enter")
    expect(text).to_have_value('("Halden Coffee" OR #halden) -norway')

    owners_page.keyboard.press("Backspace")
    expect(text).to_have_value('"Halden Coffee" OR #halden')
    expect(owners_page.locator("#check")).to_contain_text("“halden coffee” or the hashtag #halden")

    text.fill("halden (coffee OR kaffee) lang:en")
    expect(words).to_have_text(["halden", "coffee", "kaffee", "lang:en"])
    text.fill("halden coffee NEAR/3 roast")
    expect(words).to_have_count(0)
    expect(owners_page.locator("#words")).to_contain_text("It stays as text")

    text.fill("halden")
    expect(words).to_have_text(["halden"])
    owners_page.get_by_label("And at least one of these").fill("roastery")  # not yet added when saved
    owners_page.get_by_role("button", name="Save").click()
    expect(owners_page.get_by_role("link", name="halden roastery")).to_be_visible()


def test_a_part_of_the_overview_opens_at_its_top_on_a_phone(
    owners_page: Page, business: FilledBusiness
) -> None:
    """Its own tab stands in sight in a row at the foot of the page, which must not be scrolled to."""
    owners_page.set_viewport_size({"width": 390, "height": 844})
    owners_page.goto(f"/o/{business.organization.slug}/more/market/")
    owners_page.wait_for_timeout(500)
    assert owners_page.evaluate("scrollY") == 0
    last = owners_page.locator(".views").last
    assert last.evaluate("bar => bar.querySelector('[aria-current]').getBoundingClientRect().right") <= 390
