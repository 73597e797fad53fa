"""docs/security.md names tests: each of them exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from django.conf import settings

NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_test_that_the_document_names_exists() -> None:
    text = Path(settings.BASE_DIR, "docs", "security.md").read_text(encoding="utf-8")
    named = NAMED.findall(text)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not Path(settings.BASE_DIR, path).exists()
        or (name and name not in functions_of(Path(settings.BASE_DIR, path)))
    ]
    assert missing == []
    assert len(named) > 50
