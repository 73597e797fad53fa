"""How many mentions still wait for somebody: those of the counts by day that nobody has dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, Mention, MentionStatus
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import sum_period

_DEALT_WITH = (MentionStatus.ANSWERED, MentionStatus.ARCHIVED)


@dataclass(frozen=True)
class WaitingMentions:
    negative: int
    questions: int


def count_waiting(*, brands: Sequence[Brand], period: Period) -> WaitingMentions:
    """Two queries: the counts by day, less what was answered or archived, which is little and has an index."""
    counted = sum_period(brands=brands, period=period)
    if not (counted.negative or counted.questions):
        return WaitingMentions(0, 0)
    settled = Mention.objects.filter(
        organization__in={brand.organization_id for brand in brands},
        brand__in=[brand.pk for brand in brands],
        status__in=_DEALT_WITH,
        is_counted=True,
        published_at__gte=period.starts_at,
        published_at__lt=period.ends_at,
    ).aggregate(
        negative=Count("pk", filter=Q(tone=Tone.NEGATIVE)), questions=Count("pk", filter=Q(is_question=True))
    )
    return WaitingMentions(counted.negative - settled["negative"], counted.questions - settled["questions"])
