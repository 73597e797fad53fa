"""The matcher agrees with the naive evaluator, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.queries import Query, QueryError, parse
from tests.analysis.naive_queries import NaivePost, Tree, matches, written
from tests.analysis.query_strategies import cases


def document(post: NaivePost) -> Document:
    return Document(
        text=post.text,
        title=post.title,
        language=post.language,
        platform=post.platform,
        author_handle=post.handle,
        author_followers=post.followers,
    )


def parsed(tree: Tree) -> Query | None:
    """None where the query has a side without a word to find, which the language refuses."""
    try:
        return parse(written(tree))
    except QueryError:
        return None


@settings(max_examples=80, deadline=None)
@given(cases)
def test_many_queries_match_as_the_naive_evaluator_says(case: tuple[list[Tree], list[NaivePost]]) -> None:
    trees, found = case
    known = {number: query for number, tree in enumerate(trees) if (query := parsed(tree)) is not None}
    matcher = Matcher(known)
    expected = [tuple(key for key in known if matches(trees[key], post)) for post in found]
    assert matcher.match_many(map(document, found)) == expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("strasse", "Große STRAẞE"),
        ("istanbul", "İSTANBUL'da"),
        ("किताब", "मेरी किताब।"),
        ("北京", "我爱北京天安门"),
        ("กาแฟ", "ผมชอบกาแฟมาก"),
        ("東京", "東京タワー"),
        ("❤", "I ❤️ it"),
        ("nike", "all about #Nike."),
        ("nike", "ask @nike"),
        ("#nike", "(#NIKE)"),
        ("@nike", ".@Nike, hello"),
        ("@nike", "thanks @nike."),
        ("@ada@social.example", "ask @Ada@social.example"),
        ("acme", "Acme™ is here"),
        ("macy's", "at Macy’s"),
        ('"blue bottle"', "Blue\n  Bottle"),
        ("coff*", "two coffees"),
        ("blue NEAR/1 bottle", "a bottle, very blue"),
        ("(blue OR red) NEAR/0 bottle", "red bottle"),
        ("c++", "I write C++."),
        ("yahoo!", "Yahoo!"),
    ],
)
def test_a_query_finds(query: str, text: str) -> None:
    assert Matcher({7: parse(query)}).match(Document(text)) == (7,)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("किताब", "किताबें"),
        ("art", "party"),
        ("cafe", "cafe\u0301"),
        ("#nike", "nike"),
        ("#nike", "#nikeair #nike_run a#nike"),
        ("#北京", "#北京旅行"),
        ("@nike", "me@nike.example @nike_x @nike.com @nike@blue.example @nike-shop"),
        ("@nike@blue.example", "@nike"),
        ('"blue bottle"', "#bluebottle"),
        ("coff*", "scoff"),
        ("blue NEAR/1 bottle", "a bottle, very very blue"),
        ("nike NEAR/5 nike", "only one nike"),
        ("acme -job", "an Acme job"),
        ("acme lang:en", "Acme"),
        ("acme min_followers:1", "Acme"),
        ("acme", "hacme"),
    ],
)
def test_a_query_does_not_find(query: str, text: str) -> None:
    assert Matcher({7: parse(query)}).match(Document(text)) == ()


def test_a_phrase_does_not_run_from_the_title_into_the_text() -> None:
    matcher = Matcher({1: parse('"blue bottle"'), 2: parse("blue bottle")})
    assert matcher.match(Document("bottle", title="blue")) == (2,)


def test_equal_queries_of_two_customers_both_match() -> None:
    matcher = Matcher({9: parse("tea OR coffee"), 3: parse("Coffee  OR tea"), -5: parse("tea -milk")})
    assert matcher.match(Document("tea")) == (-5, 3, 9)


def test_keys_may_be_of_any_size() -> None:
    assert Matcher({10**30: parse("tea"), 2**63: parse("tea OR milk")}).match(Document("tea")) == (
        2**63,
        10**30,
    )


def test_a_matcher_without_queries_matches_nothing() -> None:
    assert Matcher({}).match(Document("anything")) == ()


@pytest.mark.parametrize(("query", "needs"), [("tea", False), ("tea -(milk lang:en)", True)])
def test_a_matcher_says_whether_it_needs_the_language(query: str, needs: bool) -> None:
    assert Matcher({1: parse(query)}).needs_language is needs
