"""A workbook's first sheet as CSV, so that whatever reads tables reads workbooks: a row of the sheet is a line.

What somebody uploads is taken for an attack until shown otherwise: it is unpacked once, piece by piece and no further
than LARGEST_UNPACKED; only its XML goes on, none with a document type (entities are declared there); and only as many
rows and columns are read as a table may have, whatever the sheet says of itself. Formulas are what they last came to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from monitoring.lib.csv_reading import LARGEST_FILE, LINE_BREAK, LONGEST_CELL, MOST_COLUMNS, NoTable

MOST_ROWS: Final = 100_000
MOST_PARTS: Final = 1_000
LARGEST_UNPACKED: Final = 150 * 1024 * 1024
_PIECE: Final = 2**16
_DOCUMENT_TYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_LONGEST_SIGN: Final = 24  # bytes that "<!DOCTYPE" takes in any encoding
_ZIP: Final = b"PK\x03\x04"
_LINE_ENDS: Final = re.compile(r"_x000D_|\r\n?|\n")


def is_workbook(content: bytes) -> bool:
    """By its first bytes: a name says nothing."""
    return content.startswith(_ZIP)


def csv_of_workbook(content: bytes) -> bytes:
    """UTF-8, each cell in quotes, a line for each row up to the last. Raises NoTable."""
    if len(content) > LARGEST_FILE:
        raise NoTable("too_large")
    with TemporaryFile() as unpacked:
        _unpack(content, unpacked)
        try:
            book = load_workbook(unpacked, read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            return _write(_rows(sheets[0]))
        except NoTable:
            raise
        except Exception as error:  # made by hand, it can break the library anywhere
            raise NoTable("broken_workbook") from error


def _unpack(content: bytes, target: IO[bytes]) -> None:
    """The XML of the archive, no longer packed: what an archive says of its sizes may be untrue."""
    try:
        with ZipFile(io.BytesIO(content)) as packed, ZipFile(target, "w") as unpacked:
            parts = packed.infolist()
            if "xl/workbook.xml" not in packed.namelist():
                raise NoTable("binary")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise NoTable("too_large")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with packed.open(part) as source, unpacked.open(part.filename, "w") as copy:
                        _copy(source, copy)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        if isinstance(error, NoTable):
            raise
        raise NoTable(
            "broken_workbook"
        ) from error  # cut off, locked by a password, or packed in some other way


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    before = b""
    while piece := source.read(_PIECE):
        if _DOCUMENT_TYPE.search((before + piece).replace(b"\0", b"")):
            raise NoTable("broken_workbook")
        before = piece[-_LONGEST_SIGN:]
        target.write(piece)


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[Sequence[Any]]:
    """As wide as the heading."""
    heading = next(sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS + 1, values_only=True), ())
    width = max((place for place, cell in enumerate(heading, 1) if cell is not None), default=0)
    if not width:
        raise NoTable("empty")
    rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=width, values_only=True)
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise NoTable("too_many_rows")
        yield row


def _write(rows: Iterator[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for row in rows:
        writer.writerow([_as_text(cell) for cell in row])
    return text.getvalue().encode("utf-8", "replace")


def _as_text(cell: object) -> str:
    """A line break within a cell would be the end of a line; `csv_reading` brings it back."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _LINE_ENDS.sub(LINE_BREAK, cell[:LONGEST_CELL])
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else _number(cell)


def _number(cell: object) -> str:
    """With a point, and never three digits behind it: they could be taken for thousands."""
    if isinstance(cell, float):
        text = f"{Decimal(repr(cell)):f}".removesuffix(".0")
        return f"{text}0" if len(text.partition(".")[2]) == 3 else text
    return str(cell)
