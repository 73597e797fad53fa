"""What may stand where somebody types: operators, fields with their values, own profiles, words of the mentions."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization, User
from monitoring.listening.keywords.completing import Completions, complete
from monitoring.listening.models import Brand, Mention, TrackedProfile
from tests.cast import SignIn
from tests.listening.platform_of_lists import NOW


def texts(found: Completions) -> list[str]:
    return [option.text for option in found.options]


def typed(text: str, brand: Brand | None = None) -> list[str]:
    return texts(complete(text, len(text), brand=brand))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("coffee O", ["OR"]),
        ("coffee -la", ["lang:"]),
        ("(plat", ["platform:"]),
        ("coffee lang:de,e", ["lang:de,el", "lang:de,en", "lang:de,es"]),
        ("platform:blue", ["platform:bluesky"]),
        (
            "min_followers:1",
            ["min_followers:100", "min_followers:1k", "min_followers:10k", "min_followers:100k"],
        ),
        ('"la', []),  # within quotation marks all is text
        ("coffee ", []),
        ("coffee OR", []),
    ],
)
def test_what_begins_so_is_offered(text: str, expected: list[str]) -> None:
    assert typed(text)[: len(expected) or None] == expected


@given(st.text(max_size=40), st.integers(-5, 50))
def test_a_completion_takes_the_place_of_what_stands_before_the_cursor(text: str, at: int) -> None:
    found = complete(text, at, brand=None)
    if found.options:
        assert 0 <= found.start < found.end <= min(at, len(text))
        assert not any(option.text == text[found.start : found.end] for option in found.options)


@pytest.fixture
def spoken_about(brand: Brand) -> Brand:
    TrackedProfile.objects.create(
        organization=brand.organization, brand=brand, platform="bluesky", handle="halden.example.com"
    )
    Mention.objects.bulk_create(
        Mention(
            organization=brand.organization, brand=brand, platform="bluesky", external_id=str(number),
            published_at=NOW, collected_at=NOW, author_key="bluesky:jo", language="en", sentiment=0,
            sentiment_confidence=0.5, terms=["roast", "roasted"][: 1 + number % 2], hashtags=["roastery"],
        )
        for number in range(3)
    )  # fmt: skip
    return brand


@pytest.mark.django_db
def test_own_profiles_and_words_of_the_mentions_are_offered(spoken_about: Brand) -> None:
    assert typed("coffee @hal", spoken_about) == ["@halden.example.com"]
    assert typed("-from:@h", spoken_about) == ["from:@halden.example.com"]
    assert typed("coffee OR roa", spoken_about) == ["roast", "roasted"]
    assert typed("#roa", spoken_about) == ["#roastery"]


@pytest.mark.django_db
def test_the_reading_of_a_text_brings_colors_and_completions_along(
    organization: Organization, owner: User, sign_in: SignIn, spoken_about: Brand
) -> None:
    address = f"/o/{organization.slug}/keywords/check/"
    asked = {"query": "coffee -roa", "at": "11", "brand": str(spoken_about.pk)}
    page = BeautifulSoup(sign_in(owner).get(address, asked).content, "html.parser")

    assert [option["data-text"] for option in page.select("#completions [role=option]")] == [
        "roast",
        "roasted",
    ]
    colors = [(piece["class"], piece.text) for piece in page.select("[data-ink] span")]
    assert colors == [
        (["q-word"], "coffee"), (["q-space"], " "), (["q-excluded"], "-"), (["q-excluded"], "roa"),
    ]  # fmt: skip
