"""Turns a query's tree into a function that says whether a post satisfies it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import TypeAlias

from monitoring.analysis.matching.documents import Document
from monitoring.analysis.matching.nearness import near_places
from monitoring.analysis.queries.folding import fold
from monitoring.analysis.queries.tree import (
    And,
    AuthorFilter,
    FollowersFilter,
    LanguageFilter,
    Literal,
    Near,
    Node,
    Not,
    Or,
    PlatformFilter,
)


@dataclass(slots=True)
class Sighting:
    """A post, its searched text, and the terms found in it."""

    document: Document
    text: str
    terms: Set[int]


Condition: TypeAlias = Callable[[Sighting], bool]


def condition(node: Node, terms: Mapping[Literal, int]) -> Condition:
    match node:
        case Literal():
            return _contains(terms[node])
        case Not():
            return _opposite(condition(node.child, terms))
        case And():
            return _every([condition(child, terms) for child in node.children])
        case Or():
            return _some([condition(child, terms) for child in node.children])
        case Near():
            return _near(node, terms)
        case _:
            return _filter(node)


def _contains(term: int) -> Condition:
    return lambda sighting: term in sighting.terms


def _opposite(inner: Condition) -> Condition:
    return lambda sighting: not inner(sighting)


def _every(conditions: list[Condition]) -> Condition:
    return lambda sighting: all(check(sighting) for check in conditions)


def _some(conditions: list[Condition]) -> Condition:
    return lambda sighting: any(check(sighting) for check in conditions)


def _near(near: Near, terms: Mapping[Literal, int]) -> Condition:
    left = frozenset(terms[literal] for literal in near.left)
    right = frozenset(terms[literal] for literal in near.right)

    def stand_together(sighting: Sighting) -> bool:
        if left.isdisjoint(sighting.terms) or right.isdisjoint(sighting.terms):
            return False
        return next(near_places(near, sighting.text), None) is not None

    return stand_together


def _filter(node: Node) -> Condition:
    match node:
        case LanguageFilter():
            codes = frozenset(node.codes)
            return lambda sighting: primary_language(sighting.document.language) in codes
        case PlatformFilter():
            slugs = frozenset(node.slugs)
            return lambda sighting: sighting.document.platform.lower() in slugs
        case AuthorFilter():
            handle = node.handle
            return lambda sighting: comparable_handle(sighting.document.author_handle) == handle
        case FollowersFilter():
            minimum = node.minimum
            return lambda sighting: _at_least(sighting.document.author_followers, minimum)
        case _:
            raise TypeError(node)


def _at_least(followers: int | None, minimum: int) -> bool:
    return followers is not None and followers >= minimum


def primary_language(code: str | None) -> str | None:
    """`pt` of `pt-BR`: queries do not tell regions apart."""
    return None if code is None else code.replace("_", "-").partition("-")[0].lower()


def comparable_handle(handle: str) -> str:
    return fold(handle).strip().removeprefix("@")
