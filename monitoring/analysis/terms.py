"""The words that say what a post is about."""

from __future__ import annotations

from monitoring.analysis.words import fold, words_of

MOST_TERMS = 12


def find_terms(text: str, language: str) -> tuple[str, ...]:
    """At most 12 words, casefolded, in order of appearance, without the words every text has."""
    words = (word for word in words_of(fold(text)) if len(word) > 2 and not word.isnumeric())
    return tuple(dict.fromkeys(words))[:MOST_TERMS]
