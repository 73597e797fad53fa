"""What bin/up and the containers do before anybody is let in."""

from __future__ import annotations

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from smedash.local.checkout import ROOT
from smedash.local.ports import free_port


def with_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("DATABASE_URL", "The database that DATABASE_URL names does not let us in: connection to server at"),
        ("REDIS_URL", "The Redis server that REDIS_URL names does not let us in: Error "),
    ],
)
def test_a_server_that_does_not_answer_is_named_in_one_sentence(name: str, sentence: str) -> None:
    nobody = {name: with_port(os.environ[name], free_port())}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "smedash.settings", **nobody}
    outcome = subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert outcome.returncode == 1
    assert outcome.stderr.startswith(f"CommandError: {sentence}")
    assert len(outcome.stderr.strip().splitlines()) == 1
