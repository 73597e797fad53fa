from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404, HttpResponseBase
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib import exporting
from monitoring.lib.exporting import Cell, ExportedTable, ExportFormat, defuse, export_table, read_format

# The end of an answer closes connections that are too old: a test that has one must be allowed to.
pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]
MOMENT = datetime(2026, 11, 21, 22, 30, tzinfo=ZoneInfo("Europe/Berlin"))
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def body_of(answer: HttpResponseBase) -> bytes:
    body = b"".join(answer)
    answer.close()
    return bytes(body)


def as_csv(*rows: list[Cell]) -> list[list[str]]:
    table = ExportedTable(name="Halden: mentions", columns=["One", "Two"], rows=iter(rows))
    text = body_of(export_table(table, ExportFormat.CSV)).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def as_xlsx(*rows: list[Cell]) -> list[ElementTree.Element]:
    """The cells that hold something, the heading's included."""
    table = ExportedTable(name="Mentions", columns=["One"], rows=iter(rows))
    with ZipFile(BytesIO(body_of(export_table(table, ExportFormat.XLSX)))) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return list(sheet.iter(f"{SHEET}c"))


def test_a_csv_has_the_columns_and_every_row_and_excel_knows_its_letters() -> None:
    table = ExportedTable(name="Halden: mentions", columns=["Ä", "B"], rows=[["x", 1]])
    answer = export_table(table, ExportFormat.CSV)

    assert body_of(answer) == "\ufeffÄ,B\r\nx,1\r\n".encode()
    assert answer["Content-Disposition"] == 'attachment; filename="halden-mentions.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_numbers_days_times_and_nothing_keep_their_meaning() -> None:
    rows = as_csv([Decimal("-12.50"), None], [date(2026, 11, 21), MOMENT])

    assert rows[1:] == [["-12.50", ""], ["2026-11-21", "2026-11-21T22:30:00+01:00"]]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_from_outside_becomes_a_formula(text: str) -> None:
    assert as_csv([text, "safe"])[1] == [f"'{text}", "safe"]
    cell = as_xlsx([text])[1]
    assert cell.find(f"{SHEET}f") is None
    assert cell.attrib["t"] in {"inlineStr", "s"}


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_reader_of_csv_gets_back_what_was_said(text: str) -> None:
    ((_one, _two), (said, after)) = as_csv([text, "x"])
    assert said == defuse(text)
    assert said.removeprefix("'") == text.removeprefix("'") or said == text
    assert after == "x"


def test_rows_are_read_only_as_they_are_sent() -> None:
    read: list[int] = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(1000):
            read.append(number)
            yield [number, None]

    answer = export_table(ExportedTable(name="n", columns=["a", "b"], rows=rows()), ExportFormat.CSV)
    pieces = iter(answer)
    next(pieces), next(pieces)

    assert len(read) == 1
    answer.close()


def test_a_workbook_holds_numbers_and_days_as_such() -> None:
    heading, number, day, text = as_xlsx([Decimal("12.50")], [date(2026, 11, 21)], ["x" * 40_000])

    assert heading.attrib["r"] == "A1"
    assert number.findtext(f"{SHEET}v") == "12.50"
    assert day.findtext(f"{SHEET}v") == "46347"
    assert len("".join(text.itertext())) == exporting.LONGEST_XLSX_TEXT


def test_a_workbook_that_leaves_rows_out_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_XLSX_ROWS", 2)

    assert len(as_xlsx([1], [2])) == 3
    cells = as_xlsx([1], [2], [3])
    assert "The CSV file has all of them" in "".join(cells[-1].itertext())
    assert len(cells) == 4


def test_only_the_two_formats_have_an_address() -> None:
    assert read_format("csv") is ExportFormat.CSV
    with pytest.raises(Http404):
        read_format("pdf")
