"""Answers that take long where much is said: counted anew every few minutes, and the page says when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar, cast

from django.core.cache import cache
from django.utils import timezone

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand

KEPT_FROM: Final = 5_000  # mentions in the period: below, everything is counted for each page
KEPT_FOR: Final = 5 * 60  # seconds
Answer = TypeVar("Answer")


def counted_lately(
    name: str, *, brand: Brand, period: Period, mentions: int, count: Callable[[], Answer]
) -> tuple[Answer, datetime]:
    """The answer, and when it was counted. `mentions` is the known number of mentions in the period."""

    def counted() -> tuple[Answer, datetime]:
        return count(), timezone.now()

    if mentions < KEPT_FROM:
        return counted()
    key = f"counted:{name}:{brand.pk}:{period.first}:{period.last}:{period.zone.key}"
    return cast("tuple[Answer, datetime]", cache.get_or_set(key, counted, KEPT_FOR))
