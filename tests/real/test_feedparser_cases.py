"""The feedparser project's own cases of its sanitizer, as texts of mentions: none of them runs anywhere.

Their files are no part of SMEdash. pip brings the source package of the installed version, whose tests they are, into
`~/.cache/smedash/feedparser` (`SMEDASH_FEEDPARSER` names another folder). Kinds of them without a network:
`tests/hostile/markup.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import feedparser
import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Membership, User
from monitoring.listening.models import Brand, SavedView
from tests.cast import SignIn
from tests.e2e import test_hostile_texts
from tests.e2e.test_hostile_texts import brand, membership, view

__all__ = ["brand", "membership", "view"]

FOLDER: Final = "tests/wellformed/sanitize/"
FEWEST: Final = 700  # files: fewer would mean that the package is laid out anew
LONGEST: Final = 1_000

pytestmark = pytest.mark.real


def source_package() -> Path:
    home = Path.home() / ".cache" / "smedash" / "feedparser"
    folder = Path(os.environ.get("SMEDASH_FEEDPARSER", home))
    name = f"feedparser-{feedparser.__version__}.tar.gz"
    if not (folder / name).exists():
        wanted = f"feedparser=={feedparser.__version__}"
        download = ["pip", "download", "--no-deps", "--no-binary", "feedparser", "--dest", str(folder)]
        subprocess.run([sys.executable, "-m", *download, wanted], check=True, capture_output=True)
    return folder / name


def cases() -> list[bytes]:
    with tarfile.open(source_package()) as package:
        files = [member for member in package if FOLDER in member.name and member.name.endswith(".xml")]
        read = (package.extractfile(member) for member in files)
        return [file.read() for file in read if file]


def strings(value: Any) -> Iterator[str]:
    """Every text of a feed that was read without being sanitized."""
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def texts_of(files: list[bytes]) -> list[str]:
    found: dict[str, None] = {}
    for file in files:
        read = feedparser.parse(file, sanitize_html=False, resolve_relative_uris=False)
        found |= {text[:LONGEST]: None for text in strings([read.feed, read.entries]) if "<" in text}
    return list(found)


def test_none_of_them_runs_and_no_file_holds_one_as_markup(
    page: Page,
    live_server: LiveServer,
    brand: Brand,
    view: SavedView,
    membership: Membership,
    owner: User,
    sign_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = cases()
    texts = texts_of(files)
    assert len(files) >= FEWEST
    assert sum("script" in text for text in texts) >= 10
    assert {"<iframe", "onerror", "<object", "style="} <= {
        sign for sign in ("<iframe", "onerror", "<object", "style=") if any(sign in text for text in texts)
    }
    monkeypatch.setattr(test_hostile_texts, "TEXTS", tuple(texts))
    monkeypatch.setattr(test_hostile_texts, "HOST", "&lt;")  # what the mail tells: markup, as a text
    test_hostile_texts.test_nothing_that_a_stranger_wrote_runs(
        page, live_server, brand, view, membership, owner, sign_in
    )
