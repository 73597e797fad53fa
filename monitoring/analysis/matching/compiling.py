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
            parts = alternative.children if isinstance(alternative, And) else (alternative,)
            for literal in triggers(alternative):
                left = [part for part in parts if not _is_settled(part, literal)]
                found[terms[literal]].append(_candidate(left, terms, keys))
    return dict(found)


def _is_settled(part: Node, found: Literal) -> bool:
    """Whether this part holds as soon as the literal was found."""
    return part == found or (isinstance(part, Or) and found in part.children)


def _candidate(parts: Iterable[Node], terms: Mapping[Literal, int], keys: tuple[int, ...]) -> Candidate:
    required: set[int] = set()
    excluded: set[int] = set()
    rest: list[Node] = []
    for part in parts:
        match part:
            case Literal():
                required.add(terms[part])
            case Not(child=Literal() as literal):
                excluded.add(terms[literal])
            case _:
                rest.append(part)
    check = condition(And(tuple(rest)), terms) if rest else None
    return Candidate(frozenset(required), frozenset(excluded), check, keys)


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


def wanted_literals(node: Node) -> list[Literal]:
    """Without those that a post must not contain."""
    form = positive_form(node)
    match form:
        case Not():
            return []
        case And() | Or():
            return [literal for child in form.children for literal in wanted_literals(child)]
        case _:
            return literals_of(form)


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
