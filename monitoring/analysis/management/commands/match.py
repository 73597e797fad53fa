"""Prints those posts of standard input that a keyword query matches, as JSON lines with the matched spans."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NoReturn
from unicodedata import combining, east_asian_width

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from monitoring.analysis.language import detect_language
from monitoring.analysis.matching import Document, Matcher, spans
from monitoring.analysis.queries import Query, QueryError, parse


class Command(BaseCommand):
    help = (
        "Read posts from standard input, one a line: plain text, or JSON objects with text and, where known, "
        "title, language, platform and author (handle, followers). Print those that the query matches."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  (the base class declares it so)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", help="such as: '(\"blue bottle\" OR #bluebottle) coffee -job lang:en'")

    def handle(self, *args: object, **options: str) -> None:
        query = _understood(options["query"])
        try:
            for found in matching(query, sys.stdin.buffer):
                self._print(found)
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, found: Mapping[str, object]) -> None:
        try:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        except UnicodeEncodeError:  # half a character, or a terminal that knows few
            self.stdout.write(json.dumps(found))
        self.stdout.flush()


def matching(query: Query, lines: Iterable[bytes]) -> Iterator[dict[str, object]]:
    """What is printed for each line that matches: the object it held, and where the words stand in it."""
    matcher = Matcher({0: query})
    for line in lines:
        post = _read(line.decode("utf-8", errors="replace").strip("\r\n\ufeff"))
        document = _document(post)
        if matcher.needs_language and document.language is None:
            document = replace(document, language=detect_language(document.text))
        if matcher.match(document):
            yield {**post, "spans": spans(query, document.text), "title_spans": spans(query, document.title)}


def _understood(text: str) -> Query:
    try:
        return parse(text)
    except QueryError as error:
        shown = "".join(character if character.isprintable() else " " for character in text)
        caret = " " * sum(map(_columns, shown[: error.position])) + "^"
        message = _("This query cannot be understood: %(reason)s") % {"reason": error.message}
        _refuse(f"{message}\n\n  {shown}\n  {caret}", error)


def _refuse(message: str, cause: Exception) -> NoReturn:
    raise CommandError(message, returncode=2) from cause


def _columns(character: str) -> int:
    """How wide a terminal shows it."""
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def _read(line: str) -> dict[str, object]:
    """The post of a line. What is no JSON object with a text is a text itself."""
    if line.lstrip().startswith("{"):
        try:
            post = json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            return {"text": line}
        if isinstance(post.get("text"), str):
            return dict(post)
    return {"text": line}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are not JSON, and would not be in what we print


def _document(post: Mapping[str, object]) -> Document:
    author = post.get("author")
    facts: Mapping[str, object] = author if isinstance(author, dict) else {}
    followers = facts.get("followers")
    return Document(
        text=_text(post, "text"),
        title=_text(post, "title"),
        language=_text(post, "language") or None,
        platform=_text(post, "platform"),
        author_handle=_text(facts, "handle"),
        author_followers=followers if isinstance(followers, int) else None,
    )


def _text(facts: Mapping[str, object], name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""
