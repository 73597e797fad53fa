"""What our own posts are for, guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.analysis.post_kinds import PHRASES, PostKind, guess_kind

POSTS = [
    ("20% off all beans until Sunday", PostKind.OFFER),
    ("Mit dem Code HERBST bekommt ihr den zweiten Becher gratis.", PostKind.OFFER),
    ("Solo hoy: envío gratis en toda la tienda", PostKind.OFFER),
    ("خصم على كل أنواع القهوة", PostKind.OFFER),
    ("Three pour-over mistakes we all make", PostKind.TIP),
    ("So geht's: der perfekte Filterkaffee", PostKind.TIP),
    ("Saviez-vous que l'eau compte autant que le café ?", PostKind.TIP),
    ("1. Grind\n2. Pour\n3. Wait", PostKind.TIP),
    ("Milk first or coffee first?", PostKind.QUESTION),
    ("Welchen sollen wir als Nächstes rösten?", PostKind.QUESTION),
    ("Back in stock: the Ethiopian lot, €14 a bag", PostKind.PRODUCT),
    ("La nuova collezione è in negozio", PostKind.PRODUCT),
    ("Only 12 € a bag this month", PostKind.PRODUCT),
    ("Lena roasted her first batch this morning and burned none of it.", PostKind.STORY),
    ("", PostKind.STORY),
]


@pytest.mark.parametrize(("text", "kind"), POSTS)
def test_a_post_is_told_by_its_words(text: str, kind: PostKind) -> None:
    assert guess_kind(text) == kind


def test_a_reply_is_an_answer_whatever_it_says() -> None:
    assert guess_kind("20% off with code AUTUMN", is_reply=True) == PostKind.ANSWER


def test_a_word_counts_only_as_a_whole() -> None:
    assert guess_kind("The tipping point of our wholesaler") == PostKind.STORY


def test_a_question_in_the_beginning_of_a_long_post_is_a_story() -> None:
    assert (
        guess_kind("Who would have thought? " + "We opened our second shop in spring. " * 4) == PostKind.STORY
    )


def test_the_question_mark_of_a_link_asks_nothing() -> None:
    assert guess_kind("We are in the paper https://paper.example/?article=1") == PostKind.STORY


def test_every_kind_has_words_in_every_language() -> None:
    heads = [line.partition(":")[0].split() for line in PHRASES.read_text(encoding="utf-8").splitlines()]
    languages = {"en", "de", "es", "fr", "it", "pt", "id", "hi", "ar"}
    assert {tuple(head) for head in heads} == {
        (kind, language) for kind in ("offer", "tip", "product") for language in languages
    }


@given(st.text(), st.booleans())
def test_any_text_has_a_kind(text: str, is_reply: bool) -> None:
    assert guess_kind(text, is_reply=is_reply) in PostKind
