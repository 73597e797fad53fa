"""Questions worth answering: nobody has answered them, as far as we know, and many may read the answer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from monitoring.listening.models import Brand, Mention, MentionStatus
from monitoring.listening.selectors.threads import names_of

RECENT: Final = timedelta(days=14)  # an older question has found its answer, or nobody waits for it any more
LOOKED_AT: Final = 2_000  # of the newest mentions: as fast for a brand that all the world speaks of


def questions_worth_answering(
    *,
    brand: Brand,
    now: datetime,
    limit: int,
    answered: QuerySet[Any, int | None],
    named_by_answers: Collection[tuple[str, str]] = (),
) -> list[Mention]:
    """Open ones of the last 14 days that have no reply yet; those whose authors most people follow come first.

    Among the newest 2,000 mentions, which the index of latest mentions has in this order. `answered` are the ids of
    those that somebody of ours answered; `named_by_answers` is what our own replies call those on their platforms.
    """
    newest = Mention.objects.filter(
        organization_id=brand.organization_id, brand_id=brand.pk, published_at__gte=now - RECENT
    ).order_by("-published_at", "-id")
    asked = Mention.objects.filter(
        Q(replies=0) | Q(replies=None),
        organization_id=brand.organization_id,
        pk__in=newest.values("pk")[:LOOKED_AT],
        is_question=True,
        is_counted=True,
        status=MentionStatus.OPEN,
    ).exclude(pk__in=answered)
    ranked = asked.order_by(F("author_followers").desc(nulls_last=True), "-published_at", "-pk")
    if not named_by_answers:
        return list(ranked.defer("search")[:limit])
    candidates = ranked.select_related("source").defer("search")[: limit + len(named_by_answers)]
    return [mention for mention in candidates if not _is_answered(mention, named_by_answers)][:limit]


def _is_answered(mention: Mention, named: Collection[tuple[str, str]]) -> bool:
    return any((mention.platform, name) in named for name in names_of(mention))
