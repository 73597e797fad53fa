"""What a judge of sentiment gives, whoever judges: the rules, a model that learned, or a transformer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Sentiment(IntEnum):
    """Stored as a number, so that a mean means something."""

    NEGATIVE = -1
    NEUTRAL = 0
    POSITIVE = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    sentiment: Sentiment
    confidence: float  # 0 to 1: about the share of such judgements that people agree with


class SentimentJudge(Protocol):
    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> list[Judgement]:
        """What each text says in its language, in their order."""

    def explain(self, text: str, language: str) -> list[tuple[str, float]]:
        """The words that speak for or against, with their weights, strongest first; none where it cannot say."""
