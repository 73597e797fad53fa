"""Everything that is understood about a post from its text alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitoring.analysis.entities import find_entities
from monitoring.analysis.language import detect_language
from monitoring.analysis.questions import is_question
from monitoring.analysis.sentiment import Sentiment
from monitoring.analysis.sentiment.rules import RuleJudge
from monitoring.analysis.terms import find_terms
from monitoring.analysis.words import whole_letters

JUDGE = RuleJudge()


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
    text = whole_letters(text)
    entities = find_entities(text)
    found_language = detect_language(entities.prose, stated=language)
    judgement = JUDGE.judge(text, found_language)
    return Understanding(
        language=found_language,
        sentiment=judgement.sentiment,
        confidence=judgement.confidence,
        hashtags=entities.hashtags,
        handles=entities.handles,
        links=entities.links,
        terms=find_terms(entities.prose, found_language),
        is_question=is_question(entities.prose),
    )


def understand_many(texts: Iterable[str]) -> list[Understanding]:
    """Understand several posts of which the platform does not say the language."""
    return [understand(text) for text in texts]
