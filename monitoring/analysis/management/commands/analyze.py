"""Prints what is understood about each line of standard input, as JSON lines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping

from django.core.management.base import BaseCommand

from monitoring.analysis.understanding import understand


class Command(BaseCommand):
    help = (
        "Read texts from standard input, one a line, and print for each a JSON object with its language, sentiment, "
        "confidence, hashtags, handles, links, terms and whether it is a question."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  (the base class declares it so)

    def handle(self, *args: object, **options: object) -> None:
        try:
            for found in analyzed(sys.stdin.buffer):
                self._print(found)
            self.stdout.flush()
        except BrokenPipeError:  # whoever read our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _print(self, found: Mapping[str, object]) -> None:
        try:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        except UnicodeEncodeError:  # a terminal that knows few letters
            self.stdout.write(json.dumps(found))


def analyzed(lines: Iterable[bytes]) -> Iterator[dict[str, object]]:
    """What is printed for each line; bytes that are no UTF-8 are replaced."""
    for line in lines:
        understanding = understand(line.decode("utf-8", errors="replace").strip("\r\n\ufeff"))
        yield {
            "language": understanding.language,
            "sentiment": understanding.sentiment.name.lower(),
            "confidence": understanding.confidence,
            "hashtags": understanding.hashtags,
            "handles": understanding.handles,
            "links": understanding.links,
            "terms": understanding.terms,
            "question": understanding.is_question,
        }
