"""Which fields a view reads, and what a form of its page would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

UNTOUCHED: Final = frozenset({"csrfmiddlewaretoken"})
_PLAUSIBLE: Final = {
    "number": "1",
    "date": "2026-06-01",
    "datetime-local": "2026-06-01T12:00",
    "time": "12:00",
    "email": "mara@example.com",
    "url": "https://example.com/",
    "checkbox": "on",
    "password": "a kettle sings at dawn",
}

# Only forms are read as a tree: the rest of a page is many times as large, and reading it takes longer than making it.
_LINK: Final = re.compile(r"""\s(?:href|hx-get)=["']([^"']*)["']""")
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)


def forms_of(text: str) -> list[Tag]:
    """The forms of a page, which never stand in each other."""
    return list(BeautifulSoup("".join(_FORM.findall(text)), "html.parser").find_all("form"))


@dataclass
class Known:
    """The names of fields that an address takes, each with a value that it would take."""

    query: dict[str, bytes] = field(default_factory=dict)
    body: dict[str, bytes] = field(default_factory=dict)

    def learn(self, answer: Answer, path: str) -> None:
        """From what a page links to itself with, and from its forms."""
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return
        text = answer.content.decode()
        for link in _LINK.findall(text):
            address = urlsplit(unescape(link))
            if address.path in {"", path}:
                pairs = parse_qsl(address.query, keep_blank_values=True)
                self.query.update((name, value.encode()) for name, value in pairs)
        for form in forms_of(text):
            action = urlsplit(str(form.get("action", "")))
            if action.path in {"", path}:
                fields = self.body if str(form.get("method")).lower() == "post" else self.query
                fields.update((name, value.encode()) for name, value in _values(form))


def _values(form: Tag) -> Iterator[tuple[str, str]]:
    for control in form.select(":is(input, select, textarea, button)[name]:not([readonly], [disabled])"):
        name = str(control["name"])
        if name not in UNTOUCHED:
            yield name, _value(control)


def _value(control: Tag) -> str:
    if control.name == "select":
        options = [str(option.get("value", "")) for option in control.select("option")]
        chosen = control.select_one("option[selected]")
        return str(chosen["value"]) if chosen and chosen.get("value") else next(filter(None, options), "")
    if control.name == "textarea":
        return control.get_text().strip() or "Halden"
    return str(control.get("value", "")) or _PLAUSIBLE.get(str(control.get("type", "text")), "Halden")


@contextmanager
def names_read(into: set[str]) -> Iterator[None]:
    """Notes every name that is looked up in what was sent, so that nothing depends on what a page shows."""
    originals: dict[str, Any] = {
        name: getattr(MultiValueDict, name) for name in ("__getitem__", "get", "getlist")
    }

    def noting(name: str) -> Any:
        original = originals[name]

        def look_up(self: MultiValueDict[Any, Any], key: Any, *rest: Any) -> Any:
            if isinstance(self, QueryDict) and isinstance(key, str):
                into.add(key)
            return original(self, key, *rest)

        return look_up

    def contains(self: MultiValueDict[Any, Any], key: object) -> bool:
        if isinstance(self, QueryDict) and isinstance(key, str):
            into.add(key)
        return dict.__contains__(self, key)

    for name in originals:
        setattr(MultiValueDict, name, noting(name))
    MultiValueDict.__contains__ = contains  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(MultiValueDict, name, original)
        del MultiValueDict.__contains__
