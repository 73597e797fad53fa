"""What PostgreSQL's text search is given: documents and queries of our own tokenizer."""

from __future__ import annotations

import re
import sys

import pytest
import regex
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitoring.analysis.sentiment.tokens import TOKEN as TOKEN_OF_SENTIMENT
from monitoring.analysis.terms import WORD
from monitoring.analysis.words import (
    LETTER_OR_NUMBER,
    LONGEST_WORD,
    SPACED_TOKEN,
    SPECIAL,
    THOUGHT_ALIKE,
    TOKEN,
    UNSPACED_LETTER,
    WORD_CHARACTER,
    fold,
    search_document,
    search_query,
)

pytestmark = pytest.mark.django_db

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
WORDS_OF_MANY_SCRIPTS = st.lists(
    st.sampled_from(
        [
            *(
                "Straße",
                "हिन्दी",
                "किताबें",
                "我爱北京",
                "東京タワー",
                "ผมชอบกาแฟ",
                "#İstanbul",
                "@ada.bsky.social",
                "don't",
            ),
            *(
                "ﬁsh",
                "a_b",
                "x" * 120,
                "\u0301",
                "مَرْحَبًا",
                "ခေါက်ဆွဲ",
                "ກາເຟ",
                "កាហ្វេ",
                "カフェー",
                "#北京",
                "E=mc²",
            ),
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
against_the_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def matches(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [search_document(text), search_query(query)])
        (found,) = cursor.fetchone()
    return bool(found)


@against_the_database
@given(text=TEXTS, query=TEXTS)
@example(text="'; DROP \\ & | ! <-> :*", query='\'; DROP \\ & | ! <-> :* ( " -"')
@example(text="", query="-")
@example(text="a\x00b", query="a\x00b*")
def test_postgresql_accepts_every_text_and_every_query(text: str, query: str) -> None:
    assert matches(text, query) in (True, False)


@against_the_database
@given(text=st.one_of(TEXTS, WORDS_OF_MANY_SCRIPTS))
@example(text="ǰ̣ ΐ ᾳ ﷺ")
@example(text="ก็ก")
def test_every_word_of_a_text_finds_it(text: str) -> None:
    for match in TOKEN.finditer(fold(text)):
        assert matches(text, match.group()), match.group()


@against_the_database
@given(text=WORDS_OF_MANY_SCRIPTS)
def test_a_text_finds_itself_as_a_phrase(text: str) -> None:
    assert matches(text, f'"{text}"')


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Die STRASSE ist lang", "straße"),
        ("İSTANBUL'da", "istanbul"),
        ("ISTANBUL", "İstanbul"),
        ("Love #BlueBottle", "bluebottle"),
        ("Love #BlueBottle", "#bluebottle"),
        ("thanks @ada.bsky.social", "@ada.bsky.social"),
        ("thanks @ada.bsky.social", "ada"),
        ("我爱北京天安门", "北京"),
        ("我爱北京天安门", "门"),
        ("ผมชอบกาแฟมาก", "กาแฟ"),
        ("coffee roasters", "roast*"),
        ("really good coffee", '"good coffee"'),
        ("good coffee", "good -tea"),
        ("l’hôtel", "hôtel"),
        ("x" * 300, "x" * 300),
    ],
)
def test_what_a_person_types_finds_the_post(text: str, query: str) -> None:
    assert matches(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("bluebottle", "#bluebottle"),
        ("किताबें", "किताब"),
        ("good strong coffee", '"good coffee"'),
        ("good coffee and tea", "good -tea"),
        ("good coffee, hot tea", '-"hot tea" coffee'),
        ("coffee", "coffee tea"),
        ("coffee", ""),
        ("roast", "roasters*"),
        ("我爱京北", "北京"),
        ("mail ada@example.org", "@example"),
    ],
)
def test_what_a_person_did_not_mean_is_not_found(text: str, query: str) -> None:
    assert not matches(text, query)


def test_folding_twice_is_folding_once() -> None:
    for letter in ("İ", "I\u0307", "i\u0307"):
        for mark in ("", "\u0301", "\u0323", "\u0307"):
            assert fold(fold(letter + mark)) == fold(letter + mark)


def test_a_document_has_the_positions_of_its_words() -> None:
    assert search_document("Love it, love #Cafés") == "'love':1,3 'it':2 '#cafés':4 'cafés':4"


@pytest.mark.parametrize("letter", ["a", "é", "北", "𠀀"])
def test_a_very_long_text_stays_within_what_postgresql_takes(letter: str) -> None:
    text = " ".join(letter * (1 + number % 150) + str(number) for number in range(30_000))
    assert matches(text, letter * 5 + "4")
    assert max(len(word) for word in search_document(text).split("'")) <= LONGEST_WORD + 2000


def test_every_letter_of_a_script_without_spaces_takes_the_careful_way() -> None:
    unspaced = filter(UNSPACED_LETTER.match, map(chr, range(sys.maxunicode + 1)))
    assert all(SPECIAL.match(letter) for letter in unspaced)


@given(st.text(st.sampled_from("aé_9 -'’.,/&@@##ßΣкשس\u064bგắ한😀"), max_size=60))
def test_scripts_with_spaces_give_what_the_careful_way_gives(text: str) -> None:
    careful = search_document(f"{text} 北")
    assert careful.removesuffix(careful[careful.index("'北'") :]).strip() == search_document(text)


def test_both_engines_agree_on_the_characters_that_either_may_read() -> None:
    common = [chr(code) for code in range(sys.maxunicode + 1) if THOUGHT_ALIKE.fullmatch(chr(code))]
    same = {WORD_CHARACTER: r"\w", LETTER_OR_NUMBER: r"^\W_", r"\s": r"\s"}

    for properties, plain in same.items():
        ours, theirs = regex.compile(f"[{properties}]"), re.compile(f"[{plain}]")
        assert [one for one in common if bool(ours.match(one)) != bool(theirs.match(one))] == []
    assert len(common) > 15_000


@given(text=TEXTS)
@example(text="the dogs' tea, rock'n'roll' and 0'")
@example(text=":)_ :)a :)/ =( don’t \x1cend ½ ② ﬁ e\u0301 ❤\ufe0f #tag_1 @ada.example")
def test_a_pattern_finds_the_same_with_either_engine(text: str) -> None:
    for pattern in (SPACED_TOKEN, WORD, TOKEN_OF_SENTIMENT):
        assert pattern.findall(text) == pattern._any.findall(text)
