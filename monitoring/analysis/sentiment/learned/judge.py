"""Judges by the model in the languages in which it was better, and by the rules in all others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from monitoring.analysis.sentiment.judgement import Judgement, Sentiment
from monitoring.analysis.sentiment.learned.features import Numbers, pieces_of, what_the_rules_read
from monitoring.analysis.sentiment.learned.model import Model, probabilities, read_model
from monitoring.analysis.sentiment.rules import RuleJudge

AT_ONCE = 256  # texts whose pieces fit a processor's cache
SUREST = 0.99
MOST_EXPLAINED = 100  # words of a text that are tried one by one
MOST_SAID = 12  # words that are named
LEAST_SAID = 0.1


class LearnedJudge:
    def __init__(self, model: Model, rules: RuleJudge | None = None) -> None:
        self.model = model
        self.rules = rules or RuleJudge()
        self._places = model.used
        self._sharpness = np.array([one.sharpness for one in model.standings], dtype=np.float32)

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> list[Judgement]:
        judgements: list[Judgement] = []
        for start in range(0, len(texts), AT_ONCE):
            judgements += self._judge(texts[start : start + AT_ONCE], languages[start : start + AT_ONCE])
        return judgements

    def _judge(self, texts: Sequence[str], languages: Sequence[str]) -> list[Judgement]:
        readings = list(map(self.rules.read, texts, languages))
        judgements = list(map(self.rules.conclude, readings, languages))
        known = [index for index, language in enumerate(languages) if language in self._places]
        if not known:
            return judgements
        places = np.array([self._places[languages[index]] for index in known], dtype=np.intp)
        scores = self.model.scores(
            pieces_of([texts[index] for index in known]),
            what_the_rules_read([readings[index] for index in known]),
            places,
        )
        likely = probabilities(scores, self._sharpness[places])
        for index, best, confidence in zip(known, likely.argmax(axis=1), likely.max(axis=1), strict=True):
            judgements[index] = Judgement(
                sentiment=Sentiment(int(best) - 1), confidence=min(round(float(confidence), 3), SUREST)
            )
        return judgements

    def explain(self, text: str, language: str) -> list[tuple[str, float]]:
        """How much likelier good is than bad with each word than without it, as a logarithm."""
        if language not in self._places:
            return self.rules.explain(text, language)
        words = text.split()[:MOST_EXPLAINED]
        without = [" ".join(words[:place] + words[place + 1 :]) for place in range(len(words))]
        scores = self._scores([" ".join(words), *without], language)
        good = (scores[:, 2] - scores[:, 0]) * self._sharpness[self._places[language]]
        weights = [(word, round(float(good[0] - one), 2)) for word, one in zip(words, good[1:], strict=True)]
        said = [(word, weight) for word, weight in weights if abs(weight) >= LEAST_SAID]
        return sorted(said, key=lambda item: -abs(item[1]))[:MOST_SAID]

    def _scores(self, texts: Sequence[str], language: str) -> Numbers:
        readings = [self.rules.read(text, language) for text in texts]
        places = np.full(len(texts), self._places[language], dtype=np.intp)
        return self.model.scores(pieces_of(texts), what_the_rules_read(readings), places)


def open_judge(path: str) -> LearnedJudge:
    return LearnedJudge(read_model(Path(path)))
