"""The log's events, newest first: filtered, a page at a time by keyset, or all of them for a file.

What is looked for may be rare among a million events. So a page looks through a bounded number of them, newest first,
and says how far it came; the next page goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent, Organization

PAGE_SIZE: Final = 25
WINDOWS: Final = (2_000, 98_000)  # events that one page looks through, a few first
BATCH: Final = 2_000
MOST_WORDS: Final = 8
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LARGEST_ID: Final = 2**63 - 1
Place = tuple[datetime, int]


@dataclass(frozen=True, kw_only=True)
class LogFilter:
    """What somebody wants to see. Empty fields do not filter."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    actor: int | None = None
    without_actor: bool = False  # SMEdash itself, programs, and whoever failed to sign in
    action: str = ""
    kind: str = ""
    search: str = ""

    def narrow(self, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        if self.without_actor:
            events = events.filter(actor=None)
        elif self.actor is not None:
            events = events.filter(actor=self.actor)
        if self.action:
            events = events.filter(action=self.action)
        if self.kind:
            events = events.filter(subject_kind=self.kind)
        for word in self.search.casefold().split()[:MOST_WORDS]:
            events = events.filter(search_text__contains=word)
        return events

    @property
    def looks_through(self) -> bool:
        """Whether events must be read that are not shown."""
        return bool(
            self.without_actor or self.actor is not None or self.action or self.kind or self.search.split()
        )


@dataclass(frozen=True)
class LogPage:
    """`older` and `newer` are the cursors of the neighboring pages, None where there is none.

    `looked_until` is how far back this page looked where that is not to the end.
    """

    events: Sequence[AuditEvent]
    older: str | None
    newer: str | None
    looked_until: datetime | None = None


def page_of_events(
    *, organization: Organization, wanted: LogFilter, before: str = "", after: str = ""
) -> LogPage:
    """`before` and `after` are cursors of an earlier page; what is no cursor counts as none."""
    events = _of_period(organization, wanted)
    older_than, newer_than = _read_cursor(before), _read_cursor(after)
    if newer_than and not older_than:
        found, stopped = _look(_Way("gt"), events, wanted, newer_than)
        shown = found[:PAGE_SIZE][::-1]
        newer = _place(shown[0]) if len(found) > PAGE_SIZE else stopped
        older = _place(shown[-1]) if shown else (newer_than[0], newer_than[1] + 1)
        return LogPage(shown, older=_cursor(older), newer=newer and _cursor(newer))
    found, stopped = _look(_Way("lt"), events, wanted, older_than)
    shown = found[:PAGE_SIZE]
    further = _place(shown[-1]) if len(found) > PAGE_SIZE else stopped
    newer = (_place(shown[0]) if shown else older_than) if older_than else None
    return LogPage(
        shown,
        older=further and _cursor(further),
        newer=newer and _cursor(newer),
        looked_until=stopped[0] if stopped and len(found) <= PAGE_SIZE else None,
    )


def every_event(*, organization: Organization, wanted: LogFilter) -> Iterator[AuditEvent]:
    """All of them, newest first, in batches that each begin where the one before ended: in constant memory."""
    way, events, place = _Way("lt"), _of_period(organization, wanted), None
    while True:
        rest = way.beyond(events, place)
        edge = way.edge(rest, BATCH)
        yield from wanted.narrow(way.until(rest, edge))
        if edge is None:
            return
        place = edge


def _of_period(organization: Organization, wanted: LogFilter) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.filter(organization=organization)
    if wanted.starts_at:
        events = events.filter(happened_at__gte=wanted.starts_at)
    return events.filter(happened_at__lt=wanted.ends_at) if wanted.ends_at else events


@dataclass(frozen=True)
class _Way:
    """In which direction one looks: "lt" to older events, "gt" to newer ones."""

    side: str

    def beyond(self, events: QuerySet[AuditEvent], place: Place | None) -> QuerySet[AuditEvent]:
        order = ("-happened_at", "-pk") if self.side == "lt" else ("happened_at", "pk")
        return (events.filter(_beside(self.side, place)) if place else events).order_by(*order)

    def edge(self, events: QuerySet[AuditEvent], size: int) -> Place | None:
        """Where a window of so many events ends; None where there are no more."""
        return events.values_list("happened_at", "pk")[size - 1 : size].first()

    def until(self, events: QuerySet[AuditEvent], edge: Place | None) -> QuerySet[AuditEvent]:
        if edge is None:
            return events
        return events.filter(_beside("gt" if self.side == "lt" else "lt", edge, itself=True))


def _look(
    way: _Way, events: QuerySet[AuditEvent], wanted: LogFilter, place: Place | None
) -> tuple[list[AuditEvent], Place | None]:
    """A page and one more, and where looking stopped if it did not come to the end."""
    if not wanted.looks_through:
        return list(way.beyond(events, place)[: PAGE_SIZE + 1]), None
    found: list[AuditEvent] = []
    for size in WINDOWS:
        rest = way.beyond(events, place)
        place = way.edge(rest, size)
        found += wanted.narrow(way.until(rest, place))[: PAGE_SIZE + 1 - len(found)]
        if len(found) > PAGE_SIZE or place is None:
            return found, None
    return found, place


def _beside(side: str, place: Place, *, itself: bool = False) -> Q:
    moment, pk = place
    # The first condition alone bounds the index scan.
    return Q(**{f"happened_at__{side}e": moment}) & (
        Q(**{f"happened_at__{side}": moment}) | Q(**{f"pk__{side}{'e' if itself else ''}": pk})
    )


def _place(event: AuditEvent) -> Place:
    return event.happened_at, event.pk


def _cursor(place: Place) -> str:
    return f"{(place[0] - _EPOCH) // _MICROSECOND}-{place[1]}"


def _read_cursor(text: str) -> Place | None:
    moment, _dash, pk = text.partition("-")
    if not (moment.isascii() and moment.isdecimal() and pk.isascii() and pk.isdecimal() and len(text) < 40):
        return None
    try:
        return (_EPOCH + int(moment) * _MICROSECOND, int(pk)) if int(pk) < _LARGEST_ID else None
    except OverflowError:
        return None
