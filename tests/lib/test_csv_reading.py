"""CSV from anywhere."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib.csv_reading import LARGEST_FILE, CsvFile, NoTable, guess_columns


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [line.cells for line in CsvFile(content).rows()]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separator_and_encoding_are_found(separator: str, encoding: str) -> None:
    text = f"Day{separator}Where\r\n2026-06-01{separator}Café\r\n"
    file = CsvFile(text.encode(encoding))
    assert file.columns == ("Day", "Where")
    assert [line.cells for line in file.rows()] == [("2026-06-01", "Café")]


def test_a_line_is_numbered_as_an_editor_numbers_it() -> None:
    file = CsvFile(b'a,b\n"two\nlines",1\n\nlast,2\n')
    assert [(line.number, line.cells) for line in file.rows()] == [
        (2, ("two\nlines", "1")),
        (5, ("last", "2")),
    ]


def test_short_rows_are_filled_and_long_ones_cut() -> None:
    assert cells(b"a,b\n1\n1,2,3\n") == [("1", ""), ("1", "2")]


def test_a_separator_within_quotes_separates_nothing() -> None:
    assert CsvFile(b'"a,b,c,d";e\n1;2\n').columns == ("a,b,c,d", "e")


def test_columns_without_a_name_are_called_by_their_place() -> None:
    assert CsvFile(b"a,,c\n").columns == ("a", "#2", "c")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04\x00\x00", "binary"),
        (b"a" * (LARGEST_FILE + 1), "too_large"),
        (b"," * 300, "no_columns"),
        (b'a\n"' + b"x" * 200_000, "broken"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(NoTable) as refused:
        list(CsvFile(content).rows())
    assert refused.value.code == code


def test_columns_are_guessed_by_their_names() -> None:
    columns = ("Belegdatum", "Betrag (EUR)", "Beleg-Nr.", "Größe")
    wanted = [("day", ("date", "belegdatum")), ("amount", ("total", "betrag")), ("size", ("grosse", "größe"))]
    assert guess_columns(columns, wanted) == {"day": 0, "amount": 1, "size": 3}


def test_a_column_is_taken_once() -> None:
    assert guess_columns(("Date",), [("first", ("date",)), ("last", ("date",))]) == {"first": 0}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        rows = list(CsvFile(content).rows())
    except NoTable:
        return
    assert all(any(cell.strip() for cell in line.cells) for line in rows)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1, max_size=8)


@given(st.lists(st.lists(WORDS.filter(str.strip), min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_was_written_is_read(table: list[list[str]]) -> None:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(["one", "two", "three"])
    writer.writerows(table)
    assert cells(written.getvalue().encode()) == [tuple(row) for row in table]
