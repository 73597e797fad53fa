"""Places in an ordered list of mentions: the next page is read from where the last one ended, never counted off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from monitoring.listening.models import Mention

PAGE_SIZE = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SORTED_BY: dict[str, Combinable] = {
    "time": F("published_at"),
    "reach": Coalesce(F("author_followers"), Value(-1)),
    "engagement": F("interactions"),
}
Position = tuple[datetime | int, int]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Stretch(Generic[Row]):
    rows: list[Row]
    has_newer: bool
    has_older: bool


@dataclass(frozen=True)
class Places:
    """The mentions of one page in order, and the cursors of its neighbors, None where there is none."""

    ids: Sequence[int]
    older: str | None
    newer: str | None


def find_places(
    *, mentions: QuerySet[Mention], sort: str = "time", before: str = "", after: str = ""
) -> Places:
    """`before` and `after` are cursors of another page of the same order; what is no cursor counts as none."""
    ranked = mentions.annotate(rank=SORTED_BY[sort])
    stretch = read_stretch(ranked.values_list("rank", "id"), sort=sort, before=before, after=after)
    return places_of(stretch.rows, has_newer=stretch.has_newer, has_older=stretch.has_older)


def first_places(newest: Sequence[Position]) -> Places:
    """Of positions in order: those of a page, and one more if there are so many."""
    return places_of(newest[:PAGE_SIZE], has_newer=False, has_older=len(newest) > PAGE_SIZE)


def places_among(
    *, mentions: QuerySet[Mention], most: int, sort: str = "time", before: str = "", after: str = ""
) -> Places:
    """As `find_places`, but all positions are read and put in order here: of few mentions that an index finds."""
    older_than, newer_than = read_cursor(before, sort), read_cursor(after, sort)
    ranked = mentions.annotate(rank=SORTED_BY[sort]).values_list("rank", "id")
    positions = sorted(ranked[:most], reverse=True)
    if newer_than and not older_than:
        newer = [position for position in positions if position > newer_than]
        return places_of(newer[-PAGE_SIZE:], has_newer=len(newer) > PAGE_SIZE, has_older=True)
    older = [position for position in positions if older_than is None or position < older_than]
    return places_of(older[:PAGE_SIZE], has_newer=older_than is not None, has_older=len(older) > PAGE_SIZE)


def read_stretch(
    ranked: QuerySet[Any, Row], *, sort: str = "time", before: str = "", after: str = ""
) -> Stretch[Row]:
    """The rows of one page in order, of mentions that have a `rank`."""
    older_than, newer_than = read_cursor(before, sort), read_cursor(after, sort)
    if newer_than and not older_than:
        rows = list(ranked.filter(beyond("gt", newer_than)).order_by("rank", "id")[: PAGE_SIZE + 1])
        return Stretch(rows[:PAGE_SIZE][::-1], has_newer=len(rows) > PAGE_SIZE, has_older=True)
    if older_than:
        ranked = ranked.filter(beyond("lt", older_than))
    rows = list(ranked.order_by("-rank", "-id")[: PAGE_SIZE + 1])
    return Stretch(rows[:PAGE_SIZE], has_newer=older_than is not None, has_older=len(rows) > PAGE_SIZE)


def places_of(positions: Sequence[Position], *, has_newer: bool, has_older: bool) -> Places:
    return Places(
        [mention_id for _rank, mention_id in positions],
        older=write_cursor(positions[-1]) if positions and has_older else None,
        newer=write_cursor(positions[0]) if positions and has_newer else None,
    )


def beyond(direction: str, position: Position) -> Q:
    rank, mention_id = position
    # The first condition alone bounds the index scan; the second decides among equal ranks.
    return Q(**{f"rank__{direction}e": rank}) & (
        Q(**{f"rank__{direction}": rank}) | Q(**{f"id__{direction}": mention_id})
    )


def write_cursor(position: Position) -> str:
    rank, mention_id = position
    number = (rank - EPOCH) // timedelta(microseconds=1) if isinstance(rank, datetime) else rank
    return f"{number}.{mention_id}"


def read_cursor(text: str, sort: str = "time") -> Position | None:
    number, _dot, mention_id = text.partition(".")
    try:
        rank, last = int(number), int(mention_id)
        moment = EPOCH + timedelta(microseconds=rank) if sort == "time" else rank
    except (ValueError, OverflowError):
        return None
    return (moment, last) if max(abs(rank), abs(last)) < 2**63 else None
