"""What the list of conversions looks at, read from the address; and the list as a table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring.conversions.models import Channel, Conversion, Kind, Origin
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.models.conversions import ONE_OF_A_KIND, is_kind, kind_label
from monitoring.conversions.selectors.ledger import (
    NOT_KNOWN,
    LedgerFilter,
    every_entry,
    filter_entries,
    list_kinds,
)
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.listening.showing.choosing import Choice

FILTERS = ("kind", "origin", "channel", "touched", "voided")
_VOIDED = {"yes": True, "no": False}


@dataclass(frozen=True)
class Option:
    """One value of a filter."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class LedgerChoice(Choice):
    """The organization's period, as on the other pages, and filters of its own."""

    @cached_property
    def ledger(self) -> LedgerFilter:
        channels = {*Channel.values, NOT_KNOWN}
        return LedgerFilter(
            period=self.period,
            kinds=tuple(kind for kind in self.parameters.getlist("kind") if is_kind(kind)),
            origins=tuple(name for name in self.parameters.getlist("origin") if name in Origin.values),
            channels=tuple(name for name in self.parameters.getlist("channel") if name in channels),
            touched=tuple(name for name in self.parameters.getlist("touched") if name in channels),
            voided=_VOIDED.get(self.parameters.get("voided", "")),
        )

    @property
    def kinds(self) -> list[Option]:
        kinds = list_kinds(organization=self.organization)
        return [Option(kind, kind_label(kind), kind in self.ledger.kinds) for kind in kinds]

    @property
    def origins(self) -> list[Option]:
        return [Option(each, str(each.label), each in self.ledger.origins) for each in Origin]

    @property
    def channels(self) -> list[Option]:
        return _channel_options(self.ledger.channels)

    @property
    def last_touches(self) -> list[Option]:
        return _channel_options(self.ledger.touched)

    @property
    def voiding(self) -> list[Option]:
        chosen = self.parameters.get("voided", "")
        said = {"": _("All"), "no": _("Without voided"), "yes": _("Only voided")}
        return [Option(value, label, value == chosen) for value, label in said.items()]

    @property
    def compared_kind(self) -> str:
        """Models are compared for one kind: the one that is looked at, or else orders."""
        return self.ledger.kinds[0] if len(self.ledger.kinds) == 1 else Kind.ORDER

    @property
    def is_ledger_filtered(self) -> bool:
        wanted = self.ledger
        return (
            bool(wanted.kinds or wanted.origins or wanted.channels or wanted.touched)
            or wanted.voided is not None
        )

    @property
    def without_filters(self) -> str:
        return self.address(**dict.fromkeys(FILTERS))


def _channel_options(chosen: Sequence[str]) -> list[Option]:
    known = [Option(each, str(each.label), each in chosen) for each in Channel]
    return [*known, Option(NOT_KNOWN, _("Not known"), NOT_KNOWN in chosen)]


def say_entry(entry: Conversion) -> str:
    """ "Order", "Order cancelled", "Order: money back", or the name of an event."""
    kind = str(ONE_OF_A_KIND.get(entry.kind, entry.kind))
    if entry.reverses_id is None:
        return kind
    said = _("%(kind)s: taken back") if entry.number else _("%(kind)s: money back")
    return said % {"kind": kind}


def export_ledger(choice: LedgerChoice) -> ExportedTable:
    """The whole list that the address filters. Times are in the organization's zone."""
    zone = ZoneInfo(choice.organization.time_zone)
    entries = every_entry(entries=filter_entries(organization=choice.organization, wanted=choice.ledger))
    return ExportedTable(
        name=f"{choice.organization.name} conversions",
        columns=[
            _("When (%(zone)s)") % {"zone": zone.key},
            _("What"),
            _("Number"),
            _("Amount"),
            _("Currency"),
            _("Counted under"),
            _("What the customer said"),
            _("Tracked link"),
            _("Told by"),
            _("Order number"),
            _("Note"),
            _("Void"),
            _("Entry"),
            _("Takes back entry"),
        ],
        rows=_rows(entries, zone, _Words.now()),
    )


@dataclass(frozen=True)
class _Words:
    """Looked up before the first row: rows are made while they are sent, when the reader's language may be over."""

    channels: dict[str, str]
    origins: dict[str, str]
    void: str

    @classmethod
    def now(cls) -> _Words:
        channels = {channel: channel_label(channel) for channel in Channel.values}
        return cls(channels, {origin: str(Origin(origin).label) for origin in Origin.values}, _("yes"))


def _rows(entries: Iterable[Conversion], zone: ZoneInfo, words: _Words) -> Iterator[list[Cell]]:
    for entry in entries:
        yield [
            entry.occurred_at.astimezone(zone),
            entry.kind,
            entry.number,
            entry.amount,
            entry.currency,
            words.channels.get(entry.channel, ""),
            words.channels.get(entry.heard_of_us_from, ""),
            entry.tracked_link.label if entry.tracked_link else "",
            words.origins[entry.origin],
            entry.order_number,
            entry.note,
            words.void if entry.voided_at else "",
            entry.pk,
            entry.reverses_id,
        ]
