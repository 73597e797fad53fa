"""Labelled posts from CSV files: looked at as a whole first, every bad line named."""

from __future__ import annotations

import csv
import re
from io import StringIO
from pathlib import Path

from monitoring.analysis.entities import find_entities
from monitoring.analysis.language import detect_language
from monitoring.analysis.sentiment.judgement import Sentiment
from monitoring.analysis.sentiment.learned.training import Example
from monitoring.analysis.words import whole_letters

LABELS = {one.name.lower(): one for one in Sentiment} | {str(one.value): one for one in Sentiment}
CODE = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,4})?")
MOST_SAID = 10  # bad lines that are named


class BadLabels(Exception):
    """A file that cannot be learned from; its text names the lines."""


def read_labelled(path: Path) -> list[Example]:
    """The posts of a file with the columns text and sentiment, perhaps language.

    Without that column the first part of the file's name says the language ("de.2026.csv"), if it looks like one.
    """
    rows = csv.DictReader(_lines(path), strict=True)
    examples: list[Example] = []
    faults: list[str] = []
    ended = 0
    named = path.name.partition(".")[0].lower()
    try:
        _check_columns(path, rows)
        ended = rows.line_num
        for row in rows:
            begun, ended = ended + 1, rows.line_num
            fault = _fault(row)
            if fault:
                faults.append(f"{path.name}, line {begun}: {fault}")
            else:
                examples.append(_example(row, named if CODE.fullmatch(named) else None))
    except csv.Error as error:
        faults.append(f"{path.name}, line {ended + 1}: this is no CSV ({error}).")
    if faults:
        raise BadLabels("\n".join(_first(faults)))
    return examples


def make_example(*, text: str, language: str | None, sentiment: Sentiment, is_independent: bool) -> Example:
    """A post as it will be met: its language is decided as for any mention."""
    text = whole_letters(text)
    return Example(
        text=text,
        language=detect_language(find_entities(text).prose, stated=language),
        sentiment=sentiment,
        is_independent=is_independent,
    )


def _lines(path: Path) -> StringIO:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadLabels(f"{path} cannot be read: {error.strerror}.") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadLabels(f"{path.name}, line {line}: this is not UTF-8.") from None
    return StringIO(text, newline="")


def _check_columns(path: Path, rows: csv.DictReader[str]) -> None:
    missing = {"text", "sentiment"}.difference(rows.fieldnames or ())
    if missing:
        raise BadLabels(f"{path.name}, line 1: there is no column {' and no column '.join(sorted(missing))}.")


def _fault(row: dict[str | None, str | None]) -> str:
    if None in row or None in row.values():
        return "it has not as many fields as the first line."
    if not (row["text"] or "").strip():
        return "its text is empty."
    if (row["sentiment"] or "").strip().lower() not in LABELS:
        return f"its sentiment is {row['sentiment']!r}; it must be negative, neutral or positive."
    return ""


def _example(row: dict[str | None, str | None], named: str | None) -> Example:
    return make_example(
        text=row["text"] or "",
        language=(row.get("language") or "").strip() or named,
        sentiment=LABELS[(row["sentiment"] or "").strip().lower()],
        is_independent=True,
    )


def _first(faults: list[str]) -> list[str]:
    more = len(faults) - MOST_SAID
    return [*faults[:MOST_SAID], f"{more} more."] if more > 0 else faults
