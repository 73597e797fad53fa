"""The query language is understood, and what cannot be is refused at the right character."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitoring.analysis.queries import Query, QueryError, explain, parse
from monitoring.analysis.queries.parsing import MAX_DEPTH, MAX_LENGTH, MAX_TERMS
from tests.analysis.naive_queries import Tree, written
from tests.analysis.query_strategies import queries

FRAGMENTS = [
    *(
        '"',
        "(",
        ")",
        "-",
        "NOT ",
        " AND ",
        " OR ",
        " NEAR/3 ",
        " NEAR/",
        "#",
        "@",
        "*",
        ",",
        " ",
        "\n",
        "\x00",
    ),
    *(
        "lang:",
        "platform:",
        "from:",
        "min_followers:",
        "5k",
        "en",
        "word",
        "wörd",
        "“",
        "”",
        "（",
        "）",
        "−",
        "＂",
    ),
    *(
        "\u0301",
        "\u200d",
        "\ud800",
        "😀",
        "北京",
        "ﷺ",
        "İ",
        "a.b",
        "x:y",
        "coca-cola",
        "－",
        "＃",
        "＠",
        "…",
        "™",
    ),
]
anything = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))


@pytest.mark.parametrize(
    ("query", "normalized"),
    [
        ('("Blue  Bottle" OR #BlueBottle) AND coffee -job lang:en -from:@bot', None),
        ("b AND a", "a b"),
        ("  B   a ", "a b"),
        ("a b OR c", "a b OR c"),
        ("(b OR c) a", "a (b OR c)"),
        ("NOT NOT a", "a"),
        ("a -(b OR c)", "-(b OR c) a"),
        ("a -(b c)", "-(b c) a"),
        ("“Big Mac”", '"big mac"'),
        ('"coffee"', "coffee"),
        ("a NEAR b", "a NEAR/10 b"),
        ("b NEAR/2 (c OR a)", "(a OR c) NEAR/2 b"),
        ("a LANG:DE,en,de", "a lang:de,en"),
        ("a min_followers:5K", "a min_followers:5000"),
        ("a from:Ada@Social.Example", "a from:@ada@social.example"),
        ('a from:"@Anna  Bühler"', 'a from:"@anna bühler"'),
        ("a -From:“anna b!”", '-from:"@anna b!" a'),
        ('a from:"Ada"', "a from:@ada"),
        ("a -platform:X", "-platform:x a"),
        ("COFF*", "coff*"),
        ("coca-cola", '"coca-cola"'),
        ("a a (a OR a)", "a"),
        ("ＡＣＭＥ™", "acme"),
        ('"re:invent"', '"re:invent"'),
        ("a \u2212b", "-b a"),
    ],
)
def test_a_query_has_one_written_form(query: str, normalized: str | None) -> None:
    expected = normalized or '("blue bottle" OR #bluebottle) -from:@bot -job coffee lang:en'
    assert parse(query).normalized == expected


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ("", 0, "at least one word"),
        ("  ", 0, "at least one word"),
        ("tea OR", 4, "After “OR”"),
        ("tea AND OR milk", 4, "After “AND”"),
        ("OR tea", 0, "Before “OR”"),
        ("(tea", 0, "never closed"),
        ("tea (milk (sugar)", 4, "never closed"),
        ("tea)", 3, "no open parenthesis"),
        ("tea ()", 4, "nothing between"),
        ('tea "milk', 4, "never closed"),
        ('tea "!"', 4, "nothing to look for"),
        ("tea ...", 4, "nothing to look for"),
        ("tea - milk", 4, "directly before"),
        ("tea, milk", 3, "Write OR"),
        ("-tea", 0, "Name at least one word"),
        ("lang:en", 0, "Name at least one word"),
        ("from:@ada -tea", 0, "Name at least one word"),
        ("tea OR -milk", 7, "This side of OR"),
        ("tea (milk OR lang:en) OR lang:de", 25, "This side of OR"),
        ("tea site:example", 4, "no filter “site:”"),
        ("tea lang:", 8, "its value"),
        ("tea lang:english", 9, "language code"),
        ("tea platform:a/b", 13, "short name"),
        ("tea from:a..", 9, "not a handle"),
        ('tea from:"!"', 4, "no name"),
        ('tea from:"anna', 9, "never closed"),
        ("tea min_followers:many", 18, "a number"),
        ("tea @", 4, "not a handle"),
        ("tea #", 4, "A hashtag is"),
        ("tea #a-b", 4, "A hashtag is"),
        ("tea *ar", 4, "any ending"),
        ("tea t*a", 5, "any ending"),
        ("tea t*", 4, "Too short"),
        ("tea NEAR/x milk", 4, "After NEAR/"),
        ("tea NEAR/101 milk", 4, "After NEAR/"),
        ("tea NEAR/2 lang:en", 4, "NEAR stands between"),
        ("a1 NEAR/2 b NEAR/2 c", 12, "NEAR joins two"),
        ("tea NEAR/2 -milk", 4, "NEAR stands between"),
    ],
)
def test_an_error_points_at_the_character(query: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in caught.value.message
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("query", "position"),
    [
        ("a" * (MAX_LENGTH + 1), MAX_LENGTH),
        (" ".join(["word"] * (MAX_TERMS + 1)), 5 * MAX_TERMS),
        ("(" * 1500 + "a" + ")" * 400, MAX_DEPTH),
        ("a " + "NOT " * 400 + "b", 2 + 4 * MAX_DEPTH),
        ("a " + "-(" * 400, 2 + MAX_DEPTH),
        ("ﷺ" * 1999, 1998),
    ],
)
def test_limits_are_refused_where_they_are_passed(query: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position


@settings(max_examples=200, deadline=None)
@given(anything)
@example("\ud800")
@example('a "\x00" -\x00')
def test_any_text_is_understood_or_refused_within_the_text(text: str) -> None:
    query, error = _understood(text)
    if query is None:
        assert error is not None
        assert error.message
        assert 0 <= error.position < max(1, len(text))
        return
    assert parse(query.normalized).normalized == query.normalized
    assert explain(query).endswith(".")
    assert hash(query) == hash(parse(text))


def _understood(text: str) -> tuple[Query | None, QueryError | None]:
    try:
        return parse(text), None
    except QueryError as error:
        return None, error


@settings(max_examples=80, deadline=None)
@given(queries)
def test_spacing_case_and_order_do_not_matter(tree: Tree) -> None:
    try:
        query = parse(written(tree))
    except QueryError:
        assume(False)
    again = parse(written(_reversed(tree)).replace(" ", " \n "))
    assert again.normalized == query.normalized
    assert again.canonical_root == query.canonical_root == parse(query.normalized).canonical_root


def _reversed(tree: Tree) -> Tree:
    if tree[0] in ("and", "or"):
        return (tree[0], *map(_reversed, reversed(tree[1:])))
    if tree[0] == "not":
        return ("not", _reversed(tree[1]))
    if tree[0] == "near":
        return ("near", tree[2], tree[1], tree[3])
    if tree[0] in ("word", "tag", "phrase") and tree[1].isascii():
        return (tree[0], tree[1].upper())
    return tree


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("tea", "Posts that contain “tea”."),
        (
            '("blue bottle" OR #bluebottle) AND coffee -job lang:en -from:@bot',
            "Posts that contain (“blue bottle” or the hashtag #bluebottle) and “coffee”, but not “job”; "
            "in English; not by @bot.",
        ),
        (
            "tea -milk -(sugar cream) platform:x,bluesky min_followers:1k",
            "Posts that contain “tea”, but not “milk” or (“sugar” and “cream”); on bluesky or x; "
            "by authors with at least 1,000 followers.",
        ),
        (
            "tea NEAR/1 (milk OR @ada)",
            "Posts that contain “tea” with at most 1 word between it and (“milk” or the handle @ada).",
        ),
        (
            "coff* OR (tea -lang:de)",
            "Posts that contain (a word that begins with “coff” or (“tea” and not in German)).",
        ),
    ],
)
def test_a_query_is_explained_in_a_sentence(query: str, sentence: str) -> None:
    assert explain(parse(query)) == sentence
