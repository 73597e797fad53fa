"""Rates that people enter themselves, one by one or from a file: for currencies that the bank does not publish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Final

from babel.numbers import get_currency_name
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import Action, record
from accounts.models import Organization
from monitoring.conversions.models import OwnRate
from monitoring.conversions.models.rates import RATE_DECIMALS
from monitoring.conversions.money.exchange import BASE
from monitoring.lib.csv_reading import CsvFile, NoTable
from monitoring.lib.money import LARGEST
from monitoring.lib.periods import EARLIEST, LATEST

COLUMNS: Final = ("currency", "day", "rate")
MOST_BYTES: Final = 1024 * 1024
MOST_LINES: Final = 20_000
SMALLEST: Final = Decimal(1).scaleb(-RATE_DECIMALS)
_BATCH: Final = 1_000


@dataclass(frozen=True)
class EnteredRate:
    currency: str
    day: date
    per_euro: Decimal


@dataclass(frozen=True)
class BadLine:
    line: int
    reason: str


@dataclass(frozen=True)
class RateFile:
    """Lines are counted as an editor does. Nothing is saved of a file with a bad line."""

    rates: list[EnteredRate]
    bad_lines: list[BadLine]


def read_rate_file(content: bytes) -> RateFile:
    """A table with the columns currency, day and rate: how much of the currency one euro was worth from that day on."""
    try:
        return _read_rows(CsvFile(content))
    except NoTable:
        return _unreadable(_("This is no table we can read."))


def save_rates(*, organization: Organization, rates: Sequence[EnteredRate]) -> int:
    """Keep these, each instead of the one of its currency and day. Returns how many."""
    last = {(rate.currency, rate.day): rate for rate in rates}
    rows = (
        OwnRate(organization=organization, currency=rate.currency, day=rate.day, per_euro=rate.per_euro)
        for rate in last.values()
    )
    with transaction.atomic():
        while batch := list(islice(rows, _BATCH)):
            OwnRate.objects.bulk_create(
                batch,
                update_conflicts=True,
                unique_fields=["organization", "currency", "day"],
                update_fields=["per_euro"],
            )
        _note_saved(organization, list(last.values()))
    return len(last)


@transaction.atomic
def delete_rate(*, rate: OwnRate) -> None:
    facts = {"currency": rate.currency, "day": rate.day, "per_euro": rate.per_euro}
    record(Action.DELETED, organization=rate.organization, subject=rate, before=facts)
    rate.delete()


def _note_saved(organization: Organization, rates: Sequence[EnteredRate]) -> None:
    """One event, however many there are: of a single one all, of many only how many."""
    facts: dict[str, object] = {"rows": len(rates)}
    if len(rates) == 1:
        rate = rates[0]
        facts = {"currency": rate.currency, "day": rate.day, "per_euro": rate.per_euro}
    name = ", ".join(sorted({rate.currency for rate in rates}))
    record(Action.CREATED, organization=organization, kind="ownrate", name=name, after=facts)


def check_rate(rate: Decimal) -> Decimal:
    """A rate as it is kept, or a ValueError."""
    if not rate.is_finite() or not SMALLEST <= rate < LARGEST / 100:
        raise ValueError("No rate.")
    return round(rate, RATE_DECIMALS)


def _unreadable(reason: str) -> RateFile:
    return RateFile([], [BadLine(1, reason)])


def _read_rows(file: CsvFile) -> RateFile:
    head = [name.lower() for name in file.columns]
    if not set(COLUMNS) <= set(head):
        return _unreadable(_("The first line must name the columns currency, day and rate."))
    rates: list[EnteredRate] = []
    bad_lines: list[BadLine] = []
    for line in file.rows():
        if line.number > MOST_LINES:
            return _unreadable(_("The table is too long. Give it in parts."))
        _read_row(line.number, dict(zip(head, line.cells, strict=True)), rates, bad_lines)
    return RateFile(rates, bad_lines)


def _read_row(
    number: int, cells: Mapping[str, str], rates: list[EnteredRate], bad_lines: list[BadLine]
) -> None:
    try:
        currency, day, rate = (cells.get(name, "").strip() for name in COLUMNS)
        rates.append(EnteredRate(_currency(currency), _day(day), _rate(rate)))
    except ValueError as error:
        bad_lines.append(BadLine(number, str(error)))


def _currency(text: str) -> str:
    code = text.upper()
    if code == BASE:
        raise ValueError(_("The euro is what the others are measured in."))
    if len(code) != 3 or not code.isascii() or get_currency_name(code, locale="en") == code:
        raise ValueError(_("“%(text)s” is no currency, such as USD.") % {"text": text[:20]})
    return code


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = LATEST
    if not EARLIEST <= day < LATEST:
        raise ValueError(_("“%(text)s” is no day, such as 2026-11-20.") % {"text": text[:20]})
    return day


def _rate(text: str) -> Decimal:
    try:
        return check_rate(
            Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
        )
    except (ArithmeticError, ValueError):
        raise ValueError(_("“%(text)s” is no rate, such as 1.0817.") % {"text": text[:20]}) from None
