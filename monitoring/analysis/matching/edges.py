"""Where in a text a literal stands, and where it is only part of something longer.

A character joins the word beside it if it is a letter, number or mark of a script that puts spaces between
words. Two joining characters side by side belong to one word; everywhere else a literal may begin and end. A
hashtag and a handle end where they end on the platforms. All texts here are folded and padded
(`documents.padded`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitoring.analysis.queries.folding import is_unspaced, is_word_character
from monitoring.analysis.queries.tree import Literal, LiteralKind


class _Joining(dict[str, bool]):
    """Whether a character joins the word beside it, by a plain look-up: this is asked for every hit."""

    def __missing__(self, character: str) -> bool:
        answer = is_word_character(character) and not is_unspaced(character)
        self[character] = answer
        return answer


JOINS = _Joining()


def pattern_of(literal: Literal) -> str:
    """The characters to look for."""
    if literal.kind is LiteralKind.HASHTAG:
        return f"#{literal.text}"
    if literal.kind is LiteralKind.HANDLE:
        return f"@{literal.text}"
    return literal.text


def stands_alone(literal: Literal) -> Callable[[str, int, int], bool]:
    """The check of a hit of the literal's pattern: (text, start, end) -> whether it is the literal."""
    return _CHECKS[literal.kind]


def occurrences(literal: Literal, text: str) -> Iterator[tuple[int, int]]:
    """Every place of the literal. A prefix reaches to the end of its word."""
    pattern = pattern_of(literal)
    check = stands_alone(literal)
    start = text.find(pattern)
    while start >= 0:
        end = start + len(pattern)
        if check(text, start, end):
            yield start, word_end(text, end) if literal.kind is LiteralKind.PREFIX else end
        start = text.find(pattern, start + 1)


def word_end(text: str, end: int) -> int:
    if JOINS[text[end - 1]]:
        while JOINS[text[end]]:
            end += 1
    return end


def _begins_prefix(text: str, start: int, end: int) -> bool:
    return not (JOINS[text[start]] and JOINS[text[start - 1]])


def _is_word(text: str, start: int, end: int) -> bool:
    return not (JOINS[text[start]] and JOINS[text[start - 1]]) and not (
        JOINS[text[end - 1]] and JOINS[text[end]]
    )


def _is_hashtag(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1], text[end]
    return not (JOINS[before] or before in "_&/" or is_word_character(after) or after == "_")


def _is_handle(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1], text[end]
    if JOINS[before] or before == "_" or _in_handle(after):
        return False
    return not (after in ".-@" and _in_handle(text[end + 1]))


def _in_handle(character: str) -> bool:
    return JOINS[character] or character == "_"


_CHECKS: dict[LiteralKind, Callable[[str, int, int], bool]] = {
    LiteralKind.WORD: _is_word,
    LiteralKind.PHRASE: _is_word,
    LiteralKind.PREFIX: _begins_prefix,
    LiteralKind.HASHTAG: _is_hashtag,
    LiteralKind.HANDLE: _is_handle,
}
