"""A query has two faces, words in lists and text, and both mean the same."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitoring.analysis.queries import (
    QueryError,
    WordLists,
    excluding,
    parse,
    query_text,
    word_lists,
)
from monitoring.analysis.queries.tree import positive_form
from monitoring.analysis.queries.writing import canonical
from tests.analysis.naive_queries import Tree, written
from tests.analysis.query_strategies import NAMES, SIGNED_WORDS, TAGS, WORDS, filters, literals, queries

typed = st.one_of(
    st.sampled_from(
        [*WORDS, *SIGNED_WORDS, "blue bottle", "AND", "-x", "lang:en", "9:30", "(a)", "a,", '"#x"']
    ),
    st.sampled_from([*(f"#{tag}" for tag in TAGS), *(f"@{name}" for name in NAMES), "coff*", '5" pipe']),
)
alternatives = st.lists(literals, min_size=1, max_size=3).map(lambda found: ("or", *found))
# Shaped as lists, so that most of them can be shown so.
shown = st.tuples(
    st.lists(alternatives, min_size=1, max_size=2),
    st.lists(alternatives.map(lambda found: ("not", found)), max_size=2),
    st.lists(filters, max_size=2),
).map(lambda parts: ("and", *parts[0], *parts[1], *parts[2]))


@given(st.one_of(shown, queries))
def test_lists_made_of_a_query_say_the_same(tree: Tree) -> None:
    try:
        query = parse(written(tree))
    except QueryError:
        assume(False)
    lists = word_lists(query)
    assume(lists is not None)
    assert lists is not None
    again = parse(query_text(lists))

    # Lists exclude word by word, which says the same as excluding several at once.
    assert canonical(positive_form(again.root)) == canonical(positive_form(query.root))
    assert word_lists(again) == lists


@given(st.lists(typed, min_size=1), st.lists(typed), st.lists(typed))
def test_what_is_typed_into_lists_becomes_text_that_shows_the_same_lists(
    any_of: list[str], one_of: list[str], none_of: list[str]
) -> None:
    query = parse(query_text(WordLists(tuple(any_of), tuple(one_of), tuple(none_of))))
    settled = word_lists(query)
    assume(settled is not None)  # a word both wanted and unwanted can cancel a list out
    assert settled is not None

    assert word_lists(parse(query_text(settled))) == settled
    assert len(settled.none_of) <= len(none_of)


@given(shown, typed)
def test_excluding_a_word_adds_to_the_query_and_takes_nothing_from_it(tree: Tree, word: str) -> None:
    try:
        query = parse(written(tree))
    except QueryError:
        assume(False)
    narrowed = parse(excluding(query, word))

    assert narrowed.normalized == parse(f"({query.text}) {excluding(parse('x'), word)[2:]}").normalized


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("halden", WordLists(("halden",))),
        ('"Halden Coffee" OR #halden', WordLists(("halden coffee", "#halden"))),
        (
            '(halden OR @halden) (coffee OR kaff*) -"open position" -(job OR marathon) lang:en,de -from:@bot',
            WordLists(
                ("halden", "@halden"),
                ("coffee", "kaff*"),
                ("open position", "job", "marathon"),
                ("lang:de,en", "-from:@bot"),
            ),
        ),
        ('"#halden" OR "and"', WordLists(('"#halden"', "and"))),
        ("a b c", None),
        ("(a b) OR c", None),
        ("a NEAR/3 b", None),
        ("a -(b c)", None),
    ],
)
def test_a_query_shows_as_lists_where_lists_can_say_it(text: str, lists: WordLists | None) -> None:
    assert word_lists(parse(text)) == lists
