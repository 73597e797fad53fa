"""Learn from labelled posts, and find out on posts put aside where the model beats the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitoring.analysis.sentiment.judgement import Sentiment
from monitoring.analysis.sentiment.learned.features import (
    BUCKETS,
    READ_BY_RULES,
    Integers,
    Numbers,
    Pieces,
    pieces_of,
    what_the_rules_read,
)
from monitoring.analysis.sentiment.learned.model import Model, Standing, Verdict, probabilities
from monitoring.analysis.sentiment.learned.solving import Rows, solve
from monitoring.analysis.sentiment.rules import RuleJudge
from monitoring.analysis.words import fold

FOLDS = 5
FEWEST_TO_COMPARE = 100  # posts of a language, below which a difference says nothing
RULES_ARE_RIGHT = 1 / 3  # at least, or the posts were chosen because the rules were wrong
MOST_WEIGHT = 5.0  # of a rare class
SHARE_OF_READ = 0.15  # how freely the model may change what the rules read
SHARPNESSES = np.geomspace(0.5, 20, 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    text: str
    language: str  # as `detect_language` says it
    sentiment: Sentiment
    is_independent: bool = True  # whether what a machine judged had no part in choosing it


@dataclass(frozen=True, kw_only=True)
class _Posts:
    """The examples, as numbers."""

    pieces: Pieces
    read: Numbers
    languages: tuple[str, ...]
    places: Integers
    classes: Integers  # 0, 1, 2 for negative, neutral, positive
    by_rules: Integers
    folds: Integers
    is_independent: NDArray[np.bool_]


def train(examples: Sequence[Example], *, today: date) -> Model:
    """A model of all examples, used in the languages in which models of four fifths beat the rules on the last."""
    posts = _posts(examples)
    held_out = np.zeros((len(examples), 3), dtype=np.float32)
    for fold_left_out in range(FOLDS):
        out = posts.folds == fold_left_out
        if out.any() and not out.all():
            held_out[out] = _scores(_fit(posts, ~out), posts)[out]
    standings = tuple(
        _standing(posts, held_out, place, language) for place, language in enumerate(posts.languages)
    )
    buckets, read = _fit(posts, np.ones(len(examples), dtype=bool))
    return Model(standings=standings, buckets=buckets, read=read, trained_on=today.isoformat())


def _posts(examples: Sequence[Example]) -> _Posts:
    rules = RuleJudge()
    readings = [rules.read(one.text, one.language) for one in examples]
    judged = [rules.sentiment_of(rules.score(reading)) for reading in readings]
    languages = tuple(sorted({one.language for one in examples}))
    places = dict(zip(languages, count()))
    return _Posts(
        pieces=pieces_of([one.text for one in examples]),
        read=what_the_rules_read(readings),
        languages=languages,
        places=np.array([places[one.language] for one in examples], dtype=np.intp),
        classes=np.array([one.sentiment + 1 for one in examples], dtype=np.intp),
        by_rules=np.array([one + 1 for one in judged], dtype=np.intp),
        # Copies of a text are in one fold, or it would be held out and learned from.
        folds=np.array([crc32(fold(one.text).encode()) % FOLDS for one in examples], dtype=np.intp),
        is_independent=np.array([one.is_independent for one in examples], dtype=bool),
    )


def _fit(posts: _Posts, chosen: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """The weights of buckets, and of what the rules read by language, that the chosen posts teach."""
    weights = np.sqrt(_balance(posts, chosen)).astype(np.float32)
    dense = np.zeros((len(weights), len(posts.languages) + 1, READ_BY_RULES), dtype=np.float32)
    dense[np.arange(len(weights)), posts.places] = dense[:, -1] = SHARE_OF_READ * posts.read
    # Buckets that nothing fell into keep no weight.
    met = np.bincount(posts.pieces.buckets, minlength=BUCKETS) > 0
    columns, width = (np.cumsum(met) - 1)[posts.pieces.buckets], int(met.sum())
    rows = Rows(
        posts.pieces.texts, columns, width, posts.pieces.scale(), dense.reshape(len(weights), -1)
    ).weighted(weights)
    solved = [solve(rows, weights * ((posts.classes == one) - 1 / 3)) for one in (0, 2)]
    buckets = np.zeros((len(solved), BUCKETS), dtype=np.float32)
    # As they will be read from the file, so that what is measured is what is used.
    buckets[:, met] = np.stack(solved)[:, :width].astype(np.float16)
    read = SHARE_OF_READ * np.stack(solved)[:, width:].reshape(len(solved), *dense.shape[1:])
    return buckets, read.astype(np.float32)


def _balance(posts: _Posts, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights with which the three sentiments count alike in each language; nothing for posts not chosen."""
    sizes = np.zeros((len(posts.languages), 3))
    np.add.at(sizes, (posts.places[chosen], posts.classes[chosen]), 1)
    wanted = sizes.sum(axis=1, keepdims=True) / 3 / np.maximum(sizes, 1)
    return np.where(chosen, np.minimum(wanted, MOST_WEIGHT)[posts.places, posts.classes], 0.0)


def _scores(fitted: tuple[Numbers, Numbers], posts: _Posts) -> Numbers:
    model = Model(standings=(), buckets=fitted[0], read=fitted[1])
    return model.scores(posts.pieces, posts.read, posts.places)


def _standing(posts: _Posts, held_out: Numbers, place: int, language: str) -> Standing:
    here = posts.places == place
    independent = here & posts.is_independent
    compared = independent if independent.sum() >= FEWEST_TO_COMPARE else here
    truth, by_rules, scores = posts.classes[compared], posts.by_rules[compared], held_out[compared]
    rules, model = macro_f1(truth, by_rules), macro_f1(truth, scores.argmax(axis=1))
    if len(truth) < FEWEST_TO_COMPARE:
        verdict = Verdict.TOO_FEW
    elif compared is here and np.mean(truth == by_rules) < RULES_ARE_RIGHT:
        verdict = Verdict.ONLY_MISTAKES
    else:
        verdict = Verdict.BETTER if model > rules else Verdict.NOT_BETTER
    return Standing(
        language=language,
        posts=len(truth),
        rules=round(rules, 1),
        model=round(model, 1),
        sharpness=_sharpness(scores, truth, _balance(posts, compared)[compared]),
        verdict=verdict,
    )


def _sharpness(scores: Numbers, truth: Integers, weights: NDArray[np.float64]) -> float:
    """How scores become probabilities that hold: the likeliest on posts put aside."""
    rows = np.arange(len(truth))

    def surprise(sharpness: float) -> float:
        likely = probabilities(scores, np.full(len(truth), sharpness, dtype=np.float32))
        return float(-weights @ np.log(likely[rows, truth] + 1e-9))

    return min(map(float, SHARPNESSES), key=surprise)


def macro_f1(truth: Integers, found: Integers) -> float:
    """The mean over the three sentiments, 0 to 100."""
    right = [np.sum((truth == one) & (found == one)) for one in range(3)]
    all_of = [max(1, np.sum(truth == one) + np.sum(found == one)) for one in range(3)]
    return float(np.mean([200 * hits / most for hits, most in zip(right, all_of, strict=True)]))
