"""Matched words are reported where they stand in the original text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings

from monitoring.analysis.matching import Document, Matcher, spans
from monitoring.analysis.queries import QueryError, parse
from monitoring.analysis.queries.folding import FoldedText, fold
from tests.analysis.naive_queries import Tree, near_places, places, plain, written
from tests.analysis.query_strategies import literals, nears, texts


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("straße", "STRASSE, Straße.", ["STRASSE", "Straße"]),
        ("istanbul", "ß İİ İstanbul İ", ["İstanbul"]),
        ("fin", "ein ﬁn", ["ﬁn"]),
        ("cafe\u0301", "un café, un cafe\u0301", ["café", "cafe\u0301"]),
        ("❤", "a ❤️ b", ["❤️"]),
        ('"blue bottle"', "x  Blue \n Bottle", ["Blue \n Bottle"]),
        ("coff* -tea", "coffees and tea", ["coffees"]),
        ("blue NEAR/0 bottle", "blue x bottle, no blue bottle", ["blue", "bottle"]),
        ("nike OR #nike", "#Nike", ["#Nike"]),
        ("北京 OR 京天", "我爱北京天安门", ["北京天"]),
        ("tea NOT (NOT milk)", "tea, milk", ["tea", "milk"]),
    ],
)
def test_a_word_is_marked_in_the_original(query: str, text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in spans(parse(query), text)] == marked


@settings(max_examples=120, deadline=None)
@given(literals, texts)
def test_what_is_marked_is_what_was_found(tree: Tree, text: str) -> None:
    query = parse(written(tree))
    marked = spans(query, text)
    assert bool(marked) == bool(Matcher({1: query}).match(Document(text)))
    assert bool(marked) == bool(places(tree, plain(text)))
    assert all(0 <= start < end <= len(text) for start, end in marked)
    assert list(marked) == sorted(marked)
    for start, end in marked:
        assert plain(tree[1]).strip() in fold(text[start:end])


@settings(max_examples=120, deadline=None)
@given(nears, texts)
@example(
    ("near", ("word", "blue"), ("word", "bottle"), 1), "bottle x x blue x x x bottle bottle, blue x x blue"
)
def test_of_near_words_those_are_marked_that_have_another_close_by(tree: Tree, text: str) -> None:
    text = plain(text)  # so that places in it are those of the original
    marked = spans(parse(written(tree)), text)
    assert {at for start, end in marked for at in range(start, end)} == {
        at for start, end in near_places(tree, text) for at in range(start, end)
    }


@settings(max_examples=120, deadline=None)
@given(texts)
@example("i\u200d\u0307\u0307\u0301 \u00b4 \u1112\u1161\u11ab")
def test_folding_piece_by_piece_gives_the_folded_text(text: str) -> None:
    folded = FoldedText(text)
    assert folded.text == fold(text) == plain(text)
    assert fold(folded.text) == folded.text


def test_a_query_that_is_refused_has_no_spans() -> None:
    with pytest.raises(QueryError):
        spans(parse("-tea"), "tea")
