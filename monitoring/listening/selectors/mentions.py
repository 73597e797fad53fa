"""Pages of mentions by keyset, all of them batch by batch, and bounded counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import F, QuerySet

from monitoring.listening.models import Brand, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import sum_period
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions
from monitoring.listening.selectors.paging import PAGE_SIZE, SORTED_BY, places_of, read_stretch

__all__ = [
    "PAGE_SIZE",
    "BoundedCount",
    "MentionFilter",
    "MentionPage",
    "count_mentions",
    "every_mention",
    "filter_mentions",
    "page_of_mentions",
]

BATCH = 1_000  # rows of an export read at once
COUNTED_EXACTLY = 10_000


@dataclass(frozen=True)
class MentionPage:
    """`older` and `newer` are the cursors of the neighboring pages, None where there is none."""

    mentions: Sequence[Mention]
    older: str | None
    newer: str | None


@dataclass(frozen=True)
class BoundedCount:
    """A count that is exact up to COUNTED_EXACTLY; beyond, `more` says that there are more."""

    number: int
    more: bool


def page_of_mentions(*, mentions: QuerySet[Mention], before: str = "", after: str = "") -> MentionPage:
    """One page, newest first, by keyset: as fast on the thousandth page as on the first.

    `before` and `after` are cursors of an earlier page; what is no cursor counts as none.
    """
    ranked = mentions.annotate(rank=F("published_at")).defer("search")
    stretch = read_stretch(ranked, before=before, after=after)
    places = places_of(
        [(mention.published_at, mention.pk) for mention in stretch.rows],
        has_newer=stretch.has_newer,
        has_older=stretch.has_older,
    )
    return MentionPage(stretch.rows, older=places.older, newer=places.newer)


def every_mention(*, mentions: QuerySet[Mention], sort: str = "time") -> Iterator[Mention]:
    """All of them in order, in constant memory: put in order once, by a cursor that gives only their numbers.

    Rows are fetched batch by batch; what is deleted meanwhile is left out.
    """
    ordered = mentions.annotate(rank=SORTED_BY[sort]).order_by("-rank", "-id")
    numbers = ordered.values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := list(islice(numbers, BATCH)):
        found = Mention.objects.filter(deleted_at=None).defer("search").in_bulk(batch)
        yield from (found[number] for number in batch if number in found)


def count_mentions(*, brand: Brand, wanted: MentionFilter) -> BoundedCount:
    """From the counts by day as far as these tell such mentions apart, else from the rows."""
    known = counted_already(brand, wanted)
    if known is not None:
        return BoundedCount(known, more=False)
    mentions = filter_mentions(brand=brand, wanted=wanted)
    number = mentions.order_by()[: COUNTED_EXACTLY + 1].values("pk").count()
    return BoundedCount(min(number, COUNTED_EXACTLY), more=number > COUNTED_EXACTLY)


# What the counts by day tell apart. Of tones and questions they know one at a time.
_COUNTED_BY_DAY = {"period", "platforms", "languages", "tones", "only_questions"}


def counted_already(brand: Brand, wanted: MentionFilter) -> int | None:
    chosen = wanted.chosen
    if wanted.period is None or not chosen <= _COUNTED_BY_DAY or {"tones", "only_questions"} <= chosen:
        return None
    volume = sum_period(
        brands=[brand], period=wanted.period, platforms=wanted.platforms, languages=wanted.languages
    )
    if wanted.only_questions:
        return volume.questions
    by_tone = {
        Tone.POSITIVE: volume.positive,
        Tone.NEUTRAL: volume.neutral,
        Tone.NEGATIVE: volume.negative,
    }
    return sum(by_tone[Tone(tone)] for tone in set(wanted.tones)) if wanted.tones else volume.mentions
