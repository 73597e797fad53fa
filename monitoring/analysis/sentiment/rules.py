"""The judge that ships: lexicons and rules, offline."""

from __future__ import annotations

from functools import lru_cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from monitoring.analysis.sentiment.judgement import Judgement, Sentiment


@lru_cache(maxsize=1)
def _analyzer() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


class RuleJudge:
    def judge(self, text: str, language: str) -> Judgement:
        score = float(_analyzer().polarity_scores(text)["compound"])
        sentiment = Sentiment((score > 0.05) - (score < -0.05))
        return Judgement(sentiment=sentiment, confidence=min(0.95, 0.5 + abs(score) / 2))


def explain_sentiment(text: str, language: str) -> list[tuple[str, float]]:
    """The words that speak for or against, with their weights, strongest first."""
    lexicon = _analyzer().lexicon
    found = [(word, float(lexicon[word.lower()])) for word in text.split() if word.lower() in lexicon]
    return sorted(found, key=lambda item: -abs(item[1]))
