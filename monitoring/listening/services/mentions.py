"""Judge a mention, bury it: at once, without a way back. What people do can be undone: see `services.changes`.

Brands are locked before rows, as whoever stores does it: two that lock in turn never wait for each other.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import Mention, MentionEngagement
from monitoring.listening.models.mentions import Tone

_FORGOTTEN: dict[str, object] = {
    "title": "", "text": "", "url": "", "author_key": "", "author_handle": "", "author_name": "", "author_url": "",
    "author_avatar_url": "", "author_followers": None, "hashtags": [], "handles": [], "links": [], "terms": [],
    "community": "", "tags": [], "search": None, "parent_id": None, "thread_id": None, "refresh_at": None,
}  # fmt: skip


@transaction.atomic
def correct_sentiment(*, mention: Mention, tone: Tone | None) -> None:
    """A person's judgement wins over the machine's; None goes back to the machine's."""
    lock_brands([mention.brand_id])
    Mention.objects.filter(pk=mention.pk, deleted_at=None).update(corrected_sentiment=tone)


@transaction.atomic
def bury_mentions(*, ids: list[int]) -> int:
    """Leave tombstones without text or author, so that polling does not bring the mentions back."""
    lock_brands(Mention.objects.filter(pk__in=ids).values_list("brand_id", flat=True))
    MentionEngagement.objects.filter(mention_id__in=ids).delete()
    return Mention.objects.filter(pk__in=ids, deleted_at=None).update(deleted_at=timezone.now(), **_FORGOTTEN)
