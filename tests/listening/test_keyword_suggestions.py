"""What a brand's keywords might look for as well: with evidence, never twice what was dismissed, never by itself."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from accounts.models import Organization, User
from monitoring.analysis.queries import parse
from monitoring.listening.keywords.overlooked_words import Suggestions, phrase_of, suggest_for, widened
from monitoring.listening.models import Brand, BrandKind, Keyword, KeywordVersion, Mention, SuggestionKind
from tests.cast import SignIn
from tests.listening.platform_of_lists import NOW

pytestmark = pytest.mark.django_db


def mention(brand: Brand, terms: str, times: int, *, hashtags: str = "") -> None:
    first = Mention.objects.count()
    Mention.objects.bulk_create(
        Mention(
            organization_id=brand.organization_id, brand=brand, platform="bluesky", external_id=str(first + number),
            text=terms, published_at=NOW, collected_at=NOW, author_key=f"bluesky:{number}", language="en",
            sentiment=0, sentiment_confidence=0.5, terms=terms.split(), hashtags=hashtags.split(),
        )
        for number in range(times)
    )  # fmt: skip


def other_brand(organization: Organization, name: str, query: str) -> Brand:
    rival = Brand.objects.create(organization=organization, name=name, kind=BrandKind.COMPETITOR)
    keyword = Keyword.objects.create(organization=organization, brand=rival)
    KeywordVersion.objects.create(keyword=keyword, query=query)
    return rival


@pytest.fixture
def heard(brand: Brand, organization: Organization) -> Brand:
    """The brand `Halden Coffee`, found by `halden`. All speak of coffee and the rival, ours of a refill as well."""
    rival = other_brand(organization, "Bright Bean", '"bright bean" -closed')
    mention(brand, "halden great closed bright", 40)
    mention(brand, "halden great refill", 30, hashtags="refillmonth halden")
    mention(brand, "hladen great", 3)
    mention(rival, "great bean", 60)
    return brand


def suggested(brand: Brand) -> Suggestions:
    return suggest_for(brand=brand, brands=list(Brand.objects.filter(organization=brand.organization)))


def test_what_stands_out_is_suggested_with_its_evidence_and_what_keywords_know_is_not(heard: Brand) -> None:
    found = suggested(heard)
    assert [(each.kind, each.typed, each.mentions, each.other, each.of) for each in found.found] == [
        (SuggestionKind.HASHTAG, "#refillmonth", 30, 0, ""),
        (SuggestionKind.MISSPELLING, "hladen", 3, 0, "halden"),
        (SuggestionKind.WORD, "refill", 30, 0, ""),
    ]
    assert (found.mentions, found.has_others) == (73, True)
    assert "hadlen" in found.guesses
    assert "hladen" not in found.guesses


def test_without_other_brands_a_word_must_be_commoner_than_words_are(brand: Brand) -> None:
    mention(brand, "halden refill", 30)
    mention(brand, "halden", 170)
    mention(brand, "halden once", 5)  # one of forty posts may be chance
    found = suggested(brand)
    assert [each.typed for each in found.found] == ["refill"]
    assert not found.has_others


def test_a_suggestion_joins_the_words_of_which_any_will_do() -> None:
    assert widened(query="(halden OR #halden) coffee -job", suggestion="hladen") == (
        "(halden OR #halden OR hladen) coffee -job"
    )
    near = widened(query="halden NEAR/3 coffee", suggestion="#refillmonth")
    assert parse(near).normalized == parse("(halden NEAR/3 coffee) OR #refillmonth").normalized


def test_a_mistyped_word_of_a_phrase_stands_in_the_phrase(heard: Brand) -> None:
    misspelling = suggested(heard).found[1]
    assert phrase_of(misspelling, ['coffee "halden roast" -"halden jobs"']) == "hladen roast"
    assert phrase_of(misspelling, ["halden"]) == "hladen"


def test_the_page_leads_to_the_editor_and_what_is_dismissed_stays_away_until_brought_back(
    heard: Brand, owner: User, sign_in: SignIn
) -> None:
    client, address = sign_in(owner), f"/o/{heard.organization.slug}/keywords/suggestions/"
    page = BeautifulSoup(client.get(address, {"brand": heard.pk}).content, "html.parser")
    rows = page.select("tbody tr")
    words = [code.text for code in page.select("tbody code")]
    assert words == ["#refillmonth", "hladen", "refill"]
    editor = urlsplit(str(rows[2].select("a.btn")[0]["href"]))
    assert parse_qs(editor.query)["q"] == ["halden OR refill"]
    assert "refill" in client.get(editor.geturl()).content.decode()
    assert KeywordVersion.objects.get(keyword__brand=heard).query == "halden"  # nothing is added by itself

    dismissed = {"brand": heard.pk, "kind": "word", "word": "refill"}
    client.post(f"{address}dismiss/", dismissed)
    client.post(f"{address}dismiss/", dismissed)
    assert [each.typed for each in suggested(heard).found] == ["#refillmonth", "hladen"]
    client.post(f"{address}dismiss/", {"brand": heard.pk})
    assert len(suggested(heard).found) == 3
