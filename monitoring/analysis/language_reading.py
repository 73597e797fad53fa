"""What a text alone says about its language, for whoever asks why: by which way it was told, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monitoring.analysis import language as telling
from monitoring.analysis.words import whole_letters

_SHOWN: Final = 3  # languages
_WORTH_SHOWING: Final = 0.01


class Told(StrEnum):
    NO_LETTERS = "no_letters"
    SCRIPT = "script"  # one language is written so, or one far more often than others
    WORDS = "words"  # Hindi in Latin letters
    TOO_SHORT = "too_short"
    MODEL = "model"


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageReading:
    """`likely` is the model's opinion of the text, the likeliest first, with shares from 0 to 1. Scripts need none."""

    language: str
    told_by: Told
    script: str  # as Unicode names it; "" where there is no letter
    likely: tuple[tuple[str, float], ...] = ()


def read_language(prose: str) -> LanguageReading:
    """As `detect_language` tells it where the platform says nothing. `prose` has no links and handles."""
    language = telling.detect_language(prose)
    sample = whole_letters(prose[: telling.SAMPLE])
    script = telling.script_of(sample)
    if not script:
        return LanguageReading(language=language, told_by=Told.NO_LETTERS, script="")
    if script in telling.LANGUAGE_OF_SCRIPT:
        return LanguageReading(language=language, told_by=Told.SCRIPT, script=script)
    if language == telling.HINDI_IN_LATIN:
        return LanguageReading(language=language, told_by=Told.WORDS, script=script)
    if telling.is_too_short(sample, script):
        return LanguageReading(language=language, told_by=Told.TOO_SHORT, script=script)
    weighed = [one for one in telling.weigh_languages(sample) if one[1] >= _WORTH_SHOWING]
    return LanguageReading(
        language=language, told_by=Told.MODEL, script=script, likely=tuple(weighed[:_SHOWN])
    )
