"""Forget what may not be kept, in small batches: what terms and organizations limit, and an old ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from monitoring.listening.forgetting.deleting import BATCH, forget_mentions
from monitoring.listening.forgetting.retention import everything_expired
from monitoring.listening.models import CollectionRun, Source
from monitoring.listening.services.sources import delete_unwanted_sources

LEDGER_KEPT_FOR = timedelta(days=90)  # gaps are kept for good; the single attempts are not


def purge_expired() -> int:
    """Delete one batch of each kind. Returns how many rows went: zero means that all is done."""
    forgotten = timezone.now() - LEDGER_KEPT_FOR
    deleted = _delete_oldest_runs(forgotten) + _delete_unwanted_sources(forgotten)
    return deleted + sum(forget_mentions(mentions) for mentions in everything_expired())


def _delete_oldest_runs(before: datetime) -> int:
    old = CollectionRun.objects.filter(started_at__lt=before).values_list("pk", flat=True)[:BATCH]
    return CollectionRun.objects.filter(pk__in=list(old)).delete()[0]


def _delete_unwanted_sources(before: datetime) -> int:
    """Nobody has wanted them for long; a search text is what somebody once typed."""
    unwanted = Source.objects.filter(subscriptions=None, due_at__lt=before, created_at__lt=before)
    return delete_unwanted_sources(ids=unwanted.values_list("pk", flat=True)[:BATCH])
