"""`manage.py match` reads posts from standard input and prints those that match."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from monitoring.analysis.management.commands.match import matching
from monitoring.analysis.queries import parse

MANAGE = [sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py")]


def run(query: str, given: bytes, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    out = io.StringIO()
    call_command("match", query, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_plain_lines_are_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = run("straße", "Die STRASSE\nnichts\nauf der Straße\r\n".encode(), monkeypatch)
    assert found == [
        {"text": "Die STRASSE", "spans": [[4, 11]], "title_spans": []},
        {"text": "auf der Straße", "spans": [[8, 14]], "title_spans": []},
    ]


def test_a_post_keeps_what_else_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    post = {
        "external_id": "1",
        "text": "with milk",
        "title": "Tea",
        "platform": "bluesky",
        "language": "en",
        "author": {"handle": "ada", "followers": 12},
    }
    query = "tea milk lang:en platform:bluesky from:@ada min_followers:12"
    line = json.dumps(post).encode()
    other = json.dumps(post | {"author": {"handle": "ada", "followers": 11}}).encode()
    found = run(query, line + b"\n" + other, monkeypatch)
    assert found == [post | {"spans": [[5, 9]], "title_spans": [[0, 3]]}]


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": "tea"',
        b'{"texts": "tea"}',
        b'{"text": ["tea"]}',
        b'{"text": "tea", "score": NaN}',
        b'{"tea": ' + b"[" * 100_000,
        b"{tea \xff\xfe}",
        b"\xef\xbb\xbftea",
    ],
)
def test_a_broken_line_is_a_text(line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = run("tea", line, monkeypatch)
    assert found["text"] == line.decode("utf-8", errors="replace").lstrip("\ufeff")


def test_facts_of_the_wrong_type_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    post = {"text": "tea", "title": 5, "platform": None, "author": "ada", "language": []}
    assert len(run("tea -platform:x -from:@ada", json.dumps(post).encode(), monkeypatch)) == 1


def test_half_a_character_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = run("tea", rb'{"text": "tea \ud83d"}', monkeypatch)
    assert found["text"] == "tea \ud83d"


def test_the_language_is_detected_where_a_query_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"Der Kaffee war heute leider ganz kalt\nI like this Kaffee more than any other\n"
    assert [found["text"] for found in run("kaffee lang:de", lines, monkeypatch)] == [
        "Der Kaffee war heute leider ganz kalt"
    ]


@pytest.mark.parametrize(
    ("query", "shown"),
    [("tea OR", "  tea OR\n      ^"), ("東京 (tea", "  東京 (tea\n       ^"), ("tea\n-", "  tea -\n      ^")],
)
def test_a_bad_query_is_refused_with_a_caret(query: str, shown: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("match", query)
    assert caught.value.returncode == 2
    assert str(caught.value).endswith(shown)


def test_it_takes_constant_memory() -> None:
    def lines() -> Iterator[bytes]:
        for number in range(5_000):
            yield b"a line about tea, number %d, and then some more words\n" % number

    found = matching(parse("tea"), lines())
    list(islice(found, 2_000))
    tracemalloc.start()
    try:
        assert sum(1 for _ in found) == 3_000
        assert tracemalloc.get_traced_memory()[1] < 300_000
    finally:
        tracemalloc.stop()


def test_it_survives_a_reader_who_leaves() -> None:
    process = subprocess.Popen(
        [*MANAGE, "match", "tea"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdin, process.stdout, process.stderr:
        process.stdin.write(b"tea one\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["text"] == "tea one"
        process.stdout.close()
        process.stdin.write(b"tea two\n" * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 0
