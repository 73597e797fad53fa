"""Pages of mentions by keyset, all of them batch by batch, and bounded counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

from monitoring.listening.models import Brand, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.selectors.counts import sum_period
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions

__all__ = [
    "BoundedCount",
    "MentionFilter",
    "MentionPage",
    "count_mentions",
    "every_mention",
    "filter_mentions",
    "page_of_mentions",
]

PAGE_SIZE = 20
BATCH = 1_000  # rows of an export read at once
COUNTED_EXACTLY = 10_000
_UNFILTERED: tuple[object, ...] = (None, False, "", ())
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    older_than, newer_than = _read_cursor(before), _read_cursor(after)
    mentions = mentions.defer("search")
    if newer_than and not older_than:
        rows = list(
            mentions.filter(_beyond("gt", newer_than)).order_by("published_at", "id")[: PAGE_SIZE + 1]
        )
        has_newer, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
        has_older = True
    else:
        if older_than:
            mentions = mentions.filter(_beyond("lt", older_than))
        rows = list(mentions.order_by("-published_at", "-id")[: PAGE_SIZE + 1])
        has_older, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
        has_newer = older_than is not None
    return MentionPage(
        rows,
        older=_cursor(rows[-1]) if rows and has_older else None,
        newer=_cursor(rows[0]) if rows and has_newer else None,
    )


def every_mention(*, mentions: QuerySet[Mention]) -> Iterator[Mention]:
    """All of them, newest first, read batch by batch where the one before ended: in constant memory."""
    ordered = mentions.defer("search").order_by("-published_at", "-id")
    batch = list(ordered[:BATCH])
    while batch:
        yield from batch
        last = batch[-1]
        batch = list(ordered.filter(_beyond("lt", (last.published_at, last.pk)))[:BATCH])


def count_mentions(*, brand: Brand, wanted: MentionFilter) -> BoundedCount:
    """From the counts by day as far as these tell such mentions apart, else from the rows."""
    known = _counted_already(brand, wanted)
    if known is not None:
        return BoundedCount(known, more=False)
    mentions = filter_mentions(brand=brand, wanted=wanted)
    number = mentions.order_by()[: COUNTED_EXACTLY + 1].values("pk").count()
    return BoundedCount(min(number, COUNTED_EXACTLY), more=number > COUNTED_EXACTLY)


# What the counts by day tell apart. Of tones and questions they know one at a time.
_COUNTED_BY_DAY = {"period", "platforms", "languages", "tones", "only_questions"}


def _counted_already(brand: Brand, wanted: MentionFilter) -> int | None:
    chosen = {field.name for field in fields(wanted) if getattr(wanted, field.name) not in _UNFILTERED}
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


def _beyond(direction: str, position: tuple[datetime, int]) -> Q:
    published_at, mention_id = position
    # The first condition alone bounds the index scan; the second decides among equal times.
    return Q(**{f"published_at__{direction}e": published_at}) & (
        Q(**{f"published_at__{direction}": published_at}) | Q(**{f"id__{direction}": mention_id})
    )


def _cursor(mention: Mention) -> str:
    return f"{(mention.published_at - EPOCH) // timedelta(microseconds=1)}.{mention.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    microseconds, _dot, mention_id = text.partition(".")
    try:
        return EPOCH + timedelta(microseconds=int(microseconds)), int(mention_id)
    except (ValueError, OverflowError):
        return None
