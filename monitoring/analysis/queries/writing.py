"""Writes a tree back as query text, always the same for the same query."""

from __future__ import annotations

from monitoring.analysis.queries.folding import is_word_character
from monitoring.analysis.queries.scanning import QUOTES
from monitoring.analysis.queries.terms import is_handle
from monitoring.analysis.queries.tree import (
    And,
    AuthorFilter,
    FollowersFilter,
    LanguageFilter,
    Literal,
    LiteralKind,
    Near,
    Node,
    Not,
    Or,
    PlatformFilter,
    all_of,
    any_of,
    negated,
)


def write(node: Node) -> str:
    """Text that parses to this tree."""
    if isinstance(node, Or):
        return " OR ".join(write(child) for child in node.children)
    if isinstance(node, And):
        return " ".join(_write_part(child, Or) for child in node.children)
    if isinstance(node, Not):
        return f"-{_write_part(node.child, And, Or, Near)}"
    return _write_leaf(node)


def canonical(node: Node) -> Node:
    """The tree with its parts in one order, so that queries that differ only in that become equal."""
    if isinstance(node, Not):
        return negated(canonical(node.child))
    if isinstance(node, And | Or):
        children = sorted((canonical(child) for child in node.children), key=write)
        joined = all_of(children) if isinstance(node, And) else any_of(children)
        return _sorted(joined)
    if isinstance(node, Near):
        left, right = sorted((_sorted_side(node.left), _sorted_side(node.right)), key=_write_side)
        return Near(left, right, node.distance)
    return node


def _sorted(node: Node) -> Node:
    if isinstance(node, And | Or):
        return type(node)(tuple(sorted(node.children, key=write)))
    return node


def _sorted_side(side: tuple[Literal, ...]) -> tuple[Literal, ...]:
    return tuple(sorted(set(side), key=write))


def _write_part(node: Node, *grouped: type[Node]) -> str:
    return f"({write(node)})" if isinstance(node, grouped) else write(node)


def _write_leaf(node: Node) -> str:
    match node:
        case Literal():
            return _write_literal(node)
        case Near():
            return f"{_write_side(node.left)} NEAR/{node.distance} {_write_side(node.right)}"
        case LanguageFilter():
            return f"lang:{','.join(node.codes)}"
        case PlatformFilter():
            return f"platform:{','.join(node.slugs)}"
        case AuthorFilter():
            return write_author(node.handle)
        case FollowersFilter():
            return f"min_followers:{node.minimum}"
        case _:
            raise TypeError(node)


def write_author(name: str) -> str:
    """The filter that asks for an author; a name that is no handle stands between quotation marks, without its own."""
    name = " ".join("".join(" " if each in QUOTES else each for each in name).split())
    return f"from:@{name}" if is_handle(name) else f'from:"@{name}"'


def _write_literal(literal: Literal) -> str:
    match literal.kind:
        case LiteralKind.HASHTAG:
            return f"#{literal.text}"
        case LiteralKind.HANDLE:
            return f"@{literal.text}"
        case LiteralKind.PREFIX:
            return f"{literal.text}*"
        case _:
            plain = all(is_word_character(character) for character in literal.text)
            return literal.text if plain else f'"{literal.text}"'


def _write_side(side: tuple[Literal, ...]) -> str:
    written = " OR ".join(_write_literal(literal) for literal in side)
    return written if len(side) == 1 else f"({written})"
