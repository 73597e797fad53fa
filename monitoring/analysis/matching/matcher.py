"""Many queries against many posts, in one pass over each post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from monitoring.analysis.matching.compiling import Candidate, Index
from monitoring.analysis.matching.documents import Document
from monitoring.analysis.matching.edges import JOINS, pattern_of, stands_alone
from monitoring.analysis.matching.evaluating import Sighting
from monitoring.analysis.queries.parsing import Query
from monitoring.analysis.queries.tree import And, LanguageFilter, Literal, LiteralKind, Node, Not, Or

_Check: TypeAlias = Callable[[str, int, int], bool]

_NOT_PLAIN = -1


class Matcher:
    """Says which of its queries a post matches. Build it anew when a query changes: that is cheap.

    One automaton finds every literal of every query; each hit is checked for word boundaries; the literals
    that stand lead to the queries that need them, and only those are evaluated.
    """

    def __init__(self, queries: Mapping[int, Query]) -> None:
        keys_of: defaultdict[Node, list[int]] = defaultdict(list)
        for key, query in queries.items():
            keys_of[query.canonical_root].append(key)
        self.needs_language = any(map(_filters_language, keys_of))
        index = Index((root, tuple(keys)) for root, keys in keys_of.items())
        self._arrange_patterns(index.terms)
        self._arrange_terms(index)

    def match(self, document: Document) -> tuple[int, ...]:
        """The keys of the queries that the post matches, sorted."""
        text = document.searched_text()
        terms = self._terms_in(text)
        return self._keys(document, text, terms) if terms else ()

    def match_many(self, documents: Iterable[Document]) -> list[tuple[int, ...]]:
        return [self.match(document) for document in documents]

    def _arrange_patterns(self, terms: Mapping[Literal, int]) -> None:
        meanings: defaultdict[str, list[Literal]] = defaultdict(list)
        for literal in terms:
            meanings[pattern_of(literal)].append(literal)
        self._automaton = AhoCorasick(list(meanings))
        self._plain_terms: list[int] = []
        self._checks: list[tuple[tuple[int, _Check], ...]] = []
        for literals in meanings.values():
            plain = len(literals) == 1 and _is_plain(literals[0])
            self._plain_terms.append(terms[literals[0]] if plain else _NOT_PLAIN)
            self._checks.append(tuple((terms[literal], stands_alone(literal)) for literal in literals))

    def _arrange_terms(self, index: Index) -> None:
        numbers = range(len(index.terms))
        self._decided = [tuple(index.decided.get(term, ())) for term in numbers]
        self._candidates: list[tuple[Candidate, ...]] = [
            tuple(index.candidates.get(term, ())) for term in numbers
        ]

    def _terms_in(self, text: str) -> set[int]:
        terms: set[int] = set()
        joins = JOINS
        plain_terms = self._plain_terms
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            term = plain_terms[pattern]
            if term == _NOT_PLAIN:
                for special, stands in self._checks[pattern]:
                    if stands(text, start, end):
                        terms.add(special)
            elif not joins[text[start - 1]] and not joins[text[end]]:
                terms.add(term)
        return terms

    def _keys(self, document: Document, text: str, terms: set[int]) -> tuple[int, ...]:
        keys: set[int] = set()
        sighting = Sighting(document, text, terms)
        for term in terms:
            keys.update(self._decided[term])
            for candidate in self._candidates[term]:
                if (
                    candidate.required <= terms
                    and candidate.excluded.isdisjoint(terms)
                    and (candidate.rest is None or candidate.rest(sighting))
                ):
                    keys.update(candidate.keys)
        return tuple(sorted(keys))


def _is_plain(literal: Literal) -> bool:
    """A word or phrase whose both ends need a boundary: nearly every literal, so it is checked in place."""
    if literal.kind not in (LiteralKind.WORD, LiteralKind.PHRASE):
        return False
    return JOINS[literal.text[0]] and JOINS[literal.text[-1]]


def _filters_language(node: Node) -> bool:
    if isinstance(node, Not):
        return _filters_language(node.child)
    if isinstance(node, And | Or):
        return any(map(_filters_language, node.children))
    return isinstance(node, LanguageFilter)
