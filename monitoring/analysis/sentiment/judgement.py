"""What a judge of sentiment gives, whoever judges: rules today, a trained model tomorrow."""

from __future__ import annotations

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
    def judge(self, text: str, language: str) -> Judgement:
        """What a text (without links and handles) in a language says; never raises."""
