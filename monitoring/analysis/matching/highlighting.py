"""Where in a post's own text the words of a query stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitoring.analysis.matching.documents import padded
from monitoring.analysis.matching.edges import occurrences
from monitoring.analysis.matching.nearness import near_places
from monitoring.analysis.queries.folding import FoldedText
from monitoring.analysis.queries.parsing import Query
from monitoring.analysis.queries.tree import And, Literal, Near, Node, Or, positive_form


def spans(query: Query, document_text: str) -> tuple[tuple[int, int], ...]:
    """Start and end, in the original text, of everything that the query looks for: sorted and merged.

    Excluded words do not count, nor do the words of a NEAR that stand too far apart. Whether the post as a
    whole matches is not asked: its other words may stand in the title.
    """
    if not document_text:
        return ()
    folded = FoldedText(document_text)
    text = padded(folded.text)
    found = _places(positive_form(query.root), text)
    return _merged(folded.original_span(start - 1, end - 1) for start, end in found)


def _places(node: Node, text: str) -> Iterator[tuple[int, int]]:
    match node:
        case Literal():
            yield from occurrences(node, text)
        case Near():
            yield from near_places(node, text)
        case And() | Or():
            for child in node.children:
                yield from _places(child, text)
        case _:
            return  # filters, and what is excluded


def _merged(places: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
