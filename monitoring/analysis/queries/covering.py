"""What to ask a platform for: simple conjunctions that together cover everything a query can match."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from monitoring.analysis.queries.conjunctions import Alternative, Conjunction, conjunction_of
from monitoring.analysis.queries.parsing import Query, finds_something
from monitoring.analysis.queries.tree import And, Near, Node, Not, Or, all_of, any_of, positive_form

MAX_ALTERNATIVES = 32


def alternatives(query: Query) -> tuple[Conjunction, ...]:
    """A cover of the query: at most 32 conjunctions, or as many as its longest lists joined by OR need.

    Where multiplying out would give more, conditions are left out, never alternatives: the cover then asks
    for more than the query matches. Empty if nothing can match (`platform:x -platform:x nike`).
    """
    root = positive_form(query.canonical_root)
    found = _absorbed(_cover(root, MAX_ALTERNATIVES))
    conjunctions = {conjunction for conjunction in map(conjunction_of, found) if conjunction is not None}
    return tuple(sorted(conjunctions, key=repr))


def _cover(node: Node, most: int) -> list[Alternative]:
    if isinstance(node, Or):
        covers = [_cover(child, most) for child in node.children]
        if sum(map(len, covers)) > most > 1:
            covers = [_cover(child, 1) for child in node.children]
        return [alternative for cover in covers for alternative in cover]
    if isinstance(node, And):
        return _product(node, most)
    if isinstance(node, Near):
        return _cover(all_of([any_of(node.left), any_of(node.right)]), most)
    if isinstance(node, Not) and isinstance(node.child, Near):
        return [frozenset()]  # no search can say this
    return [frozenset([node])]


def _product(node: And, most: int) -> list[Alternative]:
    """Multiply out as far as it goes, beginning with the shortest part that a search can start from."""
    parts = [(not finds_something(child), _cover(child, most)) for child in node.children]
    parts.sort(key=lambda part: (part[0], len(part[1])))
    found = parts[0][1]
    for _unfindable, cover in parts[1:]:
        if len(found) * len(cover) <= max(most, len(found)):
            found = [left | right for left, right in product(found, cover)]
    return found


def _absorbed(found: Iterable[Alternative]) -> list[Alternative]:
    """Without those that a less demanding one covers anyway."""
    kept: list[Alternative] = []
    for alternative in sorted(set(found), key=len):
        if not any(other <= alternative for other in kept):
            kept.append(alternative)
    return kept
