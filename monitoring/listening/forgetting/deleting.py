"""Delete mentions for good: rows, counts, and the words that were counted. In batches, brands locked before rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import Mention, TermDay

BATCH: Final = 1_000
_ZONES_DIFFER: Final = timedelta(days=1)


@transaction.atomic
def forget_mentions(mentions: QuerySet[Mention], *, limit: int = BATCH) -> int:
    """Delete one batch of these mentions. Returns how many went: zero means that none is left."""
    chosen = list(mentions.order_by().values_list("pk", "brand_id", "published_at")[:limit])
    if not chosen:
        return 0
    brand_ids = {brand_id for _pk, brand_id, _at in chosen}
    lock_brands(brand_ids)
    deleted = Mention.objects.filter(pk__in=[pk for pk, _brand_id, _at in chosen]).delete()[1]
    _forget_words(brand_ids, [at.date() for _pk, _brand_id, at in chosen])
    return deleted.get(Mention._meta.label, 0)  # of what goes along, nobody asks how much it was


def _forget_words(brand_ids: Iterable[int], days: Iterable[date]) -> None:
    """The triggers have brought them to zero; but a term is a word that somebody wrote."""
    days = sorted(days)
    TermDay.objects.filter(
        brand_id__in=brand_ids, day__range=(days[0] - _ZONES_DIFFER, days[-1] + _ZONES_DIFFER), mentions=0
    ).delete()
