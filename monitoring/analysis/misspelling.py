"""Words that are probably a known word typed wrongly: by the edits between them, and by how people mistype."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

FEWEST_LETTERS: Final = 5  # shorter words have too many neighbors that are words of their own
TWO_EDITS_FROM: Final = 8
MOST_GUESSED: Final = 8


@dataclass(frozen=True)
class Misspelling:
    """A word that was met, of which known word it is a misspelling, by how many edits, and how often it was met."""

    word: str
    of: str
    edits: int
    met: int


def misspellings_among(met: Mapping[str, int], *, of: Iterable[str]) -> list[Misspelling]:
    """Which of the words that were met are known words with one letter wrong, or two in a long one.

    A letter that is missing, too many or another, and two that changed places, are one edit each. The commonest first.
    """
    known = sorted({word for word in of if len(word) >= FEWEST_LETTERS and word.isalpha()})
    words = [word for word in met if word.isalpha() and word not in known]
    nearest: dict[str, Misspelling] = {}
    for original in known:
        most = edits_allowed(original)
        for word, edits, _place in process.extract(
            original, words, scorer=OSA.distance, score_cutoff=most, limit=None
        ):
            found = Misspelling(word, original, int(edits), met[word])
            nearest[word] = min(nearest.get(word, found), found, key=lambda each: (each.edits, each.of))
    return sorted(nearest.values(), key=lambda each: (-each.met, each.edits, each.word))


def edits_allowed(word: str) -> int:
    return 2 if len(word) >= TWO_EDITS_FROM else 1


def likely_misspellings(word: str) -> list[str]:
    """How a word is mistyped most often: two letters changed places, one left out, one typed twice or not twice."""
    if len(word) < FEWEST_LETTERS or not word.isalpha():
        return []
    guesses = (guess for pair in zip(_swapped(word), _left_out(word), strict=True) for guess in pair)
    return list(dict.fromkeys(guess for guess in [*_doubled(word), *guesses] if guess != word))[:MOST_GUESSED]


def _swapped(word: str) -> Iterator[str]:
    """The first letter is hardly ever wrong."""
    return (word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1))


def _left_out(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(1, len(word) - 1))


def _doubled(word: str) -> Iterator[str]:
    """Letters that stand twice, once."""
    return (word[:at] + word[at + 1 :] for at in range(1, len(word)) if word[at] == word[at - 1])
