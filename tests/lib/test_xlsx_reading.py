"""Workbooks from anywhere: read like CSV, and no harm in those that were made to do some."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from monitoring.lib import xlsx_reading
from monitoring.lib.csv_reading import CsvFile, Line, NoTable
from monitoring.lib.xlsx_reading import csv_of_workbook, is_workbook

# openpyxl tells of styles that a workbook made by hand does not have.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(file)
    return file.getvalue()


def lines(content: bytes) -> list[Line]:
    return list(CsvFile(csv_of_workbook(content)).rows())


def changed(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The same archive with other parts."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return file.getvalue()


def sheet_of(xml: str) -> bytes:
    """A workbook whose sheet is this."""
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    whole = f"{start}{xml}</sheetData></worksheet>".encode()
    return changed(workbook([["a"]]), lambda name, old: whole if name == SHEET else old)


def test_cells_become_the_texts_of_their_values_and_rows_keep_their_numbers() -> None:
    content = workbook(
        [
            ["Day", "Amount", "Words"],
            [date(2026, 6, 13), 12.5, "two\nlines"],
            [],
            [datetime(2026, 6, 14, 9, 30), 1.234, "=1+1"],  # noqa: DTZ001, a spreadsheet knows no zones
            [None, 3.0, True],
        ]
    )
    assert is_workbook(content)
    assert lines(content) == [
        Line(2, ("2026-06-13 00:00:00", "12.5", "two\nlines")),
        Line(4, ("2026-06-14 09:30:00", "1.2340", "")),
        Line(5, ("", "3", "true")),
    ]


@settings(max_examples=30)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=2, max_size=2
        ),
        max_size=5,
    )
)
def test_any_text_comes_back(rows: list[list[str]]) -> None:
    read = lines(workbook([["a", "b"], *[[f"x{cell}" for cell in row] for row in rows]]))
    said = [[cell.replace("\u2028", "\n") for cell in row] for row in rows]
    assert [[cell[1:] for cell in line.cells] for line in read] == said


def test_nothing_grows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that says it has a billion rows, one far to the right, one that is long, one that unpacks to much."""
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000000"><c r="A1"><v>1</v></c></row>'
    with pytest.raises(NoTable, match="too_many_rows"):
        csv_of_workbook(sheet_of(far))
    wide = '<row r="1"><c r="XFD1"><v>1</v></c></row>'
    with pytest.raises(NoTable, match="empty"):
        csv_of_workbook(sheet_of(wide))
    monkeypatch.setattr(xlsx_reading, "MOST_ROWS", 10)
    assert len(lines(workbook([["a"], *[[number] for number in range(10)]]))) == 10
    with pytest.raises(NoTable, match="too_many_rows"):
        csv_of_workbook(workbook([["a"], *[[number] for number in range(11)]]))
    monkeypatch.setattr(xlsx_reading, "LARGEST_UNPACKED", 200_000)
    bomb = changed(workbook([["a"]]), lambda name, old: old + b" " * 300_000 if name == SHEET else old)
    assert len(bomb) < 20_000
    with pytest.raises(NoTable, match="too_large"):
        csv_of_workbook(bomb)


def test_an_archive_that_lies_about_its_sizes_is_not_unpacked_further() -> None:
    """The directory says ten bytes; the part would be thirty million."""
    bomb = bytearray(
        changed(workbook([["a"]]), lambda name, old: b" " * 30_000_000 if name == SHEET else old)
    )
    place = bomb.rindex(SHEET.encode()) - 46
    assert bomb[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<L", bomb, place + 24, 10)
    with pytest.raises(NoTable, match="broken_workbook"):
        csv_of_workbook(bytes(bomb))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_no_entity_is_declared(encoding: str) -> None:
    laughs = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&b;&f;</t></is></c></row></sheetData></worksheet>'
    ).encode(encoding)
    content = changed(workbook([["a"], ["text"]]), lambda name, old: laughs if name == SHEET else old)
    with pytest.raises(NoTable, match="broken_workbook"):
        csv_of_workbook(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04nothing", "broken_workbook"),
        (workbook([["a"], ["b"]])[:-200], "broken_workbook"),
        (workbook([]), "empty"),
        (sheet_of('<row r="1"><c r="!!" t="s"><v>999</v></c></row>'), "broken_workbook"),
        (sheet_of("<row>"), "broken_workbook"),
    ],
)
def test_what_is_no_workbook_says_so(content: bytes, code: str) -> None:
    with pytest.raises(NoTable, match=code):
        csv_of_workbook(content)


def test_an_archive_of_something_else_is_no_workbook() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(NoTable, match="binary"):
        csv_of_workbook(file.getvalue())
