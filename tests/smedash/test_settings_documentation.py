"""docs/settings.md and the code name the same settings."""

from __future__ import annotations

import ast
import re

from smedash.local.checkout import ROOT

DOCUMENT = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
OF_LOCAL_COMMANDS = "## Only for `bin/up`"


def named_in(text: str) -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE))


def calls_in_settings() -> list[ast.Call]:
    tree = ast.parse((ROOT / "smedash" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id.startswith("env_")]


def name_of(call: ast.Call) -> str:
    assert isinstance(call.args[0], ast.Constant), "a setting's name must stand in the code as it is"
    return str(call.args[0].value)


def test_every_setting_is_documented_and_none_that_is_gone() -> None:
    in_code = {name_of(call) for call in calls_in_settings()}
    assert len(in_code) > 15
    assert named_in(DOCUMENT.partition(OF_LOCAL_COMMANDS)[0]) == in_code


def test_every_secret_is_marked_as_one() -> None:
    secrets = {name_of(call) for call in calls_in_settings() if getattr(call.func, "id", "") == "env_secret"}
    marked = set(re.findall(r"^\| `([A-Z_]+)` \| [^|]*\*secret\*", DOCUMENT, flags=re.MULTILINE))
    assert marked == secrets


def test_every_variable_of_the_local_commands_is_documented_and_used() -> None:
    files = [*(ROOT / "bin").iterdir(), *(ROOT / "smedash").rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for name in named_in(DOCUMENT.partition(OF_LOCAL_COMMANDS)[2]):
        assert re.search(rf"environ\.get\(\"{name}\"\)|\$\{{{name}:-", code), name


def test_links_in_the_document_lead_somewhere() -> None:
    for target, anchor in re.findall(r"\]\(([\w.-]+)#([\w-]+)\)", DOCUMENT):
        headings = re.findall(
            r"^#+ (.+)$", (ROOT / "docs" / target).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}
