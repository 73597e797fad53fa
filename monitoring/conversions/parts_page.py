"""The parts of conversions that a figure of credit counts, as a page and as a table to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from typing import Final
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from django.utils.translation import gettext as _

from monitoring.conversions.comparing import Figure
from monitoring.conversions.ledger_choice import say_entry
from monitoring.conversions.models import CreditModel
from monitoring.conversions.parts_choice import PartsChoice
from monitoring.conversions.selectors.credited_parts import every_share
from monitoring.conversions.selectors.credits import CreditRow
from monitoring.conversions.selectors.parts import Share
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.lib.figures import format_money, format_share, reader_locale

_FRACTIONS: Final = {
    (1, 2): "½",
    (1, 3): "⅓",
    (2, 3): "⅔",
    (1, 4): "¼",
    (3, 4): "¾",
    (1, 5): "⅕",
    (2, 5): "⅖",
    (3, 5): "⅗",
    (4, 5): "⅘",
    (1, 6): "⅙",
    (5, 6): "⅚",
    (1, 8): "⅛",
    (3, 8): "⅜",
    (5, 8): "⅝",
    (7, 8): "⅞",
}
_SMALL, _SMALLEST = Decimal("0.1"), Decimal("0.001")


@dataclass(frozen=True)
class ShownSum:
    """The figure that somebody came from, as it stood there and exactly."""

    said: str
    exactly: str
    money: str


@dataclass(frozen=True)
class ShownPart:
    share: Share
    said: str
    part: str
    number: str
    money: str

    @property
    def conversion_id(self) -> int:
        """Whose chain tells how it came about."""
        return self.share.entry.reverses_id or self.share.entry.pk


def show_sum(row: CreditRow) -> ShownSum:
    money = [format_money(amount, currency) for currency, amount in sorted(row.amounts.items())]
    return ShownSum(
        Figure(row.number, row.number, "").number_said, say_exactly(row.number), " · ".join(money)
    )


def show_parts(shares: Iterable[Share], model: CreditModel) -> list[ShownPart]:
    return [
        ShownPart(
            share=share,
            said=say_entry(share.entry),
            part=say_part(share, model),
            number=say_exactly(share.number),
            money=format_money(share.amount, share.entry.currency) if share.entry.currency else "",
        )
        for share in shares
    ]


def say_exactly(number: Decimal) -> str:
    """With all of its decimals, so that a list adds up."""
    return format_decimal(number.normalize(), locale=reader_locale(), decimal_quantization=False)


def say_part(share: Share, model: CreditModel) -> str:
    """ "⅓ · 33%" where touches have equal parts, or else the part as a percentage."""
    if share.part == 1:
        return _("All of it")
    percent = _percent(share.part)
    if model != CreditModel.LINEAR:
        return percent
    common = gcd(share.theirs, share.touches)
    parts = share.theirs // common, share.touches // common
    return f"{_FRACTIONS.get(parts, f'{parts[0]}/{parts[1]}')} · {percent}"


def _percent(part: Decimal) -> str:
    if part < _SMALLEST:
        return _("less than %(share)s") % {"share": format_share(_SMALLEST, 1)}
    return format_share(part, 1 if part < _SMALL else 0)


def export_parts(choice: PartsChoice) -> ExportedTable:
    """The whole list. Numbers and amounts are exact, so that their columns add up to the figure."""
    zone = ZoneInfo(choice.organization.time_zone)
    return ExportedTable(
        name=f"{choice.organization.name} credits {choice.target_said}",
        columns=[
            _("When (%(zone)s)") % {"zone": zone.key},
            _("What"),
            _("Part"),
            _("Its touches"),
            _("All touches"),
            _("Credited number"),
            _("Credited amount"),
            _("Currency"),
            _("Whole amount"),
            _("Order number"),
            _("Entry"),
            _("Takes back entry"),
        ],
        rows=_rows(every_share(organization=choice.organization, part=choice.part), zone),
    )


def _rows(shares: Iterable[Share], zone: ZoneInfo) -> Iterator[list[Cell]]:
    for share in shares:
        entry = share.entry
        yield [
            entry.occurred_at.astimezone(zone),
            entry.kind,
            share.part,
            share.theirs,
            share.touches,
            share.number,
            share.amount if entry.currency else None,
            entry.currency,
            entry.amount,
            entry.order_number,
            entry.pk,
            entry.reverses_id,
        ]
