"""Who works on a row: a lease in its `lease_until`, taken and prolonged by conditional updates.

Whoever finds another lease in the row than its own has lost it. A lease that has run out is anybody's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

Row = TypeVar("Row", bound=Model)


def is_free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)


def take_lease(row: QuerySet[Row]) -> datetime | None:
    """Until when the row is ours, or None if somebody else works on it."""
    now = timezone.now()
    return _update(row.filter(is_free(now)), now)


def renew_lease(row: QuerySet[Row], lease_until: datetime) -> datetime | None:
    """Until when the row is ours from now on, or None if the lease was lost.

    Within a transaction this also locks the row.
    """
    return _update(row.filter(lease_until=lease_until), timezone.now())


def _update(row: QuerySet[Row], now: datetime) -> datetime | None:
    lease_until = now + timedelta(seconds=settings.LEASE_SECONDS)
    return lease_until if row.update(lease_until=lease_until) else None
