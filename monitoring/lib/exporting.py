"""Tables as files: CSV, streamed, and XLSX. The one way in which pages are exported.

A view hands over a `Table` whose rows may come from a generator, read in batches while they are sent.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO
from itertools import islice

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | Decimal | date | datetime | None

MOST_XLSX_ROWS = 50_000  # a workbook is finished before its first byte is sent; CSV has no limit
LONGEST_XLSX_TEXT = 32_767  # characters in a cell, by the format
# A spreadsheet takes a text that begins with one of these for a formula, and runs it.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something older


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


def read_format(ending: str) -> ExportFormat:
    """The format that an address ends with; any other does not exist."""
    try:
        return ExportFormat(ending)
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True, kw_only=True)
class ExportedTable:
    """`name` is that of the file, without its ending. Times must be those of the reader's clock."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def export_table(table: ExportedTable, file_format: ExportFormat) -> HttpResponseBase:
    """The download."""
    name = f"{slugify(table.name) or 'export'}.{file_format}"
    if file_format == ExportFormat.CSV:
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(
            _csv_lines(table), content_type="text/csv; charset=utf-8", headers=disposition
        )
    return FileResponse(_workbook(table), as_attachment=True, filename=name)


def defuse(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


class _Echo:
    """What is written is handed back: `csv.writer` wants something to write to."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(table: ExportedTable) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK + str(writer.writerow([defuse(column) for column in table.columns]))
    for row in table.rows:
        yield str(writer.writerow([_as_text(cell) for cell in row]))


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return defuse(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _workbook(table: ExportedTable) -> BytesIO:
    """Texts are written as texts: nothing becomes a formula or a link, so nothing needs defusing."""
    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, {**options, "remove_timezone": True, "nan_inf_to_errors": True}) as book:
        sheet = book.add_worksheet()
        heading = book.add_format({"bold": True})
        days, times = (book.add_format({"num_format": shown}) for shown in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.columns, heading)
        rows = iter(table.rows)
        number = 0
        for number, row in enumerate(islice(rows, MOST_XLSX_ROWS), start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, times if isinstance(cell, datetime) else days)
        if next(rows, None) is not None:
            sheet.write_string(number + 1, 0, _("There are more rows. The CSV file has all of them."))
    file.seek(0)
    return file


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, date_format: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, cell[:LONGEST_XLSX_TEXT])
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, date_format)
    elif cell is not None:
        sheet.write_number(row, column, cell)
