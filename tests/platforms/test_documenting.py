from __future__ import annotations

import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from monitoring.platforms.registry import CONNECTORS

ROOT = Path(settings.BASE_DIR)


def test_the_page_about_platforms_is_what_the_connectors_declare() -> None:
    out = io.StringIO()
    call_command("platforms", stdout=out)
    assert (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8") == out.getvalue()


def test_every_platform_has_fixtures_and_a_test() -> None:
    folder = ROOT / "tests" / "platforms" / "connectors"
    for slug in CONNECTORS:
        assert list((folder / "fixtures" / slug).iterdir())
        assert (folder / f"test_{slug}.py").is_file()
