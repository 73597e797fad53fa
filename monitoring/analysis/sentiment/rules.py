"""The judge that ships: lexicons and rules, offline.

Each word, emoji and emoticon of the lexicon adds its weight. A negator within reach turns and weakens it, an
intensifier strengthens it, "but" makes what follows count more than what came before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitoring.analysis.sentiment.judgement import Judgement, Sentiment
from monitoring.analysis.sentiment.lexicon import (
    Entry,
    Kind,
    Lexicon,
    Meaning,
    Role,
    knows_language,
    lexicon_for,
)


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The few numbers of the rules, the same for every language."""

    negated_good: float = -0.8  # "not good" is worse than "not bad" is good
    negated_bad: float = -0.4
    bare_negator: float = -0.45  # who says no to something that is not in the lexicon complains a little
    intensified: float = 1.4  # "very", "looove"
    dampened: float = 0.6
    shouted: float = 1.2  # IN CAPITALS
    named: float = 0.3  # "Black Friday", "Vanity Fair": capitals inside a sentence are names
    before_contrast: float = 0.5
    exclamation: float = 0.12  # for each of the first three
    asked: float = 0.7
    with_link: float = 0.7  # who passes on a link reports more often than praises or complains
    good_from: float = 1.0  # people say pleasant words more lightly than unpleasant ones
    bad_from: float = -0.7


WEIGHTS = Weights()
LONGEST_READ = 10_000  # characters: how a long article is meant, its beginning says, too
REACH_OF_STRENGTH = 3  # words from an intensifier to what it intensifies
# How often people agree with a judgement of this score, measured on posts of which a third each is good, bad
# and neutral; between the steps it is interpolated.
CONFIDENCE_STEPS = (
    (0.7, 0.43),
    (1.2, 0.52),
    (1.8, 0.61),
    (2.4, 0.67),
    (3.0, 0.74),
    (5.0, 0.83),
    (8.0, 0.9),
    (12.0, 0.95),
)
SURE_OF_SILENCE = 0.54  # nothing was said that the lexicon knows
SURE_OF_BALANCE = 0.4  # good and bad words keep each other in check
SHARE_WITHOUT_LEXICON = 0.6  # only emoji and the like were understood
MOST_OF_ONE_SIGN = 2  # a row of hearts counts as two


@dataclass(slots=True)
class Hit:
    """A word, phrase, emoji or emoticon that counts."""

    text: str
    weight: float
    position: int
    clause: int
    negated: bool = False


@dataclass(slots=True)
class Reading:
    """What a text was found to say, before it is added up."""

    hits: list[Hit] = field(default_factory=list)
    negators: list[tuple[int, int]] = field(default_factory=list)  # position and clause
    bare_negators: int = 0
    position: int = 0
    clause: int = 0
    strength: float = 1.0
    strength_position: int = -REACH_OF_STRENGTH
    exclamations: int = 0
    is_question: bool = False
    has_link: bool = False


class RuleJudge:
    """The judge by rules. Other `Weights` can be given, to measure them."""

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights

    def judge(self, texts: Sequence[str], languages: Sequence[str]) -> list[Judgement]:
        return list(map(self.judge_one, texts, languages))

    def judge_one(self, text: str, language: str) -> Judgement:
        return self.conclude(self.read(text, language), language)

    def explain(self, text: str, language: str) -> list[tuple[str, float]]:
        explained = [(hit.text, round(hit.weight, 2)) for hit in self.read(text, language).hits]
        return sorted(explained, key=lambda item: -abs(item[1]))

    def conclude(self, reading: Reading, language: str) -> Judgement:
        score = self.score(reading)
        sentiment = self.sentiment_of(score)
        if sentiment is not Sentiment.NEUTRAL:
            confidence = _confidence_in(abs(score))
        else:
            confidence = SURE_OF_BALANCE if reading.hits else SURE_OF_SILENCE
        if not knows_language(language):
            confidence *= SHARE_WITHOUT_LEXICON
        return Judgement(sentiment=sentiment, confidence=confidence)

    def sentiment_of(self, score: float) -> Sentiment:
        return Sentiment((score >= self.weights.good_from) - (score <= self.weights.bad_from))

    def score(self, reading: Reading) -> float:
        """The sum of a reading: good above zero, bad below; 2 is one plain word such as "good"."""
        weights = self.weights
        total = sum([hit.weight for hit in reading.hits]) + weights.bare_negator * reading.bare_negators
        total *= 1 + weights.exclamation * min(reading.exclamations, 3)
        if reading.is_question:
            total *= weights.asked
        return total * weights.with_link if reading.has_link else total

    def read(self, text: str, language: str) -> Reading:
        lexicon = lexicon_for(language)
        reading, entries, next_index = Reading(), lexicon.entries(text[:LONGEST_READ]), 0
        for index, entry in enumerate(entries):
            kind = entry.kind
            if kind is Kind.PLAIN or index < next_index:
                continue
            if kind is Kind.WORD:
                next_index = self._read_word(reading, lexicon, entries, index)
            elif kind is Kind.STOP:
                _read_stop(reading, entry.text)
            elif kind is Kind.SIGN:
                _read_sign(reading, entry, index)
            else:
                reading.has_link = True
        self._negate(reading, lexicon)
        return reading

    def _read_word(self, reading: Reading, lexicon: Lexicon, entries: list[Entry], index: int) -> int:
        """Take in the word at `index`, or the phrase that begins there; the index after it."""
        entry, reading.position = entries[index], index
        meaning, end = _phrase_at(entries, index) if entry.phrases else (None, index + 1)
        role, weight = (meaning.role, meaning.weight) if meaning else (entry.role, entry.weight)
        if role is Role.POLARITY:
            begins_clause = index == 0 or entries[index - 1].kind is Kind.STOP
            weight *= self._emphasis(reading, lexicon, entries[index:end], begins_clause=begins_clause)
            text = " ".join([entry.text for entry in entries[index:end]])
            reading.hits.append(Hit(text, weight, index, reading.clause))
            reading.strength = 1.0
        elif role is Role.NEGATOR:
            reading.negators.append((index, reading.clause))
        elif role is Role.INTENSIFIER or role is Role.DAMPENER:
            strength = self.weights.intensified if role is Role.INTENSIFIER else self.weights.dampened
            reading.strength, reading.strength_position = strength, index
        elif role is Role.CONTRAST:
            reading.clause += 1
            for hit in reading.hits:
                hit.weight *= self.weights.before_contrast
        return end

    def _emphasis(
        self, reading: Reading, lexicon: Lexicon, said: list[Entry], *, begins_clause: bool
    ) -> float:
        """How the way a word or phrase is written, and what stands before it, changes its weight."""
        last, weights = said[-1], self.weights
        is_near = reading.position - reading.strength_position <= REACH_OF_STRENGTH
        emphasis = reading.strength if is_near else 1.0
        if last.elongated:
            return emphasis * weights.intensified
        if not last.text[0].isupper():
            return emphasis
        if len(last.text) > 2 and last.text.isupper():
            return emphasis * weights.shouted
        is_name = (
            not (begins_clause and len(said) == 1) and lexicon.language != "de"
        )  # there every noun has a capital
        return emphasis * weights.named if is_name else emphasis

    def _negate(self, reading: Reading, lexicon: Lexicon) -> None:
        """Each negator turns the nearest thing said within its reach, the first one after it before any other."""
        forward, backward, weights = lexicon.reach_forward, lexicon.reach_backward, self.weights
        for position, clause in reading.negators:
            for hit in reading.hits:
                distance = hit.position - position
                if hit.clause == clause and not hit.negated and -backward <= distance <= forward:
                    hit.negated = True
                    hit.weight *= weights.negated_good if hit.weight > 0 else weights.negated_bad
                    break
            else:
                reading.bare_negators += 1


def _confidence_in(strength: float) -> float:
    below = CONFIDENCE_STEPS[0]
    for step in CONFIDENCE_STEPS:
        if strength < step[0]:
            share = (strength - below[0]) / (step[0] - below[0]) if step is not below else 0.0
            return round(below[1] + share * (step[1] - below[1]), 3)
        below = step
    return below[1]


def _phrase_at(entries: list[Entry], index: int) -> tuple[Meaning | None, int]:
    for rest, meaning in entries[index].phrases:
        end = index + 1 + len(rest)
        if tuple([entry.folded for entry in entries[index + 1 : end]]) == rest:
            return meaning, end
    return None, index + 1


def _read_stop(reading: Reading, text: str) -> None:
    reading.clause += 1
    reading.strength = 1.0
    if "!" in text or "！" in text:
        reading.exclamations += text.count("!") + text.count("！")
    if "?" in text or "؟" in text or "？" in text:
        reading.is_question = True


def _read_sign(reading: Reading, entry: Entry, index: int) -> None:
    if sum([hit.text == entry.text for hit in reading.hits]) < MOST_OF_ONE_SIGN:
        reading.hits.append(Hit(entry.text, entry.weight, index, -1))


def explain_sentiment(text: str, language: str) -> list[tuple[str, float]]:
    """The words that speak for or against, with their weights, strongest first."""
    return RuleJudge().explain(text, language)
