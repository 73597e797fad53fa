"""What a query is made of, once parsed. All text in it is folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class LiteralKind(StrEnum):
    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    HASHTAG = "hashtag"
    HANDLE = "handle"


@dataclass(frozen=True)
class Literal:
    """Something that must stand in the post. `text` is without #, @ or *."""

    kind: LiteralKind
    text: str


@dataclass(frozen=True)
class Near:
    """Both sides in either order, at most `distance` words between them. A side is any of its literals."""

    left: tuple[Literal, ...]
    right: tuple[Literal, ...]
    distance: int


@dataclass(frozen=True)
class LanguageFilter:
    codes: tuple[str, ...]  # one of these


@dataclass(frozen=True)
class PlatformFilter:
    slugs: tuple[str, ...]  # one of these


@dataclass(frozen=True)
class AuthorFilter:
    handle: str


@dataclass(frozen=True)
class FollowersFilter:
    """At least so many followers; a post whose platform does not say how many never passes."""

    minimum: int


@dataclass(frozen=True)
class Not:
    child: Node


@dataclass(frozen=True)
class And:
    children: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    children: tuple[Node, ...]


Filter: TypeAlias = LanguageFilter | PlatformFilter | AuthorFilter | FollowersFilter
Node: TypeAlias = Literal | Near | Filter | Not | And | Or


def all_of(children: Iterable[Node]) -> Node:
    """Their conjunction, flat and without repetition."""
    flat = _flat(children, And)
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(children: Iterable[Node]) -> Node:
    """Their disjunction, flat and without repetition."""
    flat = _flat(children, Or)
    return flat[0] if len(flat) == 1 else Or(flat)


def negated(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def _flat(children: Iterable[Node], kind: type[And] | type[Or]) -> tuple[Node, ...]:
    found: dict[Node, None] = {}
    for child in children:
        for node in child.children if isinstance(child, kind) else (child,):
            found[node] = None
    return tuple(found)


def positive_form(node: Node, *, wanted: bool = True) -> Node:
    """The same query with every negation directly before a literal, a NEAR or a filter."""
    if isinstance(node, Not):
        return positive_form(node.child, wanted=not wanted)
    if isinstance(node, And | Or):
        children = [positive_form(child, wanted=wanted) for child in node.children]
        return all_of(children) if isinstance(node, And) == wanted else any_of(children)
    return node if wanted else Not(node)
