"""Lexicons: what single words, phrases and emoji say, and the words that turn or strengthen it.

A lexicon is a text file beside this module. Each line begins with what its words are:

    3, -2, 0.5 …          a weight from -4 (very bad) to 4 (very good); 0 takes back what an included lexicon says
    not                   negators
    more, less            intensifiers and dampeners
    but                   contrast: what follows counts more than what came before
    reach                 how many words a negator reaches forward, and how many backward
    prefixes, suffixes    what is written together with a word and may be taken off
    include               other lexicons to begin with

`word*` is any word that begins so, `two_words` a phrase. Accents are folded away, in the file as in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from pathlib import Path

import regex
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitoring.analysis.sentiment.tokens import ONLY_STOPS, WORD_START, tokens_of, words_of_hashtag

FOLDER = Path(__file__).parent / "lexicons"
COMMON = "common"
UNKNOWN = "und"
ELONGATION = re.compile(r"(.)\1{2,}")
DOUBLED = re.compile(r"(.)\1")
DROPPED_MARKS = regex.compile(r"[\u0300-\u036f\u0640\u064b-\u065f\u0670\u093c\ufe0f]")
GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
SAME_LETTERS = str.maketrans({"ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ٱ": "ا", "ँ": "ं", "’": "'"})
MOST_REMEMBERED = 50_000
SHORTEST_STEM = 2
SHORTEST_BARE_WORD = 3  # what must be left when a prefix or a suffix is taken off


class Role(Enum):
    NONE = "none"
    POLARITY = "polarity"
    NEGATOR = "not"
    INTENSIFIER = "more"
    DAMPENER = "less"
    CONTRAST = "but"


@dataclass(frozen=True, slots=True)
class Meaning:
    role: Role = Role.NONE
    weight: float = 0.0


class Kind(Enum):
    """What a token is, apart from what it means."""

    PLAIN = "plain"  # says nothing
    WORD = "word"
    SIGN = "sign"  # an emoji or an emoticon: nothing negates it
    STOP = "stop"  # punctuation: nothing reaches across it
    LINK = "link"


@dataclass(slots=True, kw_only=True)
class Entry:
    """What one token, as somebody wrote it, means here. Nothing changes it (frozen, it takes far longer to make)."""

    text: str
    kind: Kind = Kind.PLAIN
    folded: str = ""
    role: Role = Role.NONE
    weight: float = 0.0
    elongated: bool = False  # "loooove"
    phrases: tuple[tuple[tuple[str, ...], Meaning], ...] = ()  # the words that must follow, longest first
    parts: tuple[Entry, ...] = ()  # of a hashtag


NOTHING = Meaning()
HASHTAG_END = Entry(text="", kind=Kind.STOP)  # it stands for itself: nothing before it reaches across


@dataclass
class Lexicon:
    """The words of one language, with a memory of the words it was asked for."""

    language: str
    words: dict[str, Meaning] = field(default_factory=dict)
    stems: dict[str, Meaning] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], Meaning]]] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    reach_forward: int = 3
    reach_backward: int = 0
    _stem_lengths: dict[str, tuple[int, ...]] = field(
        default_factory=dict
    )  # by how they begin, longest first
    _remembered: dict[str, Entry] = field(default_factory=dict)

    @property
    def remembered(self) -> int:
        return len(self._remembered)

    def entries(self, text: str) -> list[Entry]:
        """What each token of a text means, in order."""
        remembered = self._remembered
        entries: list[Entry] = []
        for token in tokens_of(text):
            entry = remembered.get(token)
            if entry is None:
                entry = self._remember(token)
            if entry.parts:
                entries.extend(entry.parts)
            else:
                entries.append(entry)
        return entries

    def _remember(self, token: str) -> Entry:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        entry = self._remembered[token] = self._entry(token)
        return entry

    def _entry(self, token: str) -> Entry:
        if token.startswith("http"):
            return Entry(text=token, kind=Kind.LINK)
        if token[0] == "#":
            parts = tuple(self._word(word) for word in words_of_hashtag(token))
            return Entry(text=token, kind=Kind.STOP, parts=(*parts, HASHTAG_END) if parts else ())
        if token[0] == "@":
            return Entry(text=token)
        if not token[0].isalnum() and ONLY_STOPS.fullmatch(token):
            return Entry(text=token, kind=Kind.STOP)
        return self._word(token)

    def _word(self, word: str) -> Entry:
        folded = fold_word(word, self.language)
        phrases = self.phrases.get(folded, ())
        found = next(filter(None, map(self._meaning, self._candidates(folded))), NOTHING)
        matters = phrases or found.role is not Role.NONE
        is_word = word[0].isalnum() or WORD_START.match(word) is not None
        return Entry(
            text=word,
            kind=(Kind.WORD if is_word else Kind.SIGN) if matters else Kind.PLAIN,
            folded=folded,
            role=found.role,
            weight=found.weight,
            elongated=is_word and ELONGATION.search(folded) is not None,
            phrases=tuple(sorted(phrases, key=lambda phrase: -len(phrase[0]))) if phrases else (),
        )

    def _candidates(self, folded: str) -> Iterator[str]:
        """The word, then what it may be a form of."""
        yield folded
        if "'" in folded:
            yield folded.replace("'", "")
            yield from reversed(folded.split("'"))
        if ELONGATION.search(folded):
            folded = ELONGATION.sub(r"\1\1", folded)
            yield folded
            yield DOUBLED.sub(r"\1", folded)
        if self.prefixes or self.suffixes:
            yield from self._without_affixes(folded)

    def _without_affixes(self, folded: str) -> Iterator[str]:
        for prefix in ("", *self.prefixes):
            if not folded.startswith(prefix):
                continue
            bare = folded[len(prefix) :]
            if prefix and len(bare) >= SHORTEST_BARE_WORD:
                yield bare
            if not bare.endswith(self.suffixes):
                continue
            for suffix in self.suffixes:
                if bare.endswith(suffix) and len(bare) - len(suffix) >= SHORTEST_BARE_WORD:
                    yield bare[: -len(suffix)]

    def _meaning(self, word: str) -> Meaning | None:
        meaning = self.words.get(word)
        if meaning is not None:
            return meaning
        for length in self._stem_lengths.get(word[:SHORTEST_STEM], ()):
            meaning = self.stems.get(word[:length])
            if meaning is not None:
                return meaning
        return None

    def add(self, word: str, meaning: Meaning) -> None:
        folded = fold_word(word, self.language)
        if any(part.isalpha() and len(part) > 1 for part in folded.split("_")[1:]):
            first, *rest = folded.split("_")
            self.phrases.setdefault(first, []).insert(0, (tuple(rest), meaning))
        elif folded.endswith("*") and len(folded) > SHORTEST_STEM:
            self._add_stem(folded[:-1], meaning)
        else:
            self.words[folded] = meaning

    def _add_stem(self, stem: str, meaning: Meaning) -> None:
        self.stems[stem] = meaning
        lengths = {*self._stem_lengths.get(stem[:SHORTEST_STEM], ()), len(stem)}
        self._stem_lengths[stem[:SHORTEST_STEM]] = tuple(sorted(lengths, reverse=True))

    def include(self, other: Lexicon) -> None:
        self.words.update(other.words)
        for stem, meaning in other.stems.items():
            self._add_stem(stem, meaning)
        for first, phrases in other.phrases.items():
            self.phrases.setdefault(first, []).extend(phrases)


def fold_word(word: str, language: str) -> str:
    """The form in which a word is looked up: casefolded, and without the accents people leave out."""
    folded = word.casefold()
    if folded.isascii():
        return folded
    if language == "de":  # there they tell words apart: schon, schön; and ae is another way to write ä
        folded = unicodedata.normalize("NFC", folded).translate(GERMAN_LETTERS)
    bare = DROPPED_MARKS.sub("", unicodedata.normalize("NFKD", folded))
    return bare.translate(SAME_LETTERS)


def knows_language(language: str) -> bool:
    return language in _languages()


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    return frozenset(path.stem for path in FOLDER.glob("*.txt")) - {COMMON}


def lexicon_for(language: str) -> Lexicon:
    """The lexicon of a language; where there is none, of what everybody understands."""
    return _lexicon(language if knows_language(language) or language == UNKNOWN else COMMON)


@lru_cache(maxsize=64)
def _lexicon(name: str) -> Lexicon:
    return _read(FOLDER / f"{name}.txt") if name != UNKNOWN else _agreed()


def _agreed() -> Lexicon:
    """For a text too short to tell its language: the words of any, where no two of them contradict each other."""
    agreed = Lexicon(UNKNOWN)
    for name in sorted(_languages()):
        for word, meaning in _lexicon(name).words.items():
            known = agreed.words.get(word, meaning)
            agrees = meaning.role is known.role and meaning.weight * known.weight >= 0
            agreed.words[word] = min(meaning, known, key=lambda one: abs(one.weight)) if agrees else NOTHING
    return agreed


def _read(path: Path) -> Lexicon:
    lexicon = Lexicon(path.stem)
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *words = line.split() or ["#"]
        if not kind.startswith("#"):
            _read_line(lexicon, kind, words)
    return lexicon


def _read_line(lexicon: Lexicon, kind: str, words: list[str]) -> None:
    if kind == "include":
        for name in words:
            lexicon.include(_vader() if name == "vader" else _read(FOLDER / f"{name}.txt"))
    elif kind == "reach":
        lexicon.reach_forward, lexicon.reach_backward = map(int, words)
    elif kind == "prefixes":
        lexicon.prefixes = tuple(words)
    elif kind == "suffixes":
        lexicon.suffixes = tuple(words)
    else:
        meaning = _meaning_of(kind)
        for word in words:
            lexicon.add(word, meaning)


def _meaning_of(kind: str) -> Meaning:
    if kind in ("not", "more", "less", "but"):
        return Meaning(Role(kind))
    weight = float(kind)
    return Meaning(Role.POLARITY, weight) if weight else NOTHING


def _vader() -> Lexicon:
    """The English words of the vaderSentiment package (MIT); its emoticons and phrases are ours to say."""
    lexicon = Lexicon("vader")
    for word, weight in SentimentIntensityAnalyzer().lexicon.items():
        if word.replace("'", "").replace("-", "").isalpha():
            lexicon.add(word, Meaning(Role.POLARITY, float(weight)))
    return lexicon
