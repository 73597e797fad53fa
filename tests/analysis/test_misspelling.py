"""Which words are misspellings of others: one edit away, or two where the word is long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitoring.analysis.misspelling import edits_allowed, likely_misspellings, misspellings_among

LETTERS = st.text("abcdeéü", min_size=3, max_size=9)


def edits_between(one: str, other: str) -> int:
    """Optimal string alignment, from the book."""
    rows = [[max(i, j) if not min(i, j) else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def test_the_commonest_misspelling_comes_first_with_what_it_misspells() -> None:
    met = {"hadlen": 4, "haldenn": 9, "golden": 90, "halden": 500, "cofee": 2, "kaffewerk": 3}
    found = misspellings_among(met, of=["halden", "coffee", "kaffeewerk", "tea"])
    assert [(each.word, each.of, each.edits, each.met) for each in found] == [
        ("haldenn", "halden", 1, 9),
        ("hadlen", "halden", 1, 4),
        ("kaffewerk", "kaffeewerk", 1, 3),
        ("cofee", "coffee", 1, 2),
    ]


@given(st.dictionaries(LETTERS, st.integers(1, 9), max_size=30), st.sets(LETTERS, max_size=3))
def test_exactly_the_words_within_the_allowed_edits_are_found(met: dict[str, int], known: set[str]) -> None:
    expected = {
        word for word in met for of in known
        if word not in known and len(of) >= 5 and edits_between(word, of) <= edits_allowed(of)
    }  # fmt: skip
    assert {each.word for each in misspellings_among(met, of=known)} == expected


@given(LETTERS)
def test_a_guessed_misspelling_is_one_edit_away(word: str) -> None:
    assert all(edits_between(word, guess) == 1 for guess in likely_misspellings(word))


def test_two_equal_letters_are_often_typed_once() -> None:
    assert likely_misspellings("coffee")[:3] == ["cofee", "coffe", "cfofee"]
