"""A model and the file it is kept in: numbers only, nothing that is executed when it is read.

The file begins with `MAGIC`, the SHA-256 of the rest, and the length of a header in JSON; then come the weights of the
buckets and those of what the rules read, in half and in single precision.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from monitoring.analysis.sentiment.errors import ModelRefused
from monitoring.analysis.sentiment.learned.features import (
    BUCKETS,
    FEATURES,
    READ_BY_RULES,
    Integers,
    Numbers,
    Pieces,
)

MAGIC = b"SMEdash sentiment\n"
FORMAT = 1
DIGEST = 32
LENGTH = 4
CLASSES = 2  # negative and positive; the three sum to zero, so neutral follows
LARGEST_FILE = 16_000_000
MOST_LANGUAGES = 200


class Verdict(StrEnum):
    """Why the model judges in a language, or the rules do."""

    BETTER = "better"
    NOT_BETTER = "not better"
    TOO_FEW = "too few posts"
    ONLY_MISTAKES = "only mistakes of the rules"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How the model did in a language on posts it had not learned from."""

    language: str
    posts: int
    rules: float  # macro-F1, 0 to 100
    model: float
    sharpness: float  # turns scores into probabilities
    verdict: Verdict

    @property
    def is_used(self) -> bool:
        return self.verdict is Verdict.BETTER


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    standings: tuple[Standing, ...]
    buckets: Numbers  # a row for negative, one for positive
    read: Numbers  # the same, for each language of the standings and, last, for all
    trained_on: str = ""  # a date

    @property
    def used(self) -> dict[str, int]:
        """The languages it judges, and their places among the standings."""
        return {one.language: place for place, one in enumerate(self.standings) if one.is_used}

    def scores(self, pieces: Pieces, read: Numbers, places: Integers) -> Numbers:
        """A row of negative, neutral, positive for each text; `places` are those of its language."""
        scale = pieces.scale()
        said = [
            scale * np.bincount(pieces.texts, weights=weights[pieces.buckets], minlength=pieces.count)
            + np.einsum("tn,tn->t", read, by_language[places] + by_language[-1])
            for weights, by_language in zip(self.buckets, self.read, strict=True)
        ]
        return np.stack([said[0], -said[0] - said[1], said[1]], axis=1).astype(np.float32)


def probabilities(scores: Numbers, sharpness: Numbers) -> Numbers:
    sharp = scores * sharpness[:, None]
    powers = np.exp(sharp - sharp.max(axis=1, keepdims=True))
    likely: Numbers = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return likely


def write_model(model: Model, path: Path) -> int:
    """Put the model where `path` says, whole or not at all; its size in bytes."""
    header = json.dumps({
        "format": FORMAT,
        "features": FEATURES,
        "trained_on": model.trained_on,
        "standings": [asdict(one) for one in model.standings],
    }).encode()  # fmt: skip
    weights = model.buckets.astype("<f2").tobytes() + model.read.astype("<f4").tobytes()
    body = len(header).to_bytes(LENGTH, "little") + header + weights
    content = MAGIC + hashlib.sha256(body).digest() + body
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return len(content)


def read_model(path: Path) -> Model:
    """The model in a file. Raises ModelRefused, with a sentence, for whatever is not one of ours, and whole."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    start = len(MAGIC) + DIGEST
    if len(content) > LARGEST_FILE or not content.startswith(MAGIC) or len(content) < start + LENGTH:
        raise ModelRefused("it is not a model that manage.py train_sentiment wrote")
    body = content[start:]
    if hashlib.sha256(body).digest() != content[len(MAGIC) : start]:
        raise ModelRefused("it is damaged: its checksum does not fit")
    length = int.from_bytes(body[:LENGTH], "little")
    try:
        return _model(json.loads(body[LENGTH : LENGTH + length]), body[LENGTH + length :])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ModelRefused("its header or its weights are not what a model has") from None


def _model(header: dict[str, Any], weights: bytes) -> Model:
    if (header["format"], header["features"]) != (FORMAT, FEATURES):
        raise ModelRefused(
            "another version of SMEdash wrote it; train it again with manage.py train_sentiment"
        )
    standings = tuple(_standing(one) for one in header["standings"][:MOST_LANGUAGES])
    split = CLASSES * BUCKETS * np.dtype("<f2").itemsize
    buckets = np.frombuffer(weights[:split], dtype="<f2").astype(np.float32).reshape(CLASSES, BUCKETS)
    shape = (CLASSES, len(standings) + 1, READ_BY_RULES)
    read = np.frombuffer(weights[split:], dtype="<f4").astype(np.float32).reshape(shape)
    if not (np.isfinite(buckets).all() and np.isfinite(read).all()):
        raise ValueError
    return Model(standings=standings, buckets=buckets, read=read, trained_on=str(header["trained_on"]))


def _standing(said: dict[str, Any]) -> Standing:
    standing = Standing(
        language=str(said["language"]),
        posts=int(said["posts"]),
        rules=float(said["rules"]),
        model=float(said["model"]),
        sharpness=float(said["sharpness"]),
        verdict=Verdict(said["verdict"]),
    )
    if not 0 < standing.sharpness < 1_000:
        raise ValueError
    return standing
