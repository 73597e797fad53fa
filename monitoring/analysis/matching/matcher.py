"""Many queries against many posts, in one pass over each post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from ahocorasick_rs import AhoCorasick

from monitoring.analysis.matching.compiling import candidates_by_trigger, literals_of
from monitoring.analysis.matching.documents import Document
from monitoring.analysis.matching.edges import JOINS, pattern_of, stands_alone
from monitoring.analysis.matching.verdicts import Verdicts
from monitoring.analysis.queries.parsing import Query
from monitoring.analysis.queries.tree import And, LanguageFilter, Literal, LiteralKind, Node, Not, Or

_Check: TypeAlias = Callable[[str, int, int], bool]


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
        terms = self._arrange_patterns(keys_of)
        roots = ((root, tuple(keys)) for root, keys in keys_of.items())
        self._verdicts = Verdicts(candidates_by_trigger(roots, terms), len(terms))

    def match(self, document: Document) -> tuple[int, ...]:
        """The keys of the queries that the post matches, sorted."""
        return self.match_many([document])[0]

    def match_many(self, documents: Iterable[Document]) -> list[tuple[int, ...]]:
        """Step by step for all of them: the automaton and the queries push each other out of a processor's cache."""
        documents = list(documents)
        texts = [document.searched_text() for document in documents]
        found = [self._terms_in(text) for text in texts]
        keys = self._verdicts.keys
        return [
            keys(document, text, terms) if terms else ()
            for document, text, terms in zip(documents, texts, found, strict=True)
        ]

    def _arrange_patterns(self, roots: Iterable[Node]) -> dict[Literal, int]:
        """Number the literals as their patterns; a literal that shares a pattern gets a number behind them."""
        meanings: defaultdict[str, dict[Literal, None]] = defaultdict(dict)
        for root in roots:
            for literal in literals_of(root):
                meanings[pattern_of(literal)][literal] = None
        self._automaton = AhoCorasick(list(meanings))
        self._special = bytearray(len(meanings))
        self._checks: dict[int, tuple[tuple[int, _Check], ...]] = {}
        terms: dict[Literal, int] = {
            next(iter(literals)): pattern for pattern, literals in enumerate(meanings.values())
        }
        for pattern, literals in enumerate(meanings.values()):
            for literal in literals:
                terms.setdefault(literal, len(terms))
            if len(literals) > 1 or not all(map(_is_plain, literals)):
                self._special[pattern] = True
                self._checks[pattern] = tuple((terms[literal], stands_alone(literal)) for literal in literals)
        return terms

    def _terms_in(self, text: str) -> set[int]:
        terms: set[int] = set()
        joins, special = JOINS, self._special
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if special[pattern]:
                terms.update(term for term, stands in self._checks[pattern] if stands(text, start, end))
            elif not (joins[text[start - 1]] or joins[text[end]]):
                terms.add(pattern)
        return terms


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
