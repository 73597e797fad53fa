"""The parser of the query language. `docs/keywords.md` describes the language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.utils.translation import gettext as _

from monitoring.analysis.queries.errors import QueryError
from monitoring.analysis.queries.scanning import Token, TokenKind, scan
from monitoring.analysis.queries.terms import bare_term, quoted_author, quoted_term
from monitoring.analysis.queries.tree import (
    And,
    Filter,
    Literal,
    Near,
    Node,
    Not,
    Or,
    all_of,
    any_of,
    negated,
)
from monitoring.analysis.queries.writing import canonical, write

MAX_LENGTH = 2_000
MAX_TERMS = 100
MAX_DEPTH = 20

_MAKERS = {TokenKind.TERM: bare_term, TokenKind.QUOTED: quoted_term, TokenKind.AUTHOR: quoted_author}
_BEGINS_OPERAND = (*_MAKERS, TokenKind.OPEN, TokenKind.NOT)


@dataclass(frozen=True)
class Query:
    """A parsed query. Two that differ only in spacing, case or order have the same `normalized` text."""

    text: str
    root: Node

    @cached_property
    def canonical_root(self) -> Node:
        return canonical(self.root)

    @cached_property
    def normalized(self) -> str:
        return write(self.canonical_root)


@lru_cache(maxsize=4096)
def parse(text: str) -> Query:
    """Understand a query, or raise QueryError at the character that is wrong."""
    if len(text) > MAX_LENGTH:
        raise _too_long()
    query = Query(text, _Parser(scan(text)).parse())
    if len(query.normalized) > MAX_LENGTH:
        raise _too_long(len(text))
    return query


@lru_cache(maxsize=1024)
def parse_search(text: str) -> Query:
    """Understand a search among what is stored: as `parse`, but exclusions and filters may stand alone."""
    if len(text) > MAX_LENGTH:
        raise _too_long()
    return Query(text, _Parser(scan(text)).parse(is_search=True))


def _too_long(length: int = MAX_LENGTH + 1) -> QueryError:
    message = _("A query has at most %(most)d characters. Split this one into several keywords.")
    return QueryError(message % {"most": MAX_LENGTH}, min(MAX_LENGTH, length - 1))


class _Parser:
    """Recursive descent, with the depth counted so that no input reaches the interpreter's limit."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0
        self.terms = 0
        self.places: dict[Node, int] = {}  # where each part begins, for the errors found at the end

    @property
    def current(self) -> Token:
        return self.tokens[self.index]

    def at(self, kind: TokenKind) -> bool:
        return self.current.kind is kind

    def advance(self) -> Token:
        token = self.current
        self.index += 1
        return token

    def parse(self, *, is_search: bool = False) -> Node:
        if self.at(TokenKind.END):
            raise QueryError(_("Type at least one word to look for."), 0)
        root = self.alternatives()
        if self.current.kind is TokenKind.CLOSE:
            raise QueryError(
                _("There is no open parenthesis that this one could close."), self.current.position
            )
        if not is_search:
            self.require_something_to_find(root)
        return root

    def alternatives(self) -> Node:
        position = self.current.position
        children = [self.conjunction()]
        while self.at(TokenKind.OR):
            operator = self.advance()
            self.require_operand_after(operator)
            children.append(self.conjunction())
        return self.placed(any_of(children), position)

    def conjunction(self) -> Node:
        position = self.current.position
        children = [self.proximity()]
        while self.current.kind in (TokenKind.AND, *_BEGINS_OPERAND):
            if self.at(TokenKind.AND):
                self.require_operand_after(self.advance())
            children.append(self.proximity())
        return self.placed(all_of(children), position)

    def proximity(self) -> Node:
        position = self.current.position
        left = self.operand()
        if not self.at(TokenKind.NEAR):
            return left
        operator = self.advance()
        self.require_operand_after(operator)
        right = self.operand()
        if self.at(TokenKind.NEAR):
            message = _("NEAR joins two terms. Write (a NEAR/5 b) (b NEAR/5 c) for three.")
            raise QueryError(message, self.current.position)
        near = Near(_side(left, operator), _side(right, operator), operator.distance)
        return self.placed(near, position)

    def operand(self) -> Node:
        token = self.current
        if token.kind not in _BEGINS_OPERAND:
            raise _misplaced(token)
        self.advance()
        if token.kind is TokenKind.OPEN:
            return self.group(token)
        if token.kind is TokenKind.NOT:
            return self.negation(token)
        return self.placed(self.term(token), token.position)

    def group(self, opening: Token) -> Node:
        self.descend(opening)
        if self.at(TokenKind.CLOSE):
            raise QueryError(_("There is nothing between these parentheses."), opening.position)
        inner = None if self.at(TokenKind.END) else self.alternatives()
        if inner is None or not self.at(TokenKind.CLOSE):
            raise QueryError(_("This parenthesis is never closed."), opening.position)
        self.advance()
        self.depth -= 1
        return inner

    def negation(self, operator: Token) -> Node:
        self.descend(operator)
        self.require_operand_after(operator)
        inner = self.operand()
        self.depth -= 1
        return self.placed(negated(inner), operator.position)

    def term(self, token: Token) -> Literal | Filter:
        self.terms += 1
        if self.terms > MAX_TERMS:
            message = _(
                "A query has at most %(most)d words and filters. Split this one into several keywords."
            )
            raise QueryError(message % {"most": MAX_TERMS}, token.position)
        return _MAKERS[token.kind](token.text, token.position)

    def descend(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = _("Parentheses and exclusions stand at most %(most)d deep in each other.")
            raise QueryError(message % {"most": MAX_DEPTH}, token.position)

    def require_operand_after(self, operator: Token) -> None:
        if self.current.kind not in _BEGINS_OPERAND:
            message = _("After “%(operator)s” something to look for must follow.")
            raise QueryError(message % {"operator": operator.text}, operator.position)

    def placed(self, node: Node, position: int) -> Node:
        self.places.setdefault(node, position)
        return node

    def require_something_to_find(self, root: Node) -> None:
        """Every alternative needs a word that a post contains: exclusions alone cannot be searched for."""
        if finds_something(root):
            return
        if not _has_wanted_literal(root):
            message = _(
                "Name at least one word that a post must contain. Exclusions and filters alone find nothing."
            )
            raise QueryError(message, 0)
        message = _("This side of OR names no word that a post must contain, only exclusions or filters.")
        raise QueryError(message, self.place_of_bare_side(root))

    def place_of_bare_side(self, root: Node) -> int:
        pending = [root]
        while pending:
            node = pending.pop(0)
            children = node.children if isinstance(node, And | Or) else ()
            if isinstance(node, Or):
                bare = next(child for child in children if not finds_something(child))
                if not _has_wanted_literal(bare):
                    return self.places.get(bare, 0)
                children = (bare,)
            pending.extend(children)
        return 0


def finds_something(node: Node, *, wanted: bool = True) -> bool:
    """Whether every post that satisfies this (or, unwanted, its opposite) contains some wanted literal."""
    match node:
        case Literal() | Near():
            return wanted
        case Not():
            return finds_something(node.child, wanted=not wanted)
        case And() | Or():
            enough = any if isinstance(node, And) == wanted else all
            return enough(finds_something(child, wanted=wanted) for child in node.children)
        case _:
            return False


def _has_wanted_literal(node: Node, *, wanted: bool = True) -> bool:
    match node:
        case Literal() | Near():
            return wanted
        case Not():
            return _has_wanted_literal(node.child, wanted=not wanted)
        case And() | Or():
            return any(_has_wanted_literal(child, wanted=wanted) for child in node.children)
        case _:
            return False


def _side(node: Node, operator: Token) -> tuple[Literal, ...]:
    children = node.children if isinstance(node, Or) else (node,)
    literals = tuple(child for child in children if isinstance(child, Literal))
    if len(literals) < len(children):
        message = _(
            "NEAR stands between words, phrases or hashtags, or several of them joined by OR in parentheses."
        )
        raise QueryError(message, operator.position)
    return literals


def _misplaced(token: Token) -> QueryError:
    if token.kind is TokenKind.CLOSE:
        return QueryError(_("There is no open parenthesis that this one could close."), token.position)
    message = _("Before “%(operator)s” something to look for must stand.")
    return QueryError(message % {"operator": token.text}, token.position)
