"""Tables as files: CSV and JSON, streamed, and XLSX. The one way in which pages are exported.

A view hands over an `ExportedTable` whose rows may come from a generator, read in batches while they are sent. What is
too large for that a worker writes, with `write_table`, into whatever takes bytes: in constant memory, each format.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | datetime | tuple[str, ...] | None

ROWS_OF_A_SHEET: Final = 1_048_576  # by the format, the heading's among them
MOST_XLSX_ROWS = 50_000  # a workbook is finished before its first byte is sent; CSV has no limit
LONGEST_XLSX_TEXT = 32_767  # characters in a cell, by the format
# A spreadsheet takes a text that begins with one of these for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WRITTEN_AT_ONCE: Final = 500  # lines
# In a text of JSON these may stand as numbers as well, and then nobody reads a tag or the end of a line in them.
_NO_MARKUP: Final = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
_LONGEST_SHEET_TITLE: Final = 31  # by the format
_NO_SHEET_SIGNS: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something older


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"  # one array, of one object a line


CONTENT_TYPES: Final = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSON: "application/json",
}


def read_format(ending: str) -> ExportFormat:
    """The format that an address ends with; any other does not exist."""
    try:
        return ExportFormat(ending)
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True, kw_only=True)
class ExportedTable:
    """`name` is that of the file, without its ending. Times must be those of the reader's clock.

    `keys` name the columns to programs, in every language alike; a table without them is not to be had as JSON.
    `further` tables of the same page follow in a workbook, each on a sheet with its `title`.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    keys: Sequence[str] = ()
    title: str = ""
    further: Sequence[ExportedTable] = ()


def choose_table(
    tables: Mapping[str, Callable[[], ExportedTable]], named: str, file_format: ExportFormat
) -> ExportedTable:
    """Of a page's tables the one that an address names, or else the first; a workbook has those that follow, too."""
    if named in tables:
        return tables[named]()
    first, *others = tables.values()
    further = [make() for make in others] if file_format == ExportFormat.XLSX else []
    return replace(first(), further=further)


class TakesBytes(Protocol):
    def write(self, content: bytes, /) -> object: ...


def export_table(table: ExportedTable, file_format: ExportFormat) -> HttpResponseBase:
    """The download."""
    name = f"{slugify(table.name) or 'export'}.{file_format}"
    if file_format == ExportFormat.XLSX:
        return FileResponse(_workbook(table), as_attachment=True, filename=name)
    return StreamingHttpResponse(
        _lines(table, file_format),
        content_type=CONTENT_TYPES[file_format],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def write_table(table: ExportedTable, file_format: ExportFormat, file: TakesBytes) -> None:
    """The whole table, however long: what does not fit on one sheet of a workbook goes on on the next."""
    if file_format == ExportFormat.XLSX:
        _write_workbook(table, file)
        return
    lines = iter(_lines(table, file_format))
    while some := "".join(islice(lines, _WRITTEN_AT_ONCE)):
        file.write(some.encode())


def defuse(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def arm(text: str) -> str:
    """What `defuse` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


class _Echo:
    """What is written is handed back: `csv.writer` wants something to write to."""

    def write(self, line: str) -> str:
        return line


def _lines(table: ExportedTable, file_format: ExportFormat) -> Iterator[str]:
    if file_format == ExportFormat.CSV:
        return _csv_lines(table)
    if not table.keys:
        raise Http404
    return _json_lines(table)


def _csv_lines(table: ExportedTable) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK + str(writer.writerow([defuse(column) for column in table.columns]))
    for row in table.rows:
        yield str(writer.writerow([_as_text(cell) for cell in row]))


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return defuse(", ".join(cell))
    if isinstance(cell, str):
        return defuse(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _json_lines(table: ExportedTable) -> Iterator[str]:
    """Whatever stands in a text is a text: no program takes it for markup, even inside a page."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_as_json).encode
    before = "[\n"
    for row in table.rows:
        yield before + encode(dict(zip(table.keys, row, strict=True))).translate(_NO_MARKUP)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _as_json(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _workbook(table: ExportedTable) -> BytesIO:
    """At most MOST_XLSX_ROWS: whoever waits for the first byte should not wait long."""
    file = BytesIO()
    rows = iter(table.rows)
    with _book(file) as book:
        row = _fill_sheet(book, table.columns, islice(rows, MOST_XLSX_ROWS), table.title)
        if next(rows, None) is not None:
            book.worksheets()[0].write_string(row, 0, _("There are more rows. The CSV file has all of them."))
        for each in table.further:
            _fill_sheet(book, each.columns, islice(each.rows, MOST_XLSX_ROWS), each.title)
    file.seek(0)
    return file


def _write_workbook(table: ExportedTable, file: TakesBytes) -> None:
    """Rows wait on the disk until the last is there, and nowhere else."""
    rows = iter(table.rows)
    # xlsxwriter leaves its rows behind where it is stopped; the folder takes them along.
    with TemporaryDirectory() as folder, _book(file, tmpdir=folder) as book:
        book.use_zip64()
        while _fill_sheet(book, table.columns, islice(rows, ROWS_OF_A_SHEET - 1)) == ROWS_OF_A_SHEET:
            continue


def _book(file: object, **options: str) -> Workbook:
    """Texts are written as texts: nothing becomes a formula or a link, so nothing needs defusing."""
    told: dict[str, Any] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    return Workbook(file, {**told, "remove_timezone": True, "nan_inf_to_errors": True, **options})


def _fill_sheet(
    book: Workbook, columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str = ""
) -> int:
    """A new sheet with these rows. How many it has now, the heading's among them."""
    sheet = book.add_worksheet(_sheet_title(book, title))
    days, times = (book.add_format({"num_format": shown}) for shown in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, times if isinstance(cell, datetime) else days)
    return number + 1


def _sheet_title(book: Workbook, title: str) -> str | None:
    """What the format allows of it, if no other sheet is called so; else the sheet has a number."""
    allowed = title.translate(_NO_SHEET_SIGNS).strip("' ")[:_LONGEST_SHEET_TITLE].rstrip("' ")
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return allowed if allowed and allowed.casefold() not in {*taken, "history"} else None


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, date_format: object) -> None:
    if isinstance(cell, tuple):
        cell = ", ".join(cell)
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_XLSX_TEXT])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, date_format)
    elif cell is not None:
        sheet.write_number(row, column, cell)
