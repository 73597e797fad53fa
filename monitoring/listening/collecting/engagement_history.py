"""Note how the reactions to mentions grow: one entry a measurement, only where a number had changed.

Within the transaction that writes a refresh: `read_numbers` before, `note_changes` after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from django.db import connection
from django.utils import timezone

from monitoring.listening.models import Mention, MentionEngagement

COUNTS: Final = ("likes", "replies", "shares", "quotes", "views")
Counts = tuple[int | None, ...]  # in the order of COUNTS

_LAST: Final = """
    select id, last.at, last.likes, last.replies, last.shares, last.quotes, last.views
    from unnest(%s::bigint[]) asked (id) cross join lateral (
        select * from listening_mentionengagement where mention_id = asked.id order by at desc limit 1) last
"""


class Numbers(NamedTuple):
    """What a mention's numbers were, and since when that was known."""

    since: datetime
    counts: Counts


def read_numbers(*, mention_ids: Iterable[int]) -> dict[int, Numbers]:
    rows = Mention.objects.filter(pk__in=mention_ids, deleted_at=None)
    return {
        pk: Numbers(collected_at, tuple(counts))
        for pk, collected_at, *counts in rows.values_list("pk", "collected_at", *COUNTS)
    }


def note_changes(*, before: Mapping[int, Numbers]) -> int:
    """Compare with the last entry, or else with what was before. Returns how many mentions had changed.

    The first time the earlier numbers are noted too, as of when the mention was found.
    """
    now, after, last = timezone.now(), read_numbers(mention_ids=before), _last_entries(before)
    changed = {
        pk: numbers.counts
        for pk, numbers in after.items()
        if numbers.counts != last.get(pk, before[pk].counts)
    }
    entries = [_entry(pk, before[pk].since, before[pk].counts) for pk in changed if pk not in last]
    entries += [_entry(pk, now, counts) for pk, counts in changed.items()]
    MentionEngagement.objects.bulk_create(entries, ignore_conflicts=True)
    return len(changed)


def _last_entries(mention_ids: Iterable[int]) -> dict[int, Counts]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [list(mention_ids)])
        return {pk: tuple(counts) for pk, _at, *counts in cursor.fetchall()}


def _entry(mention_id: int, at: datetime, counts: Counts) -> MentionEngagement:
    return MentionEngagement(mention_id=mention_id, at=at, **dict(zip(COUNTS, counts, strict=True)))
