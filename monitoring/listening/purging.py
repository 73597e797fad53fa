"""Forget what may not be kept, in small batches: what terms and organizations limit, and an old ledger."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from monitoring.listening.forgetting import BATCH, forget_mentions
from monitoring.listening.models import CollectionRun
from monitoring.listening.retention import everything_expired

LEDGER_KEPT_FOR = timedelta(days=90)  # gaps are kept for good; the single attempts are not


def purge_expired() -> int:
    """Delete one batch of each kind. Returns how many rows went: zero means that all is done."""
    deleted = _delete_oldest_runs(timezone.now() - LEDGER_KEPT_FOR)
    return deleted + sum(forget_mentions(mentions) for mentions in everything_expired())


def _delete_oldest_runs(before: object) -> int:
    old = CollectionRun.objects.filter(started_at__lt=before).values_list("pk", flat=True)[:BATCH]
    return CollectionRun.objects.filter(pk__in=list(old)).delete()[0]
