"""The snippet is small, cached, sets nothing, and runs where a page allows next to nothing."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import Client

from monitoring.conversions.visits.scripts import load_script

NAMES = ["s.js", "s-ask.js"]


def test_the_snippet_is_under_two_kilobytes(client: Client) -> None:
    answer = client.get("/s.js", headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 2048
    assert gzip.decompress(answer.content) == client.get("/s.js").content


@pytest.mark.parametrize("name", NAMES)
def test_anybody_may_load_and_keep_it(client: Client, name: str) -> None:
    answer = client.get(f"/{name}")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "public, max-age=" in answer["Cache-Control"]
    assert "Cookie" not in answer["Vary"]
    assert not answer.cookies
    again = client.get(f"/{name}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_policy_refuses_nothing_in_it(name: str) -> None:
    text = load_script(name).text.decode()
    assert not re.search(
        r"\beval\b|new Function|\.style\b|setAttribute\(\"style|innerHTML|document\.cookie", text
    )
