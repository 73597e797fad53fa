"""Forget what may not be kept, in small batches: what a platform's terms limit, and an old ledger."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from monitoring.listening.models import CollectionRun, Mention
from monitoring.listening.storing import lock_brands
from monitoring.platforms.registry import platforms

BATCH = 1_000
LEDGER_KEPT_FOR = timedelta(days=90)  # gaps are kept for good; the single attempts are not


def purge_expired() -> int:
    """Delete one batch of each kind. Returns how many rows went: zero means that all is done."""
    now = timezone.now()
    deleted = _delete_oldest_runs(now - LEDGER_KEPT_FOR)
    for platform in platforms():
        if platform.keeps_for is not None:
            expired = Mention.objects.filter(
                platform=platform.slug, collected_at__lt=now - platform.keeps_for
            )
            deleted += _delete_mentions(dict(expired.values_list("pk", "brand_id")[:BATCH]))
    return deleted


@transaction.atomic
def _delete_mentions(brands: dict[int, int]) -> int:
    """Mentions by their brands, which are locked before the rows, as everywhere."""
    lock_brands(brands.values())
    return Mention.objects.filter(pk__in=list(brands)).delete()[0]


def _delete_oldest_runs(before: object) -> int:
    old = CollectionRun.objects.filter(started_at__lt=before).values_list("pk", flat=True)[:BATCH]
    return CollectionRun.objects.filter(pk__in=list(old)).delete()[0]
