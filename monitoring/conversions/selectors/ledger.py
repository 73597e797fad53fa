"""The ledger's entries as a list: filtered, a page at a time by keyset, or all of them for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Organization
from monitoring.conversions.models import Assumptions, Conversion, ConversionDay, Kind, Touch
from monitoring.lib.periods import Period

PAGE_SIZE: Final = 25
BATCH: Final = 1_000
NOT_KNOWN: Final = "none"  # stands for no channel where a channel is chosen
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST_ID = 2**63 - 1
Place = tuple[datetime, int]


@dataclass(frozen=True, kw_only=True)
class LedgerFilter:
    """What somebody wants to see. Empty fields do not filter."""

    period: Period | None = None
    kinds: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()  # NOT_KNOWN among them: those without
    touched: tuple[str, ...] = ()  # channels of the last touch; NOT_KNOWN for those without one
    voided: bool | None = None


@dataclass(frozen=True)
class LedgerPage:
    """`older` and `newer` are the cursors of the neighboring pages, None where there is none."""

    entries: Sequence[Conversion]
    older: str | None
    newer: str | None


def filter_entries(*, organization: Organization, wanted: LedgerFilter) -> QuerySet[Conversion]:
    entries = Conversion.objects.filter(organization=organization).select_related(
        "tracked_link", "created_by", "connection"
    )
    if wanted.period:
        entries = entries.filter(
            occurred_at__gte=wanted.period.starts_at, occurred_at__lt=wanted.period.ends_at
        )
    if wanted.kinds:
        entries = entries.filter(kind__in=wanted.kinds)
    if wanted.origins:
        entries = entries.filter(origin__in=wanted.origins)
    if wanted.channels:
        entries = entries.filter(channel__in=_named(wanted.channels))
    if wanted.touched:
        entries = entries.alias(touched=_last_channel(organization)).filter(
            touched__in=_named(wanted.touched)
        )
    return entries if wanted.voided is None else entries.filter(voided_at__isnull=not wanted.voided)


def _named(channels: Iterable[str]) -> list[str]:
    return ["" if channel == NOT_KNOWN else channel for channel in channels]


def _last_channel(organization: Organization) -> Coalesce:
    """Of the last touch within the window, as `crediting.days` has it; what is taken back follows its order."""
    assumed = Assumptions.objects.filter(organization=organization).first() or Assumptions()
    converted_at = Coalesce(
        OuterRef("reverses__occurred_at"), OuterRef("occurred_at"), output_field=DateTimeField()
    )
    touches = Touch.objects.filter(
        conversion_id=Coalesce(OuterRef("reverses_id"), OuterRef("pk")),
        occurred_at__lte=converted_at,
        occurred_at__gte=converted_at - timedelta(days=assumed.window_days),
    )
    last = touches.order_by("-occurred_at", "-pk").values("channel")[:1]
    return Coalesce(Subquery(last), Value(""))


def page_of_entries(*, entries: QuerySet[Conversion], before: str = "", after: str = "") -> LedgerPage:
    """Newest first. `before` and `after` are cursors of an earlier page; what is no cursor counts as none."""
    older_than, newer_than = read_cursor(before), read_cursor(after)
    if newer_than and not older_than:
        rows = list(_newer(entries, newer_than)[: PAGE_SIZE + 1])
        has_newer, has_older = len(rows) > PAGE_SIZE, True
        rows = rows[:PAGE_SIZE][::-1]
    else:
        rows = list(_older(entries, older_than)[: PAGE_SIZE + 1])
        has_newer, has_older = older_than is not None, len(rows) > PAGE_SIZE
        rows = rows[:PAGE_SIZE]
    return LedgerPage(
        rows,
        older=cursor_of(_place(rows[-1])) if rows and has_older else None,
        newer=cursor_of(_place(rows[0])) if rows and has_newer else None,
    )


def every_entry(*, entries: QuerySet[Conversion]) -> Iterator[Conversion]:
    """All of them, newest first, read batch by batch where the one before ended: in constant memory."""
    batch = list(_older(entries, None)[:BATCH])
    while batch:
        yield from batch
        batch = list(_older(entries, (batch[-1].occurred_at, batch[-1].pk))[:BATCH])


def list_kinds(*, organization: Organization) -> list[str]:
    """Ours, and the organization's own events that were ever reported."""
    days = ConversionDay.objects.filter(organization_id=organization.pk).exclude(kind__in=Kind.values)
    return [*Kind.values, *days.order_by("kind").values_list("kind", flat=True).distinct()]


def _older(entries: QuerySet[Conversion], place: Place | None) -> QuerySet[Conversion]:
    return (entries.filter(_beyond("lt", place)) if place else entries).order_by("-occurred_at", "-pk")


def _newer(entries: QuerySet[Conversion], place: Place) -> QuerySet[Conversion]:
    return entries.filter(_beyond("gt", place)).order_by("occurred_at", "pk")


def _beyond(side: str, place: Place) -> Q:
    moment, pk = place
    # The first condition alone bounds the index scan.
    return Q(**{f"occurred_at__{side}e": moment}) & (
        Q(**{f"occurred_at__{side}": moment}) | Q(**{f"pk__{side}": pk})
    )


def _place(entry: Conversion) -> Place:
    return entry.occurred_at, entry.pk


def cursor_of(place: Place) -> str:
    """A place in a list as an address names it."""
    moment, pk = place
    return f"{(moment - _EPOCH) // _MICROSECOND}-{pk}"


def read_cursor(text: str) -> Place | None:
    """The place that an address names, or None where it names none."""
    moment, _dash, pk = text.partition("-")
    if not (moment.isascii() and moment.isdecimal() and pk.isascii() and pk.isdecimal() and len(text) < 40):
        return None
    try:
        return (_EPOCH + int(moment) * _MICROSECOND, int(pk)) if int(pk) <= _LARGEST_ID else None
    except OverflowError:
        return None
