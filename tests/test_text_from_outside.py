"""Text that came from outside is shown as text, on every page and in every file: never as markup, never as a formula.

Every text of every customer's row is replaced by one that would do harm (tests/hostile/poisoning.py), so a new column
cannot be forgotten. Links lead to http and https alone, and tell nobody where the reader came from.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings

from tests.hostile.poisoning import MARKUP
from tests.walked_business import Visit

pytestmark = pytest.mark.django_db  # or there is no database where this file runs alone

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
LEADS: Final = ("href", "src", "action", "formaction", "hx-get", "hx-post")


def bad_links(page: bytes) -> Iterator[str]:
    for tag in BeautifulSoup(page, "html.parser").select(",".join(f"[{name}]" for name in LEADS)):
        for name in LEADS:
            if name in tag.attrs and not _is_fine(tag, urlsplit(str(tag[name]))):
                yield str(tag)[:200]


def _is_fine(tag: Tag, address: object) -> bool:
    scheme, host = getattr(address, "scheme", ""), getattr(address, "netloc", "")
    if scheme in {"mailto", "tel"} or (scheme == "data" and tag.name == "img"):
        return True
    if not host:
        return scheme == ""
    if host == settings.PUBLIC_HOST:  # the letter, which is read elsewhere
        return True
    told = set(tag.get_attribute_list("rel"))
    return scheme in {"http", "https"} and (tag.name != "a" or {"noopener", "nofollow"} <= told)


def formulas(file: bytes) -> list[str]:
    text = file.decode("utf-8-sig")
    return [cell for row in csv.reader(text.splitlines()) for cell in row if _would_run(cell)]


def _would_run(cell: str) -> bool:
    try:
        float(cell.replace(",", ""))
    except ValueError:
        return cell.startswith(FORMULA)
    return False  # a number below zero


def faults_of(visit: Visit) -> list[str]:
    kind = visit.answer.headers.get("Content-Type", "")
    if kind.startswith("text/csv"):
        return formulas(visit.content)
    if visit.answer.streaming or not kind.startswith("text/html"):
        return []
    return [*bad_links(visit.content), *(["markup"] if MARKUP in visit.content.decode() else [])]


def test_no_text_becomes_markup_a_script_or_a_formula(visits: list[Visit]) -> None:
    faults = {visit.address.name: faults_of(visit) for visit in visits}
    shown = sum(not visit.answer.streaming and b"&lt;i data-evil" in visit.content for visit in visits)
    assert {name: found for name, found in faults.items() if found} == {}
    assert shown > 60
