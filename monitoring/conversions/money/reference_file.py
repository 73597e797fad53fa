"""The European Central Bank's file of all its reference rates: a ZIP archive with one CSV table, or the table itself.

    Date,USD,JPY,BGN,…,ZAR,
    2026-11-20,1.0817,162.43,1.9558,…,19.4312,

`N/A` stands where none was published. It comes from outside: it is read line by line, never larger than it may become,
and whatever is not such a table is refused as a whole.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import IO, Final

from monitoring.conversions.models.rates import RATE_DECIMALS, RATE_DIGITS

# All rates since 1999 are about two megabytes.
MOST_BYTES: Final = 40 * 1024 * 1024
_EARLIEST: Final = date(1999, 1, 1)
_LARGEST: Final = Decimal(10) ** (RATE_DIGITS - RATE_DECIMALS)
_UNPUBLISHED: Final = frozenset(("", "N/A"))
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)


class NotTheFile(ValueError):
    """This is no table of reference rates. The message says what is wrong with it."""


@dataclass(frozen=True)
class PublishedRate:
    currency: str
    day: date
    per_euro: Decimal


def read_reference_file(content: bytes) -> Iterator[PublishedRate]:
    """Every rate in the file, in its order. Raises NotTheFile, possibly after some rates."""
    try:
        with _table(content) as table:
            yield from _rates(csv.reader(io.TextIOWrapper(table, "utf-8-sig", newline="")))
    except _DAMAGED as error:
        raise NotTheFile("The archive is damaged or protected.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotTheFile("This is no table of text.") from error


class _Limited(io.RawIOBase):
    """Reads another file, and refuses to go on where it becomes too large: an archive may claim any size."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._left = MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # as RawIOBase documents it
        piece = self._source.read(len(buffer))
        self._left -= len(piece)
        if self._left < 0:
            raise NotTheFile("The table is larger than we read.")
        buffer[: len(piece)] = piece
        return len(piece)


def _table(content: bytes) -> io.BufferedReader:
    if not content.startswith(b"PK"):
        return io.BufferedReader(_Limited(io.BytesIO(content)))
    archive = zipfile.ZipFile(io.BytesIO(content))
    name = next((name for name in archive.namelist() if name.lower().endswith(".csv")), None)
    if name is None:
        raise NotTheFile("There is no table in the archive.")
    return io.BufferedReader(_Limited(archive.open(name)))


def _rates(rows: Iterable[list[str]]) -> Iterator[PublishedRate]:
    lines = iter(rows)
    currencies = _currencies(next(lines, []))
    for number, row in enumerate(lines, start=2):
        if any(cell.strip() for cell in row):
            yield from _rates_of_day(currencies, row, number)


def _currencies(head: list[str]) -> list[str]:
    names = [name.strip() for name in head]
    while names and not names[-1]:  # each line ends with a comma
        names.pop()
    if len(names) < 2 or names[0] != "Date" or not all(map(_CURRENCY.fullmatch, names[1:])):
        raise NotTheFile("Its first line does not name a date and currencies.")
    return names[1:]


def _rates_of_day(currencies: list[str], row: list[str], number: int) -> Iterator[PublishedRate]:
    cells = [cell.strip() for cell in row]
    try:
        day = date.fromisoformat(cells[0])
        for currency, cell in zip(currencies, cells[1:], strict=False):
            if cell not in _UNPUBLISHED:
                yield PublishedRate(currency, day, _above_zero(cell))
    except (ValueError, InvalidOperation) as error:
        raise NotTheFile(f"Line {number} holds something that is no rate.") from error
    if day < _EARLIEST or len(cells) <= len(currencies):
        raise NotTheFile(f"Line {number} is no day of rates.")


def _above_zero(cell: str) -> Decimal:
    rate = Decimal(cell)
    if not rate.is_finite() or not 0 < rate < _LARGEST:
        raise ValueError(cell)
    return round(rate, RATE_DECIMALS)
