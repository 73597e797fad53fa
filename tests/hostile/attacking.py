"""Sends what was made up, each request against the same data, and tells what went wrong."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from bs4 import Tag
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from accounts.form_pages import WRONG
from tests.browser_headers import what_is_missing
from tests.hostile.attempts import Attempt
from tests.hostile.discovering import UNTOUCHED, Known, forms_of, names_read

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

WRONG_METHOD = 405
TYPED_INTO = {"text", "email", "url", "number", "search", "tel"}
CONTROLS = ":is(input, select, textarea)[name]:not([readonly], [disabled])"


@dataclass
class Attacker:
    """A browser whose requests leave nothing behind."""

    client: Client
    requests: int = 0
    traces: list[str] = field(default_factory=list)
    cookies: str = field(init=False)

    def __post_init__(self) -> None:
        self.client.raise_request_exception = False
        self.cookies = self.client.cookies.output(header="", sep=";")

    def send(self, link: str, attempt: Attempt) -> Answer:
        """One request, in a transaction that is undone: who was signed out by it is signed in again."""
        self.client.cookies = SimpleCookie(self.cookies)
        self.requests += 1
        self.traces.clear()
        with transaction.atomic(), self._noting():
            answer = self.client.generic(
                attempt.method,
                link,
                data=attempt.body,
                content_type=attempt.content_type,
                headers=dict(attempt.headers),
                QUERY_STRING=attempt.query.decode("ascii"),
            )
            if answer.streaming:
                b"".join(answer)  # to its end, which closes what it reads from
            transaction.set_rollback(True)
        return answer

    @contextmanager
    def _noting(self) -> Iterator[None]:
        def note(**_event: Any) -> None:
            self.traces.append(traceback.format_exc(limit=-3))

        got_request_exception.connect(note)
        try:
            yield
        finally:
            got_request_exception.disconnect(note)

    def discover(self, link: str) -> Known:
        """What the view looks up when it is asked and when it is sent something, and what its page's forms send."""
        known, asked, sent = Known(), set[str](), set[str]()
        with names_read(into=asked):
            page = self.send(link, Attempt("look"))
            known.learn(page, link)
        with names_read(into=sent):
            answer = self.send(link, Attempt("send", method="POST", body=b"x=x"))
            known.learn(answer, link)
        if page.status_code != WRONG_METHOD:
            known.query = dict.fromkeys(asked - UNTOUCHED, b"") | known.query
        if answer.status_code != WRONG_METHOD:
            known.body = dict.fromkeys(sent - UNTOUCHED - {"x"}, b"") | known.body
        return known

    def find_fault(self, link: str, attempt: Attempt) -> str:
        """What is wrong with the answer, in words; nothing when it is as it should be."""
        answer = self.send(link, attempt)
        if answer.status_code >= 500 and not link.startswith("/readyz"):
            return "".join(self.traces) or f"answers {answer.status_code}"
        missing = what_is_missing(answer)
        if missing:
            return f"lacks {missing}"
        if attempt.typed and answer.status_code == WRONG:
            return _what_was_lost(answer, attempt)
        return ""


def _what_was_lost(answer: Answer, attempt: Attempt) -> str:
    shown = typed_texts(answer)
    wanted = {name: _as_shown(value) for name, value in attempt.typed.items() if name in shown}
    lost = [name for name, text in wanted.items() if shown[name] != text]
    return f"loses what was typed into {lost}" if lost else ""


def _as_shown(value: bytes) -> str:
    """As HTML gives it back: half characters are replaced, line breaks are all alike."""
    return value.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def controls(answer: Answer) -> Iterator[Tag]:
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        for form in forms_of(answer.content.decode()):
            if str(form.get("method")).lower() == "post":
                yield from form.select(CONTROLS)


def typed_texts(answer: Answer) -> dict[str, str]:
    """What stands in the fields that people type into. Browsers drop the first line break of a text area."""
    texts = {}
    for control in controls(answer):
        name = str(control["name"])
        if control.name == "textarea":
            texts[name] = control.get_text().removeprefix("\n")
        elif control.name == "input" and control.get("type", "text") in TYPED_INTO:
            texts[name] = str(control.get("value", ""))
    plain = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in texts.items()}
    return {name: text for name, text in plain.items() if name != "username"}
