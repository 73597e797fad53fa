"""The form in which queries and posts are compared, and the way back to the original characters.

Folding is NFKC, case folding and NFKC again, so that "Straße" equals "STRASSE" and "𝓝𝓲𝓴𝓮" equals "nike".
Beyond that: characters that nobody sees (soft hyphen, zero-width joiners, variation selectors) are dropped,
so that ❤ equals ❤️; the dot that case folding leaves on the Turkish İ is dropped, so that "istanbul" finds
"İstanbul"; typographic apostrophes and hyphens become the typed ones; ™ ends a word instead of becoming the
letters "tm"; any run of white space is one space.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from unicodedata import category, is_normalized, normalize

import regex

_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff]+")
_DOTTED_I = re.compile("i\u0307+")
_GAP = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: the automaton cannot take it
WORD_CHARACTERS = r"[\p{L}\p{N}\p{M}]"
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u3006\u30fc]"
_UNSPACED = regex.compile(UNSPACED)
# Words of plain letters with single spaces between them: each character folds on its own, to one. What follows may
# be joined with the last one, unless it is plain, too.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*(?=[ -~]|\Z)")


@lru_cache(maxsize=65536)
def is_word_character(character: str) -> bool:
    """Letters, numbers and marks make words: without marks, Hindi and Tamil words would fall apart."""
    return category(character)[0] in "LNM"


@lru_cache(maxsize=65536)
def is_unspaced(character: str) -> bool:
    """Whether its script is written without spaces between words."""
    return _UNSPACED.match(character) is not None


def fold(text: str) -> str:
    folded = text.lower() if text.isascii() else _fold_beyond_ascii(text)
    if folded.isprintable() and not ("  " in folded or "\ufe0f" in folded or "\ufe0e" in folded):
        return folded
    return _tidied(folded)


def _fold_beyond_ascii(text: str) -> str:
    """Every step is asked for first: most texts need none, and asking costs less than doing."""
    if not is_normalized("NFKC", text):
        text = normalize("NFKC", text.replace("\u2122", " ").replace("\u2120", " "))
    folded = _recomposed(text.casefold())
    return folded.replace("\u2019", "'").replace("\u2010", "-")


def _recomposed(folded: str) -> str:
    if "\u0307" in folded:
        folded = _DOTTED_I.sub("i", folded)
    return folded if is_normalized("NFKC", folded) else normalize("NFKC", folded)


def _tidied(folded: str) -> str:
    seen = _UNSEEN.sub("", _SURROGATE.sub("\ufffd", folded))
    return _GAP.sub(" ", _recomposed(seen))


class FoldedText:
    """A folded text that knows where each of its characters came from."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._parts: list[str] = []
        end = 0
        for plain in _PLAIN.finditer(original):
            self._add_segments(end, plain.start())
            self._add_plain(*plain.span())
            end = plain.end()
        self._add_segments(end, len(original))
        self.text = "".join(self._parts)

    def _add_plain(self, start: int, end: int) -> None:
        self._parts.append(self.original[start:end].lower())
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))

    def _add_segments(self, start: int, end: int) -> None:
        for segment in _segments(self.original[start:end]):
            folded = _fold_segment(segment)
            self._parts.append(folded)
            self.starts.extend([start] * len(folded))
            start += len(segment)
            self.ends.extend([start] * len(folded))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


def _segments(text: str) -> list[str]:
    """Pieces that fold on their own to what they contribute to the whole."""
    starts: list[int] = []
    in_gap = False
    for place, character in enumerate(text):
        folded = _fold_segment(character)
        if not (starts and (_continues(character) or (in_gap and folded.startswith(" ")))):
            starts.append(place)
            in_gap = False
        in_gap = folded.endswith(" ") if folded else in_gap
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


@lru_cache(maxsize=65536)
def _fold_segment(segment: str) -> str:
    return fold(segment)


@lru_cache(maxsize=65536)
def _continues(character: str) -> bool:
    """Whether folding may join it with what stands before it: marks, Hangul vowels and finals, the unseen."""
    first = normalize("NFKD", character.casefold())[:1]
    return (
        _UNSEEN.match(character) is not None
        or category(character)[0] == "M"
        or category(first)[0] == "M"
        or "\u1160" <= first <= "\u11ff"
    )
