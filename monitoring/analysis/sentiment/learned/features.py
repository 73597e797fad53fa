"""What the model sees of a post: its words, pairs of words and pieces of words, hashed, and what the rules read.

All texts are hashed in one pass over one array of characters. A post of ninety characters has some 280 pieces; one
by one they would cost ten times as much. Whoever changes what comes out here counts `FEATURES` up: models that were
trained on something else are then refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.analysis.entities import find_entities
from monitoring.analysis.sentiment.rules import Reading, RuleJudge
from monitoring.analysis.words import fold

FEATURES = 1
BITS = 18
BUCKETS = 1 << BITS
LONGEST_TEXT = 2_000  # characters of a post that are looked at
LONGEST_PIECE = 5
LONGEST_WORD = 64  # the letters of a word that tell it from others
READ_BY_RULES = 11  # numbers that say what the rules read
SPACE = ord(" ")

Numbers = NDArray[np.float32]
Integers = NDArray[np.intp]
Hashes = NDArray[np.uint32]

_RULES = RuleJudge()
_LETTER = np.uint32(0x9E3779B1)
_NEXT_LETTER = np.uint32(0x01000193)
_WORD = np.uint32(0x85EBCA6B)
_PAIR = np.uint32(0xC2B2AE35)
_PLACES = np.cumprod(np.full(LONGEST_WORD, 0x9E3779B1, dtype=np.uint32), dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Pieces:
    """The bucket of each piece of each text, and which text it is of."""

    texts: Integers
    buckets: Integers
    count: int  # of the texts

    def scale(self) -> Numbers:
        """A long post does not weigh more than a short one."""
        sizes = np.bincount(self.texts, minlength=self.count)
        return (1 / np.sqrt(np.maximum(sizes, 1))).astype(np.float32)


def pieces_of(texts: Sequence[str]) -> Pieces:
    """Every piece of two to five letters inside a word with the spaces around it, every word and pair of words."""
    # A space on either side of each: where two meet, a text ends.
    plain = [f" {' '.join(fold(find_entities(text[:LONGEST_TEXT]).prose).split())} " for text in texts]
    letters = np.frombuffer("".join(plain).encode("utf-32-le", "replace"), dtype=np.uint32)
    is_space = letters == SPACE
    lengths = np.fromiter(map(len, plain), dtype=np.intp, count=len(plain))
    owners = np.repeat(np.arange(len(plain)), lengths)
    hashed = [*_parts_of_words(letters, is_space), *_words(letters, is_space, owners)]
    return Pieces(
        texts=np.concatenate([owners[places] for places, _ in hashed]),
        buckets=np.concatenate([_bucket(hashes) for _, hashes in hashed]),
        count=len(plain),
    )


def _parts_of_words(letters: Hashes, is_space: NDArray[np.bool_]) -> list[tuple[Integers, Hashes]]:
    """Where pieces begin, and their hashes, by length."""
    own = (letters + np.uint32(1)) * _LETTER
    spaces = np.cumsum(is_space)
    rolling, found = own, []
    for length in range(2, LONGEST_PIECE + 1):
        rolling = rolling[:-1] * _NEXT_LETTER + own[length - 1 :]
        size = max(len(rolling), 0)
        is_inside = spaces[length - 2 : length - 2 + size] == spaces[:size]
        is_whole = is_space[:size] & is_space[length - 1 :]  # that is the word itself
        places = np.flatnonzero(is_inside & ~is_whole)
        found.append((places, rolling[places] + np.uint32(length)))
    return found


def _words(letters: Hashes, is_space: NDArray[np.bool_], owners: Integers) -> list[tuple[Integers, Hashes]]:
    begins = np.flatnonzero(is_space[:-1] & ~is_space[1:]) + 1
    if not len(begins):
        return []
    number = np.maximum(np.searchsorted(begins, np.arange(len(letters)), side="right") - 1, 0)
    place = np.arange(len(letters)) - begins[number]
    counted = np.where(is_space | (place < 0) | (place >= LONGEST_WORD), 0, letters + np.uint32(1))
    turned = counted.astype(np.uint32) * _PLACES[np.clip(place, 0, LONGEST_WORD - 1)]
    words = np.add.reduceat(turned, begins, dtype=np.uint32) * _WORD
    together = owners[begins[1:]] == owners[begins[:-1]]
    pairs = (words[:-1] ^ (words[1:] >> np.uint32(7))) * _PAIR + words[1:]
    return [(begins, words), (begins[:-1][together], pairs[together])]


def _bucket(hashes: Hashes) -> Integers:
    mixed = (hashes ^ (hashes >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    mixed = (mixed ^ (mixed >> np.uint32(12))) * np.uint32(0x297A2D39)
    return (mixed >> np.uint32(32 - BITS)).astype(np.intp)


def what_the_rules_read(readings: Sequence[Reading]) -> Numbers:
    """A row of numbers for each reading, about as large as one; the last is always one."""
    return np.array([_row(reading) for reading in readings], dtype=np.float32).reshape(-1, READ_BY_RULES)


def _row(reading: Reading) -> tuple[float, ...]:
    score = _RULES.score(reading)
    sentiment = _RULES.sentiment_of(score)
    good = sum([hit.weight for hit in reading.hits if hit.weight > 0])
    bad = sum([hit.weight for hit in reading.hits if hit.weight < 0])
    return (
        max(-6.0, min(score, 6.0)) / 2,
        sentiment == 1,
        sentiment == -1,
        min(good, 8.0) / 3,
        max(bad, -8.0) / 3,
        not reading.hits,
        min(reading.exclamations, 3) / 3,
        reading.is_question,
        reading.has_link,
        min(reading.bare_negators, 3) / 2,
        1.0,
    )
