"""One table says what each figure means: the pages and docs/figures.md show it as it is."""

from __future__ import annotations

import io
import re
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from monitoring.dashboard.definitions import DEFINITIONS

ROOT = Path(settings.BASE_DIR)


def test_the_document_is_the_table() -> None:
    out = io.StringIO()
    call_command("figures", stdout=out)
    assert (ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == out.getvalue()


def test_every_definition_stands_beside_a_figure() -> None:
    templates = "".join(each.read_text() for each in (ROOT / "templates" / "dashboard").glob("*.html"))
    code = "".join(each.read_text() for each in (ROOT / "monitoring" / "dashboard").glob("overview_w*.py"))
    code += (ROOT / "monitoring" / "dashboard" / "scores.py").read_text()
    named = {*re.findall(r'{% explain "(\w+)"', templates), *re.findall(r'"(\w+)"', code)}
    assert set(DEFINITIONS) <= named
