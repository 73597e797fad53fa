"""The judge that ships: lexicons and rules, offline.

Each word, emoji and emoticon of the lexicon adds its weight. A negator within reach turns and weakens it, an
intensifier strengthens it, "but" makes what follows count more than what came before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitoring.analysis.sentiment.judgement import Judgement, Sentiment
from monitoring.analysis.sentiment.lexicon import Entry, Lexicon, Role, lexicon_of
from monitoring.analysis.sentiment.tokens import Token, tokens_of


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The few numbers of the rules; the same for every language."""

    negated_good: float = -0.8  # "not good" is worse than "not bad" is good
    negated_bad: float = -0.4
    bare_negator: float = -0.45  # who says no, complains a little
    intensified: float = 1.4
    dampened: float = 0.6
    shouted: float = 1.2
    named: float = 0.3  # "Black Friday", "Vanity Fair": capitals inside a sentence are names
    enthusiasm: float = 0.0
    bare_question: float = 0.0
    crowded: float = 0.0
    before_contrast: float = 0.5
    exclamation: float = 0.12
    asked: float = 0.7
    with_link: float = 0.7
    threshold: float = 0.75


WEIGHTS = Weights()


@dataclass(slots=True)
class Hit:
    """A word that counts."""

    text: str
    weight: float
    position: int
    clause: int
    negated: bool = False


@dataclass(slots=True)
class Reading:
    """What was met so far while a text is read from its beginning to its end."""

    hits: list[Hit] = field(default_factory=list)
    negators: list[tuple[int, int]] = field(default_factory=list)  # position and clause
    used_negators: set[int] = field(default_factory=set)
    position: int = 0
    clause: int = 0
    strength: float = 1.0
    begins_clause: bool = True
    exclamations: int = 0
    is_question: bool = False
    has_link: bool = False


class RuleJudge:
    """The judge by rules; `Weights` can be given to measure others."""

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights

    def judge(self, text: str, language: str) -> Judgement:
        score = self.score(text, language)
        sentiment = Sentiment((score > self.weights.threshold) - (score < -self.weights.threshold))
        return Judgement(sentiment=sentiment, confidence=0.5)

    def score(self, text: str, language: str) -> float:
        reading = self.read(text, language)
        return self.total(reading)

    def total(self, reading: Reading) -> float:
        weights = self.weights
        total = sum(hit.weight for hit in reading.hits)
        total += weights.bare_negator * (len(reading.negators) - len(reading.used_negators))
        if total >= 0:
            total += weights.enthusiasm * min(reading.exclamations, 3)
        if weights.crowded:
            total /= max(1, reading.position / 10) ** weights.crowded
        if reading.is_question:
            total += weights.bare_question
        total *= 1 + weights.exclamation * min(reading.exclamations, 3)
        if reading.is_question:
            total *= weights.asked
        if reading.has_link:
            total *= weights.with_link
        return total

    def read(self, text: str, language: str) -> Reading:
        lexicon = lexicon_of(language) or lexicon_of("common")
        assert lexicon is not None
        reading = Reading()
        tokens = list(tokens_of(text))
        index = 0
        while index < len(tokens):
            token = tokens[index]
            index += 1
            if token.kind == "word":
                index += self._read_word(reading, lexicon, tokens, index)
            elif token.kind == "stop":
                self._read_stop(reading, token.text)
            elif token.kind == "link":
                reading.has_link = True
            elif token.kind != "handle":
                self._read_sign(reading, lexicon.entry(token.text), token.text)
        self._negate(reading, lexicon)
        return reading

    def _read_stop(self, reading: Reading, text: str) -> None:
        reading.clause += 1
        reading.strength = 1.0
        reading.begins_clause = True
        reading.exclamations += text.count("!") + text.count("！")
        reading.is_question |= "?" in text or "؟" in text or "？" in text

    def _read_sign(self, reading: Reading, entry: Entry, text: str) -> None:
        if entry.weight and sum(hit.text == text for hit in reading.hits) < 2:
            reading.hits.append(Hit(text, entry.weight, reading.position, -1))

    def _read_word(self, reading: Reading, lexicon: Lexicon, tokens: list[Token], index: int) -> int:
        """Take in the word before `index`; the number of further words taken with it, as a phrase."""
        word = tokens[index - 1].text
        entry = lexicon.entry(word)
        reading.position += 1
        begins_clause, reading.begins_clause = reading.begins_clause, False
        role, weight, taken = entry.role, entry.weight, 0
        for rest, meaning in entry.phrases:
            following = tokens[index : index + len(rest)]
            if tuple(lexicon.entry(token.text).folded for token in following) == rest:
                role, weight, taken = meaning.role, meaning.weight, len(rest)
                break
        if role is Role.POLARITY:
            strength = reading.strength
            if entry.elongated:
                strength *= self.weights.intensified
            elif len(word) > 2 and word.isupper():
                strength *= self.weights.shouted
            elif not begins_clause and word[0].isupper() and lexicon.language != "de":
                strength *= self.weights.named
            reading.hits.append(
                Hit(
                    " ".join([word, *(token.text for token in tokens[index : index + taken])]),
                    weight * strength,
                    reading.position,
                    reading.clause,
                )
            )
            reading.strength = 1.0
        elif role is Role.NEGATOR:
            reading.negators.append((reading.position, reading.clause))
        elif role is Role.INTENSIFIER:
            reading.strength = self.weights.intensified
        elif role is Role.DAMPENER:
            reading.strength = self.weights.dampened
        elif role is Role.CONTRAST:
            reading.clause += 1
            for hit in reading.hits:
                hit.weight *= self.weights.before_contrast
        reading.position += taken
        return taken

    def _negate(self, reading: Reading, lexicon: Lexicon) -> None:
        for number, (position, clause) in enumerate(reading.negators):
            for hit in reading.hits:
                distance = hit.position - position
                if (
                    hit.clause == clause
                    and not hit.negated
                    and -lexicon.reach_backward <= distance <= lexicon.reach_forward
                ):
                    hit.negated = True
                    hit.weight *= self.weights.negated_good if hit.weight > 0 else self.weights.negated_bad
                    reading.used_negators.add(number)
                    break


def explain_sentiment(text: str, language: str) -> list[tuple[str, float]]:
    """The words that speak for or against, with their weights, strongest first."""
    hits = RuleJudge().read(text, language).hits
    return sorted(((hit.text, round(hit.weight, 2)) for hit in hits), key=lambda item: -abs(item[1]))
