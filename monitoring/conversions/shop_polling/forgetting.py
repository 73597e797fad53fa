"""Forget which version of an order a shop told last, once no older one can arrive any longer. In small batches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitoring.conversions.models import SeenOrder

BATCH: Final = 1_000
# Longer than the history that is read of a shop anew, and than any shop repeats its calls.
VERSIONS_KEPT_FOR: Final = timedelta(days=365)


def forget_seen_orders(*, now: datetime) -> int:
    """One batch. The orders themselves stay in the ledger. Returns how many were forgotten: zero means all.

    A version without a date stays: it may be from yesterday.
    """
    old = SeenOrder.objects.filter(told_at__lt=now - VERSIONS_KEPT_FOR).values_list("pk", flat=True)[:BATCH]
    return SeenOrder.objects.filter(pk__in=list(old)).delete()[0]
