"""The select box for hundreds of choices is, for a browser, the one of Django."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms

from accounts.widgets import LongSelect

CHOICES = [("", "None"), ("Europe", [("Europe/Berlin", "Berlin"), ('"<&', "<i>odd</i>")]), ("UTC", "UTC")]


class Parts(HTMLParser):
    """Tags with their attributes in any order, and the texts between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, frozenset(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.parts.append(data.strip())


@pytest.mark.parametrize("value", ["", None, "Europe/Berlin", '"<&', "Europe/Halden"])
def test_it_draws_what_django_draws(value: str | None) -> None:
    attributes = {"id": "id_zone", "class": "select", "required": True}
    ours = LongSelect(choices=CHOICES).render("zone", value, attributes)
    djangos = forms.Select(choices=CHOICES).render("zone", value, attributes)
    assert Parts(ours).parts == Parts(djangos).parts
