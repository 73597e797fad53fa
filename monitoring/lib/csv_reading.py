"""CSV as tills, spreadsheets and advertising managers write it: any separator, any encoding, a heading row."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 20_000
LINE_BREAK: Final = "\u2028"  # what Unicode calls so; a line of the file goes on behind it
_SEPARATORS: Final = ",;\t|"


class NoTable(ValueError):
    """The file cannot be read as a table. `code` says why: empty, too_large, too_many_rows, binary, no_columns,
    broken, broken_workbook."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """One row, with the number of the line it begins on, as an editor counts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class CsvFile:
    """A table in a file. Rows are read one after the other, as often as asked."""

    content: bytes

    def __post_init__(self) -> None:
        if len(self.content) > LARGEST_FILE:
            raise NoTable("too_large")
        if not self.content.strip():
            raise NoTable("empty")
        if self.encoding != "utf-16" and b"\0" in self.content:
            raise NoTable("binary")
        if not 1 <= len(self.columns) <= MOST_COLUMNS:
            raise NoTable("no_columns")

    @cached_property
    def encoding(self) -> str:
        """UTF-8 or UTF-16 where the file says so or is nothing else; Windows' own otherwise, which reads anything."""
        if self.content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        try:
            self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"

    @cached_property
    def separator(self) -> str:
        """Whatever the heading has most of, outside quotes."""
        heading = re.sub(r'"[^"]*"', "", self._text().readline())
        return max(_SEPARATORS, key=heading.count)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names in the first row; a column without one is called by its place."""
        first = next(self._lines(), None)
        names = [] if first is None else [cell.strip() for cell in first.cells]
        return tuple(name or f"#{place}" for place, name in enumerate(names, 1))

    def rows(self) -> Iterator[Line]:
        """All rows but the first, empty ones left out, each as long as the heading. Raises NoTable("broken")."""
        width = len(self.columns)
        lines = self._lines()
        next(lines, None)
        for line in lines:
            if any(cell.strip() for cell in line.cells):
                padded = (*line.cells[:width], *[""] * (width - len(line.cells)))
                yield Line(line.number, padded)

    def _text(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(
            io.BytesIO(self.content), encoding=self.encoding, errors="replace", newline=""
        )

    def _lines(self) -> Iterator[Line]:
        reader = csv.reader(self._text(), delimiter=self.separator)
        before = 0
        try:
            for cells in reader:
                yield Line(before + 1, tuple(_clean(cell) for cell in cells))
                before = reader.line_num
        except csv.Error:
            raise NoTable("broken") from None


def guess_columns(columns: Sequence[str], wanted: Iterable[tuple[str, Sequence[str]]]) -> dict[str, int]:
    """Which column is which, by its name: each wanted one with names it goes by, in any language, the likeliest first.

    A column is taken once. What is not found is left out.
    """
    plain = [_plain(name) for name in columns]
    found: dict[str, int] = {}
    for field, names in wanted:
        likely = [_plain(name) for name in names]
        exact = [place for name in likely for place, column in enumerate(plain) if column == name]
        inside = [
            place for name in likely for place, column in enumerate(plain) if name in f" {column} ".split()
        ]
        free = [place for place in (*exact, *inside) if place not in found.values()]
        if free:
            found[field] = free[0]
    return found


def _clean(cell: str) -> str:
    return cell.replace("\0", "").replace(LINE_BREAK, "\n")[:LONGEST_CELL]


def _plain(name: str) -> str:
    """Lower case, without accents and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in letters if not unicodedata.combining(sign))))
