"""`manage.py analyze` prints what is understood about each line of standard input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
from itertools import islice, repeat
from pathlib import Path

import pytest
from django.core.management import call_command

from monitoring.analysis.management.commands.analyze import analyzed

MANAGE = [sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py"), "analyze"]


def run(given: bytes, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    out = io.StringIO()
    call_command("analyze", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(b"Great coffee at @blue, #yum https://a.example\r\nWarum ist es so kalt?\n", monkeypatch)
    assert found[0] == {
        "language": "en",
        "sentiment": "positive",
        "confidence": found[0]["confidence"],
        "hashtags": ["yum"],
        "handles": ["blue"],
        "links": ["https://a.example"],
        "terms": ["great", "coffee", "yum"],
        "question": False,
    }
    assert (found[1]["language"], found[1]["question"]) == ("de", True)


def test_an_empty_line_and_broken_bytes_have_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run(b"\n\xff\xfe bad service here\n", monkeypatch)
    assert [one["sentiment"] for one in found] == ["neutral", "negative"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.Popen(MANAGE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.write(b"good coffee\n" * 2_000)
    process.stdin.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), errors) == (0, b"")


def test_many_lines_take_no_more_memory_than_few() -> None:
    stream = analyzed(repeat(b"A good place for #coffee\n", 3_000))
    list(islice(stream, 1_000))
    tracemalloc.start()
    count = sum(1 for _ in stream)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 1_000_000
