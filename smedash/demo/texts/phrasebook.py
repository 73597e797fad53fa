"""The form of a language's sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Lines = tuple[str, ...]


class Talk(StrEnum):
    """What a post is about."""

    PRAISE = "praise"
    PLAIN = "plain"
    GRIPE = "gripe"
    QUESTION = "question"
    PARCEL = "parcel"  # the complaint wave: bags that arrive torn and late
    REFILL = "refill"  # the campaign: bring your own tin
    STORY = "story"  # the viral post, and what people say about it
    TOPIC = "topic"
    VERSUS = "versus"  # two brands in one post


@dataclass(frozen=True, kw_only=True)
class Phrasebook:
    """Sentences have gaps: `{brand}` is given, the others are filled from `words`."""

    words: Mapping[str, Lines]
    sentences: Mapping[Talk, Lines]
    openers: Mapping[Talk, Lines]
    closers: Mapping[Talk, Lines]
    titles: Mapping[Talk, Lines]
    headlines: Mapping[Talk, Lines]
    tags: Lines
