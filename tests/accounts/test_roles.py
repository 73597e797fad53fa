"""One table says what each role may do: the page and docs/roles.md show it as it is."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from django.conf import settings
from django.utils import translation

from accounts.models import Organization, User
from accounts.permissions import ROLES
from accounts.team import table_of_roles
from tests.cast import SignIn

DOCUMENT = Path(settings.BASE_DIR, "docs", "roles.md")


def in_markdown() -> str:
    heads = ["", *(str(role.label) for role in ROLES)]
    rows = [
        [str(row.act.label), *("yes" if allowed else "" for allowed in row.allowed)]
        for row in table_of_roles()
    ]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(
        f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") for cells in lines
    )


def test_the_document_shows_the_table() -> None:
    with translation.override("en"):
        wanted = in_markdown()
    assert wanted in DOCUMENT.read_text(), f"docs/roles.md should contain:\n{wanted}"


def test_the_page_shows_the_table(organization: Organization, viewer: User, sign_in: SignIn) -> None:
    page = BeautifulSoup(
        sign_in(viewer).get("/o/halden-coffee/settings/team/").content, "html.parser"
    ).select(".roles tbody tr")
    shown = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in page]
    assert shown == [
        [str(row.act.label), *("yes" if allowed else "no" for allowed in row.allowed)]
        for row in table_of_roles()
    ]
