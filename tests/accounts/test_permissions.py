"""The table of what each role may do is the only place that says so: nothing asks for what it does not hold."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from accounts.permissions import NEEDED_ROLE, ROLES, Act
from tests.every_address import OF_ORGANIZATIONS

ASKED_BY_TEMPLATES = re.compile(r"\|may:\"(\w+)\"")
ASKED_BY_CODE = re.compile(r"\bAct\.([A-Z_]+)")


def asked_by_templates() -> set[str]:
    pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
    return {act for page in pages for act in ASKED_BY_TEMPLATES.findall(page.read_text(encoding="utf-8"))}


def asked_by_code() -> set[str]:
    files = [
        path
        for package in ("accounts", "monitoring", "smedash")
        for path in Path(settings.BASE_DIR, package).rglob("*.py")
        if path.name != "permissions.py"
    ]
    return {act for path in files for act in ASKED_BY_CODE.findall(path.read_text(encoding="utf-8"))}


def test_a_template_asks_for_acts_of_the_table_only() -> None:
    assert asked_by_templates() <= set(Act.values)


def test_every_act_has_a_role_and_guards_something() -> None:
    assert set(NEEDED_ROLE) == set(Act)
    assert {act.name for act in Act} == asked_by_code()


def test_a_page_for_changing_is_never_easier_to_send_than_to_see() -> None:
    for address in OF_ORGANIZATIONS:
        to_see, to_send = (NEEDED_ROLE[address.act_for(method)] for method in ("get", "post"))
        assert ROLES.index(to_see) <= ROLES.index(to_send), address.name
