"""Whole answers for those outside, kept for a minute: what many readers ask for is made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

# What is deleted or put aside is gone outside after two of them: ours, and that of the reader's program.
KEPT_FOR: Final = timedelta(minutes=1)
SECONDS: Final = int(KEPT_FOR.total_seconds())
_log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")


def keep_answer(digest: str, make: Callable[[], Answer | None]) -> Answer | None:
    """The answer for the holder of a token, from the cache where it is there. Without Redis it is made anew."""
    try:
        kept: Answer | None = cache.get(_place(digest))
    except RedisError as error:
        _log.warning("answers are not kept", error=type(error).__name__)
        return make()
    if kept is not None:
        return kept
    made = make()
    if made is not None:
        cache.set(_place(digest), made, SECONDS)
    return made


def drop_answer(digest: str) -> None:
    """What was revoked or changed is not shown from the cache."""
    try:
        cache.delete(_place(digest))
    except RedisError as error:
        _log.warning("an answer stays for a minute", error=type(error).__name__)


def _place(digest: str) -> str:
    return f"outside:{digest}"
