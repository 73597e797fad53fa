"""Every address that takes something, given what nobody should send: a clear answer, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from pytest_django import Settings

from accounts.form_pages import WRONG
from accounts.models import Organization, SetupStep, User
from accounts.setup import renew_setup_link
from monitoring.conversions.shops.registry import CONNECTORS as SHOPS
from monitoring.platforms.registry import CONNECTORS
from tests.cast import SignIn
from tests.every_address import OF_ORGANIZATIONS, OPEN, PERSONAL, Address

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

UNREACHABLE = "http://127.0.0.1:9"
GARBAGE = {
    "nothing": "",
    "blanks": " \t\n ",
    "ten kilobytes": "ab c" * 2500,
    "one long word": "ß" * 3000,
    "the null character": "a\0b",
    "marks of direction": "\u202eevil\u202c \u200f\u2067x\u2069",
    "markup": "\"><script>alert('1')</script>",
    "placeholders": "%(name)s {0} {{ x }} %",
    "a number beyond all": "9" * 400,
    "not a number": "NaN",
    "a negative number": "-1",
}
POSTED_TO = [*OF_ORGANIZATIONS, *PERSONAL, *OPEN]
TYPED_INTO = {"text", "email", "url", "number", "search", "tel"}
# What no page asks for by a visible field, and some view reads all the same.
READ_BESIDE_FORMS = {"query", "tone", "idempotency_key", "next", "restore", "seconds_ago"}


@pytest.fixture
def client(owner: User, organization: Organization, sign_in: SignIn, settings: Settings) -> Client:
    settings.PLATFORM_URLS = dict.fromkeys([*CONNECTORS, *SHOPS], UNREACHABLE)
    Organization.objects.update(setup_step=SetupStep.DONE)
    browser = sign_in(owner)
    browser.raise_request_exception = False
    return browser


def link_of(address: Address, organization: Organization) -> str:
    if address.name == "accounts:start":
        User.objects.all().delete()
        link = renew_setup_link()
        return link[link.index("/start/") :]
    return address.link(organization) if address.needed_role else address.plain_link()


def controls(answer: Answer) -> Iterator[Tag]:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return iter(())
    page = BeautifulSoup(answer.content, "html.parser")
    choice = "form[method=post] :is(input, select, textarea)[name]:not([readonly], [disabled])"
    return iter(page.select(choice))


def typed_texts(answer: Answer) -> dict[str, str]:
    """What stands in the fields that people type into. Browsers drop the first line break of a text area."""
    texts = {}
    for control in controls(answer):
        name = str(control["name"])
        if control.name == "textarea":
            texts[name] = control.get_text().removeprefix("\n")
        elif control.name == "input" and control.get("type", "text") in TYPED_INTO:
            texts[name] = str(control.get("value", ""))
    return {name: text for name, text in texts.items() if name != "username"}


@pytest.mark.parametrize("address", POSTED_TO, ids=[address.name for address in POSTED_TO])
def test_garbage_breaks_nothing_and_is_kept(
    address: Address, client: Client, organization: Organization
) -> None:
    link = link_of(address, organization)
    asked = {
        str(control["name"])
        for answer in (client.get(link), client.post(link))
        for control in controls(answer)
    }
    fields = (asked | READ_BESIDE_FORMS) - {"csrfmiddlewaretoken"}
    for kind, garbage in GARBAGE.items():
        answer = client.post(link, dict.fromkeys(fields, garbage))
        assert answer.status_code < 500, kind
        if answer.status_code == WRONG:
            texts = typed_texts(answer)
            assert texts == dict.fromkeys(texts, garbage), kind
