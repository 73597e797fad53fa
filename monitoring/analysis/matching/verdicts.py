"""From the terms found in a post to the queries that it matches.

Nearly every term of a real customer's query either decides alone, or waits for one other term, or is barred by one.
These cases lie in flat arrays: with ten thousand queries the time goes into fetching objects from memory, not into
comparing. The rest is evaluated candidate by candidate.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Set

from monitoring.analysis.matching.compiling import Candidate
from monitoring.analysis.matching.documents import Document
from monitoring.analysis.matching.evaluating import Sighting

_IDLE = 0  # leads to nothing by itself
_DECIDES = 1  # the query matches
_BARRED = 2  # the query matches unless the partner was found too
_WAITS = 3  # its candidate is worth a look once the partner was found
_OPEN = 4  # its candidates are always worth a look

_LARGEST_KEY = 2**63 - 1
_NOBODY = -1


class Verdicts:
    def __init__(self, candidates: Mapping[int, list[Candidate]], count: int) -> None:
        self._roles = bytearray(count)
        self._keys = array("q", bytes(8 * count))
        self._partners = array("q", bytes(8 * count))
        self._candidates = {term: tuple(listed) for term, listed in candidates.items()}
        for term, listed in candidates.items():
            role, partner, key = _role(listed)
            self._roles[term] = role
            self._partners[term] = partner
            self._keys[term] = key

    def keys(self, document: Document, text: str, terms: Set[int]) -> tuple[int, ...]:
        """The keys of the queries that a post with these terms matches, sorted."""
        roles, keys, partners = self._roles, self._keys, self._partners
        found: list[int] = []
        for term in terms:
            role = roles[term]
            if role == _DECIDES or (role == _BARRED and partners[term] not in terms):
                found.append(keys[term])
            elif role == _OPEN or (role == _WAITS and partners[term] in terms):
                found += self._evaluated(term, Sighting(document, text, terms))
        return tuple(sorted(set(found))) if len(found) > 1 else tuple(found)

    def _evaluated(self, term: int, sighting: Sighting) -> list[int]:
        found: list[int] = []
        for required, excluded, rest, keys in self._candidates[term]:
            if (
                required <= sighting.terms
                and excluded.isdisjoint(sighting.terms)
                and (rest is None or rest(sighting))
            ):
                found += keys
        return found


def _role(candidates: list[Candidate]) -> tuple[int, int, int]:
    """The role of a term, its partner and its key."""
    required, excluded, rest, keys = candidates[0]
    if len(candidates) > 1:
        return _OPEN, _NOBODY, 0
    if required:
        return _WAITS, min(required), 0
    if rest is not None or len(keys) > 1 or len(excluded) > 1 or not -_LARGEST_KEY <= keys[0] <= _LARGEST_KEY:
        return _OPEN, _NOBODY, 0
    return (_BARRED, min(excluded), keys[0]) if excluded else (_DECIDES, _NOBODY, keys[0])
