"""Forget that old letters were sent. In small batches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitoring.reports.models import Letter

BATCH: Final = 1_000
KEPT_FOR: Final = timedelta(days=2 * 365)


def forget_letters(*, now: datetime) -> int:
    """One batch. Returns how many were forgotten: zero means all."""
    old = Letter.objects.filter(monday__lt=(now - KEPT_FOR).date()).values_list("pk", flat=True)[:BATCH]
    return Letter.objects.filter(pk__in=list(old)).delete()[0]
