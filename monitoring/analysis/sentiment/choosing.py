"""Which judge works in this process: chosen once, when the first text is judged.

A tier's libraries are loaded only where it is chosen: the transformer's need not be installed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from monitoring.analysis.sentiment.errors import ModelRefused
from monitoring.analysis.sentiment.judgement import SentimentJudge
from monitoring.analysis.sentiment.rules import RuleJudge

logger = logging.getLogger(__name__)
LEARNED = "monitoring.analysis.sentiment.learned.judge"
TRANSFORMER = "monitoring.analysis.sentiment.transformer"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the settings name; empty, the rules judge."""

    model: str = ""  # a file of train_sentiment
    transformer: str = ""  # a folder, or a name on the Hugging Face hub


class _Chosen:
    choice = Choice()


def choose(choice: Choice) -> None:
    """Judge by the best of these from now on. Nothing is loaded yet."""
    _Chosen.choice = choice
    sentiment_judge.cache_clear()


@lru_cache(maxsize=1)
def sentiment_judge() -> SentimentJudge:
    """The transformer where one is named, else the model where there is one, else the rules."""
    choice = _Chosen.choice
    if choice.transformer:
        found = _opened(TRANSFORMER, choice.transformer)
        if found is not None:
            return found
    if choice.model and Path(choice.model).exists():  # before the first training there is none
        found = _opened(LEARNED, choice.model)
        if found is not None:
            return found
    return RuleJudge()


def _opened(tier: str, where: str) -> SentimentJudge | None:
    try:
        open_judge: Callable[[str], SentimentJudge] = import_module(tier).open_judge
        return open_judge(where)
    except (ModelRefused, OSError, ImportError) as error:
        logger.error(
            "%s is not used to judge sentiment: %s. The next best judge goes on.", where, _why(error)
        )
    return None


def _why(error: Exception) -> str:
    if isinstance(error, ImportError):
        return f"it needs the package {error.name}; install requirements-transformer.lock (docs/understanding.md)"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
