"""NEAR: which occurrences stand close enough together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import TypeAlias

import regex

from monitoring.analysis.matching.edges import occurrences
from monitoring.analysis.queries.folding import UNSPACED, WORD_CHARACTERS
from monitoring.analysis.queries.tree import Literal, Near

Place: TypeAlias = tuple[int, int]

# A letter of a script without spaces counts as a word of its own.
_WORD = regex.compile(rf"(?V1)[{WORD_CHARACTERS}&&{UNSPACED}]|[{WORD_CHARACTERS}--{UNSPACED}]+")


def near_places(near: Near, text: str) -> Iterator[Place]:
    """Occurrences of either side that do not overlap one of the other and have few enough words between them.

    Of each only the closest of the other side is looked at: a text that is nothing but occurrences has millions of
    pairs.
    """
    lefts = _places(near.left, text)
    rights = _places(near.right, text) if lefts else []
    if not rights:
        return
    words = [match.start() for match in _WORD.finditer(text)]
    yield from _close_places(lefts, rights, words, near.distance)
    yield from _close_places(rights, lefts, words, near.distance)


def _close_places(
    firsts: list[Place], seconds: list[Place], words: list[int], distance: int
) -> Iterator[Place]:
    """Those of each with one of the other close by, where `firsts` stand before `seconds`."""
    ends, starts = sorted(end for _start, end in firsts), [start for start, _end in seconds]

    def is_close(end: int, start: int) -> bool:
        return bisect_left(words, start) - bisect_left(words, end) <= distance

    for first in firsts:
        following = bisect_left(starts, first[1])
        if following < len(starts) and is_close(first[1], starts[following]):
            yield first
    for second in seconds:
        before = bisect_right(ends, second[0])
        if before and is_close(ends[before - 1], second[0]):
            yield second


def _places(side: tuple[Literal, ...], text: str) -> list[Place]:
    return sorted({place for literal in side for place in occurrences(literal, text)})
