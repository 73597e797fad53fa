"""Everything that is understood about a post from its text alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

from monitoring.analysis.entities import Entities, find_entities
from monitoring.analysis.language import detect_language
from monitoring.analysis.questions import is_question
from monitoring.analysis.sentiment import Judgement, Sentiment
from monitoring.analysis.sentiment.choosing import sentiment_judge
from monitoring.analysis.terms import find_terms
from monitoring.analysis.words import whole_letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Understanding:
    """`language` is an ISO 639-1 code, "hi-Latn" for Hindi in Latin letters, "und" where it is not known."""

    language: str
    sentiment: Sentiment
    confidence: float  # 0 to 1: about the share of such judgements that people agree with
    hashtags: tuple[str, ...]  # casefolded, without "#", in order, each once
    handles: tuple[str, ...]  # lower case, without "@"
    links: tuple[str, ...]  # http and https only
    terms: tuple[str, ...]  # the words that say what it is about, casefolded, at most 12
    is_question: bool


def understand(text: str, *, language: str | None = None) -> Understanding:
    """Understand one post. `language` is what the platform says about it, if it says anything."""
    return understand_many([text], [language])[0]


def understand_many(
    texts: Iterable[str], languages: Iterable[str | None] | None = None
) -> list[Understanding]:
    """Understand several posts, and what their platform says about each one's language.

    Step by step for all of them, not post by post: the language model and the lexicons each fill a processor's
    cache, and taking turns between them costs half as much again.
    """
    texts = [whole_letters(text) for text in texts]
    stated = repeat(None, len(texts)) if languages is None else languages
    entities = [find_entities(text) for text in texts]
    found = [
        detect_language(one.prose, stated=language) for one, language in zip(entities, stated, strict=True)
    ]
    judgements = sentiment_judge().judge(texts, found)
    terms = [find_terms(one.prose, language) for one, language in zip(entities, found, strict=True)]
    return list(map(_understanding, entities, found, judgements, terms))


def _understanding(
    entities: Entities, language: str, judgement: Judgement, terms: tuple[str, ...]
) -> Understanding:
    return Understanding(
        language=language,
        sentiment=judgement.sentiment,
        confidence=judgement.confidence,
        hashtags=entities.hashtags,
        handles=entities.handles,
        links=entities.links,
        terms=terms,
        is_question=is_question(entities.prose),
    )
