"""Cuts the text of a query into tokens, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from django.utils.translation import gettext as _

from monitoring.analysis.queries.errors import QueryError

MAX_DISTANCE = 100
DEFAULT_DISTANCE = 10

QUOTES = '"\u201c\u201d\u201e\u201f\uff02'  # phones type the curved ones
_AUTHOR = "from:"
_MINUSES = "-\u2212\u2013"
_PARENTHESES = {"(": "(", ")": ")", "\uff08": "(", "\uff09": ")"}
_NEAR = re.compile(r"NEAR(?:/(.*))?", re.DOTALL)


class TokenKind(StrEnum):
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    TERM = "term"
    QUOTED = "quoted"
    AUTHOR = "author"  # whose name stands between quotation marks
    END = "end"


@dataclass(frozen=True)
class Token:
    kind: TokenKind
    position: int
    text: str = ""
    distance: int = 0


def scan(text: str) -> list[Token]:
    tokens = [token for token, _end in placed_tokens(text)]
    tokens.append(Token(TokenKind.END, max(0, len(text) - 1)))
    return tokens


def placed_tokens(text: str) -> Iterator[tuple[Token, int]]:
    """Each token with the place behind it. Raises QueryError where no token can be made."""
    position = 0
    while position < len(text):
        if _is_space(text[position]):
            position += 1
            continue
        token, position = _next_token(text, position)
        yield token, position


def _next_token(text: str, position: int) -> tuple[Token, int]:
    character = text[position]
    if character in _PARENTHESES:
        return Token(TokenKind(_PARENTHESES[character]), position), position + 1
    if character in QUOTES:
        return _quoted(text, position)
    if character in _MINUSES:
        return _minus(text, position)
    end = position
    while end < len(text) and not _ends_term(text[end]):
        end += 1
    if end < len(text) and text[end] in QUOTES and text[position:end].lower() == _AUTHOR:
        name, behind = _quoted(text, end)
        return Token(TokenKind.AUTHOR, position, name.text), behind
    return _bare(text[position:end], position), end


def _quoted(text: str, position: int) -> tuple[Token, int]:
    for end in range(position + 1, len(text)):
        if text[end] in QUOTES:
            return Token(TokenKind.QUOTED, position, text[position + 1 : end]), end + 1
    raise QueryError(_("This quotation mark is never closed."), position)


def _minus(text: str, position: int) -> tuple[Token, int]:
    following = text[position + 1 : position + 2]
    if not following or _is_space(following) or following == ")":
        raise QueryError(_("A minus stands directly before the word it excludes, without a space."), position)
    return Token(TokenKind.NOT, position, "-"), position + 1


def _bare(term: str, position: int) -> Token:
    if term in ("AND", "OR", "NOT"):
        return Token(TokenKind(term), position, term)
    near = _NEAR.fullmatch(term)
    if near is None:
        return Token(TokenKind.TERM, position, term)
    return Token(TokenKind.NEAR, position, term, _distance(near[1], position))


def _distance(written: str | None, position: int) -> int:
    if written is None:
        return DEFAULT_DISTANCE
    if written.isascii() and written.isdigit() and len(written) <= 3 and int(written) <= MAX_DISTANCE:
        return int(written)
    message = _("After NEAR/ comes the number of words that may stand between, from 0 to %(most)d.")
    raise QueryError(message % {"most": MAX_DISTANCE}, position)


def _is_space(character: str) -> bool:
    return character.isspace() or category(character) == "Cc"


def _ends_term(character: str) -> bool:
    return _is_space(character) or character in _PARENTHESES or character in QUOTES
