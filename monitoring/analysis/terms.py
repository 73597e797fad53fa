"""The words that say what a post is about."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import regex

from monitoring.analysis.words import UNSPACED, WORD_CHARACTER, WordPattern, fold

FOLDER = Path(__file__).parent / "stopwords"
MOST_TERMS = 12
FEWEST_LETTERS = 3
MOST_LETTERS = 40
MOST_UNSPACED_LETTERS = 6  # a longer run of a script without spaces is a clause, not a word
FIRST_UNSPACED_LETTER = "\u0e00"

WORD = WordPattern(rf"[{WORD_CHARACTER}]++(?:['’][{WORD_CHARACTER}]++)*")
UNSPACED_RUN = regex.compile(rf"[{UNSPACED}]++")
ELIDED = (
    "l'",
    "d'",
    "j'",
    "qu'",
    "c'",
    "n'",
    "s'",
    "m'",
    "t'",
    "un'",
    "dell'",
    "all'",
    "nell'",
    "sull'",
    "dall'",
)
# Languages whose posts are full of English: its stop words are theirs too.
MIXED_WITH_ENGLISH = ("hi-Latn", "und")


def find_terms(text: str, language: str) -> tuple[str, ...]:
    """At most 12 words of a text without links, casefolded, in order of appearance, each once.

    The words that every text has are left out, where there is a list of them.
    """
    folded = fold(text)
    stop_words = _stop_words(language)
    if folded and max(folded) >= FIRST_UNSPACED_LETTER:
        folded = UNSPACED_RUN.sub(_run, folded)
    terms: dict[str, None] = {}
    for word in WORD.findall(folded):
        if len(word) < FEWEST_LETTERS and word.isascii():
            continue
        if word in stop_words or word.isnumeric():
            continue
        if "'" in word or "’" in word:
            word = _without_elision(word.replace("’", "'"))
        if len(word) <= MOST_LETTERS and word not in stop_words:
            terms[word] = None
            if len(terms) == MOST_TERMS:
                break
    return tuple(terms)


def _run(match: regex.Match[str]) -> str:
    """A short run stands for itself, apart from the letters of other scripts beside it."""
    return f" {match.group()} " if 2 <= len(match.group()) <= MOST_UNSPACED_LETTERS else " "


def _without_elision(word: str) -> str:
    """French and Italian articles stick to the word, as the English genitive does."""
    for article in ELIDED:
        if word.startswith(article) and len(word) > len(article) + 1:
            return word[len(article) :]
    return word.removesuffix("'s")


@lru_cache(maxsize=256)
def _stop_words(language: str) -> frozenset[str]:
    names = [language] + (["en"] if language in MIXED_WITH_ENGLISH else [])
    paths = [FOLDER / f"{name}.txt" for name in names if name.replace("-", "").isalpha()]
    return frozenset(
        word for path in paths if path.is_file() for word in fold(path.read_text("utf-8")).split()
    )
