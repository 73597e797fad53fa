"""NEAR: which occurrences stand close enough together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import regex

from monitoring.analysis.matching.edges import occurrences
from monitoring.analysis.queries.folding import UNSPACED, WORD_CHARACTERS
from monitoring.analysis.queries.tree import Literal, Near

# A letter of a script without spaces counts as a word of its own.
_WORD = regex.compile(rf"(?V1)[{WORD_CHARACTERS}&&{UNSPACED}]|[{WORD_CHARACTERS}--{UNSPACED}]+")


def near_pairs(near: Near, text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of occurrences, one of each side, that do not overlap and have few enough words between them."""
    lefts = _places(near.left, text)
    rights = _places(near.right, text) if lefts else []
    if not rights:
        return
    starts = [match.start() for match in _WORD.finditer(text)]
    for left in lefts:
        for right in rights:
            first, second = sorted((left, right))
            between = bisect_left(starts, second[0]) - bisect_left(starts, first[1])
            if first[1] <= second[0] and between <= near.distance:
                yield left, right


def _places(side: tuple[Literal, ...], text: str) -> list[tuple[int, int]]:
    return sorted({place for literal in side for place in occurrences(literal, text)})
