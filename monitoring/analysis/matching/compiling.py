"""Prepares queries so that a post is compared only with those that it could match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from monitoring.analysis.matching.evaluating import Condition, condition
from monitoring.analysis.queries.parsing import finds_something
from monitoring.analysis.queries.tree import And, Literal, Near, Node, Not, Or, positive_form


class Candidate(NamedTuple):
    """One alternative of a query, looked at when its trigger was found."""

    required: frozenset[int]  # besides the trigger
    excluded: frozenset[int]
    rest: Condition | None  # what is more than terms found or not found
    keys: tuple[int, ...]


def candidates_by_trigger(
    roots: Iterable[tuple[Node, tuple[int, ...]]], terms: Mapping[Literal, int]
) -> dict[int, list[Candidate]]:
    """For each term the alternatives that are worth a look when it was found.

    Every alternative stands under few terms, the rarest of those without which it cannot hold.
    """
    found: defaultdict[int, list[Candidate]] = defaultdict(list)
    for root, keys in roots:
        form = positive_form(root)
        for alternative in form.children if isinstance(form, Or) else (form,):
            candidate = _candidate(alternative, terms, keys)
            for literal in triggers(alternative):
                trigger = terms[literal]
                found[trigger].append(candidate._replace(required=candidate.required - {trigger}))
    return dict(found)


def _candidate(alternative: Node, terms: Mapping[Literal, int], keys: tuple[int, ...]) -> Candidate:
    parts = alternative.children if isinstance(alternative, And) else (alternative,)
    required = frozenset(terms[part] for part in parts if isinstance(part, Literal))
    excluded = frozenset(terms[part] for part in map(_excluded_literal, parts) if part is not None)
    rest = tuple(part for part in parts if not isinstance(part, Literal) and _excluded_literal(part) is None)
    return Candidate(required, excluded, condition(And(rest), terms) if rest else None, keys)


def literals_of(node: Node) -> list[Literal]:
    match node:
        case Literal():
            return [node]
        case Near():
            return [*node.left, *node.right]
        case Not():
            return literals_of(node.child)
        case And() | Or():
            return [literal for child in node.children for literal in literals_of(child)]
        case _:
            return []


def triggers(node: Node) -> frozenset[Literal]:
    """The rarest literals of which every matching post contains at least one. `node` is in positive form."""
    match node:
        case Literal():
            return frozenset((node,))
        case Near():
            return min(frozenset(node.left), frozenset(node.right), key=_commonness)
        case Or():
            return frozenset[Literal]().union(*map(triggers, node.children))
        case And():
            choices = [triggers(child) for child in node.children if finds_something(child)]
            return min(choices, key=_commonness)
        case _:
            raise TypeError(node)


def _commonness(literals: frozenset[Literal]) -> float:
    """A guess at how often one of them is met: short ones are common."""
    return sum(2.0 ** -len(literal.text) for literal in literals)


def _excluded_literal(node: Node) -> Literal | None:
    return node.child if isinstance(node, Not) and isinstance(node.child, Literal) else None
