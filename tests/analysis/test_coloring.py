"""The text of a query in pieces to color: nothing is lost, and each piece plays the part that the parser gives it."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.analysis.queries import QueryError, colored, parse
from monitoring.analysis.queries.coloring import Part

PARTS = [
    "coffee",
    '"blue bottle"',
    "#tag",
    "@ada",
    "-",
    "(",
    ")",
    "OR",
    "NOT",
    "NEAR/3",
    "lang:en",
    "job:",
    '"',
    " ",
]


def parts(text: str, part: Part) -> list[str]:
    return [piece.text for piece in colored(text) if piece.part is part]


def test_each_part_has_its_color() -> None:
    text = '("blue bottle" OR #bluebottle) coffee -job -(career OR -tea) NOT lang:en,de from:@bot'
    assert parts(text, Part.WORD) == ['"blue bottle"', "#bluebottle", "coffee", "tea"]
    assert parts(text, Part.EXCLUDED) == ["-", "job", "-", "career", "-", "NOT"]
    assert parts(text, Part.OPERATOR) == ["(", "OR", ")", "(", "OR", ")"]
    assert parts(text, Part.FIELD) == ["lang:", "from:"]
    assert parts(text, Part.VALUE) == ["en,de", "@bot"]


@pytest.mark.parametrize(
    ("text", "wrong"), [("coffee -", "-"), ("coffee (tea", "("), ('tea "cup', '"'), ("tea colour:red", "c")]
)
def test_the_character_that_is_wrong_stands_out(text: str, wrong: str) -> None:
    assert parts(text, Part.ERROR) == [wrong]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PARTS), max_size=12).map(" ".join)))
def test_the_pieces_are_the_text_and_an_error_is_marked_where_the_parser_finds_one(text: str) -> None:
    pieces = colored(text)
    assert "".join(piece.text for piece in pieces) == text
    begins = accumulate((len(piece.text) for piece in pieces), initial=0)
    marked = [
        (at, len(piece.text)) for at, piece in zip(begins, pieces, strict=False) if piece.part is Part.ERROR
    ]
    assert marked == ([(place, 1)] if (place := wrong_place(text)) is not None else [])


def wrong_place(text: str) -> int | None:
    """Where the parser finds the text wrong. That nothing is typed yet is no fault of a character."""
    try:
        parse(text)
    except QueryError as error:
        return error.position if text.strip() else None
    return None


def test_an_authors_name_between_quotation_marks_is_a_value() -> None:
    text = 'coffee from:"@anna b"'
    assert parts(text, Part.FIELD) == ["from:"]
    assert parts(text, Part.VALUE) == ['"@anna b"']
