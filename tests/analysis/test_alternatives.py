"""What platforms are asked for covers everything that a query can match."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from monitoring.analysis.queries import Conjunction, QueryError, allows_platform, alternatives, parse
from monitoring.analysis.queries.covering import MAX_ALTERNATIVES
from monitoring.analysis.queries.parsing import MAX_TERMS
from tests.analysis.naive_queries import NaivePost, Tree, matches, written
from tests.analysis.query_strategies import cases

WANTED = {"words": "word", "phrases": "phrase", "prefixes": "prefix", "hashtags": "tag", "handles": "handle"}


def tree_of(conjunction: Conjunction) -> Tree:
    """The conjunction for the naive evaluator."""
    wanted: list[Tree] = [
        (kind, text) for name, kind in WANTED.items() for text in getattr(conjunction, name)
    ]
    unwanted = [
        (kind, text) for name, kind in WANTED.items() for text in getattr(conjunction, f"excluded_{name}")
    ]
    for kind, name in (("lang", "languages"), ("platform", "platforms"), ("from", "authors")):
        unwanted += [(kind, value) for value in getattr(conjunction, f"excluded_{name}")]
        if getattr(conjunction, name):
            wanted.append(("or", *[(kind, value) for value in getattr(conjunction, name)]))
    if conjunction.min_followers:
        wanted.append(("followers", conjunction.min_followers))
    return ("and", *wanted, *[("not", part) for part in unwanted])


@settings(max_examples=60, deadline=None)
@given(cases)
def test_every_post_that_matches_satisfies_an_alternative(case: tuple[list[Tree], list[NaivePost]]) -> None:
    trees, posts = case
    for tree in trees:
        try:
            cover = alternatives(parse(written(tree)))
        except QueryError:
            continue
        assert all(any(getattr(conjunction, name) for name in WANTED) for conjunction in cover)
        for post in posts:
            if matches(tree, post):
                assert any(matches(tree_of(conjunction), post) for conjunction in cover)


def test_a_query_is_multiplied_out() -> None:
    cover = alternatives(
        parse('("Blue Bottle" OR #BlueBottle) coffee -job -"open position" lang:en -from:@bot')
    )
    common = Conjunction(
        words=("coffee",),
        excluded_words=("job",),
        excluded_phrases=("open position",),
        languages=("en",),
        excluded_authors=("bot",),
    )
    phrase, hashtag = replace(common, phrases=("blue bottle",)), replace(common, hashtags=("bluebottle",))
    assert set(cover) == {phrase, hashtag}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tea OR (tea milk)", [Conjunction(words=("tea",))]),
        ("tea NEAR/3 milk", [Conjunction(words=("milk", "tea"))]),
        ("tea -(milk NEAR/3 sugar)", [Conjunction(words=("tea",))]),
        (
            "tea -(milk sugar -@ada)",
            [
                Conjunction(words=("tea",), excluded_words=("milk",)),
                Conjunction(words=("tea",), excluded_words=("sugar",)),
                Conjunction(words=("tea",), handles=("ada",)),
            ],
        ),
        ("tea lang:en,de -lang:de", [Conjunction(words=("tea",), languages=("en",))]),
        ("tea -lang:de", [Conjunction(words=("tea",), excluded_languages=("de",))]),
        ("tea min_followers:5 min_followers:9", [Conjunction(words=("tea",), min_followers=9)]),
        (
            "tea (platform:x OR platform:bluesky)",
            [
                Conjunction(words=("tea",), platforms=("x",)),
                Conjunction(words=("tea",), platforms=("bluesky",)),
            ],
        ),
        ("coff* from:@ada", [Conjunction(prefixes=("coff",), authors=("ada",))]),
        ("tea -tea", []),
        ("tea platform:x -platform:x", []),
        ("tea lang:en lang:de", []),
        ("tea from:@ada from:@bob", []),
    ],
)
def test_alternatives_are(query: str, expected: list[Conjunction]) -> None:
    assert set(alternatives(parse(query))) == set(expected)


def test_equal_queries_of_two_customers_have_equal_alternatives() -> None:
    assert alternatives(parse("(b OR A) c")) == alternatives(parse("C  (a OR b)"))


def test_an_explosion_leaves_out_conditions_and_stays_bounded() -> None:
    groups = [" OR ".join(f"word{group}x{number}" for number in range(4 + group)) for group in range(8)]
    cover = alternatives(parse(" ".join(f"({group})" for group in groups)))
    assert 4 <= len(cover) <= MAX_ALTERNATIVES
    assert all(any(word.startswith("word0x") for word in conjunction.words) for conjunction in cover)


def test_a_long_list_keeps_every_alternative() -> None:
    words = [f"word{number}" for number in range(MAX_TERMS)]
    assert len(alternatives(parse(" OR ".join(words)))) == MAX_TERMS


@pytest.mark.parametrize(
    ("query", "slug", "allowed"),
    [
        ("tea", "x", True),
        ("tea platform:x,bluesky", "x", True),
        ("tea platform:bluesky", "x", False),
        ("tea -platform:x", "x", False),
        ("tea -platform:x", "bluesky", True),
    ],
)
def test_an_alternative_says_where_it_can_be_found(query: str, slug: str, allowed: bool) -> None:
    assert [allows_platform(conjunction, slug) for conjunction in alternatives(parse(query))] == [allowed]
