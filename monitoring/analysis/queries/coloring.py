"""The text of a query in pieces, each with the part that it plays: what an editor colors.

Any text has pieces, also one that nobody can understand: while somebody types, colors come and stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitoring.analysis.queries.errors import QueryError
from monitoring.analysis.queries.parsing import parse
from monitoring.analysis.queries.scanning import Token, TokenKind, placed_tokens
from monitoring.analysis.queries.terms import bare_term
from monitoring.analysis.queries.tree import Literal


class Part(StrEnum):
    SPACE = "space"
    WORD = "word"
    EXCLUDED = "excluded"
    OPERATOR = "operator"
    FIELD = "field"
    VALUE = "value"
    ERROR = "error"


@dataclass(frozen=True)
class Piece:
    text: str
    part: Part


_OPERATORS = (TokenKind.AND, TokenKind.OR, TokenKind.NEAR, TokenKind.OPEN, TokenKind.CLOSE)


def colored(text: str) -> list[Piece]:
    """The pieces, which together are the text. The character that is wrong is a piece of its own."""
    pieces = list(_pieces(text))
    wrong = _wrong_character(text)
    return pieces if wrong is None else list(_marked(pieces, wrong))


def _pieces(text: str) -> Iterator[Piece]:
    done, exclusions = 0, _Exclusions()
    try:
        for token, end in placed_tokens(text):
            if token.position > done:
                yield Piece(text[done : token.position], Part.SPACE)
            yield from _of_token(token, text[token.position : end], exclusions.holds_for(token))
            done = end
    except QueryError:
        pass  # what follows is colored as words are, until it can be understood
    if done < len(text):
        yield Piece(text[done:], Part.WORD)


def _of_token(token: Token, written: str, is_excluded: bool) -> Iterator[Piece]:
    if token.kind is TokenKind.NOT:
        yield Piece(written, Part.EXCLUDED)
        return
    if token.kind in _OPERATORS:
        yield Piece(written, Part.OPERATOR)
        return
    name, colon, value = written.partition(":")
    if token.kind is TokenKind.AUTHOR:
        yield Piece(name + colon, Part.FIELD)
        yield Piece(value, Part.VALUE)
        return
    if token.kind is TokenKind.TERM and colon and written[0] not in "#@" and _is_field(written):
        yield Piece(name + colon, Part.FIELD)
        if value:
            yield Piece(value, Part.VALUE)
        return
    yield Piece(written, Part.EXCLUDED if is_excluded else Part.WORD)


def _is_field(written: str) -> bool:
    """A field as it should be, or with a value that is still being typed."""
    try:
        return not isinstance(bare_term(written, 0), Literal)
    except QueryError:
        return True


class _Exclusions:
    """Follows the tokens, and knows what stands under a NOT: the next term, or all within the next brackets."""

    def __init__(self) -> None:
        self.open: list[bool] = []
        self.is_next = False

    def holds_for(self, token: Token) -> bool:
        within = bool(self.open and self.open[-1])
        excluded = within != self.is_next
        if token.kind is TokenKind.NOT:
            self.is_next = not self.is_next
            return excluded
        if token.kind is TokenKind.OPEN:
            self.open.append(excluded)
        elif token.kind is TokenKind.CLOSE and self.open:
            self.open.pop()
        self.is_next = False
        return excluded


def _wrong_character(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        parse(text)
    except QueryError as error:
        return error.position
    return None


def _marked(pieces: list[Piece], wrong: int) -> Iterator[Piece]:
    begins = 0
    for piece in pieces:
        place = wrong - begins
        begins += len(piece.text)
        if not 0 <= place < len(piece.text):
            yield piece
            continue
        around = (
            Piece(piece.text[:place], piece.part),
            Piece(piece.text[place], Part.ERROR),
            Piece(piece.text[place + 1 :], piece.part),
        )
        yield from (each for each in around if each.text)
