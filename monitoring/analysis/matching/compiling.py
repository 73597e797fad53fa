"""Prepares queries so that a post is compared only with those that it could match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitoring.analysis.matching.evaluating import Condition, condition
from monitoring.analysis.queries.parsing import finds_something
from monitoring.analysis.queries.tree import And, Literal, Near, Node, Not, Or, positive_form


@dataclass(frozen=True, slots=True)
class Candidate:
    """One alternative of a query, looked at when its trigger was found."""

    keys: tuple[int, ...]
    required: frozenset[int]  # besides the trigger
    excluded: frozenset[int]
    rest: Condition | None  # what is more than terms found or not found


class Index:
    """From the literals of a post to the queries that they decide, or that deserve a closer look."""

    def __init__(self, roots: Iterable[tuple[Node, tuple[int, ...]]]) -> None:
        self.terms: dict[Literal, int] = {}
        self.decided: defaultdict[int, list[int]] = defaultdict(list)
        self.candidates: defaultdict[int, list[Candidate]] = defaultdict(list)
        for root, keys in roots:
            form = positive_form(root)
            for alternative in form.children if isinstance(form, Or) else (form,):
                self._add(alternative, keys)

    def _add(self, alternative: Node, keys: tuple[int, ...]) -> None:
        for literal in literals_of(alternative):
            self.terms.setdefault(literal, len(self.terms))
        parts = alternative.children if isinstance(alternative, And) else (alternative,)
        required = frozenset(self.terms[part] for part in parts if isinstance(part, Literal))
        excluded = frozenset(self.terms[part] for part in map(_excluded_literal, parts) if part is not None)
        rest = [part for part in parts if not isinstance(part, Literal) and _excluded_literal(part) is None]
        check = condition(And(tuple(rest)), self.terms) if rest else None
        for literal in triggers(alternative):
            term = self.terms[literal]
            others = required - {term}
            if others or excluded or check is not None:
                self.candidates[term].append(Candidate(keys, others, excluded, check))
            else:
                self.decided[term].extend(keys)


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
