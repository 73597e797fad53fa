"""When somebody is there: what people type, and what it means. `9–12, 13:30–18` are two spans."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _

# As the day's end is stored: no time of day is 24:00.
END_OF_DAY: Final = time.max
MOST_SPANS: Final = 6  # a day
_TIME: Final = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?"
_SPAN: Final = re.compile(rf"{_TIME}\s*(?:-|–|—|−|to)\s*{_TIME}", re.IGNORECASE)


class NotHours(Exception):
    """What was typed cannot be read as hours. The message says why."""


@dataclass(frozen=True, order=True)
class Span:
    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{_format(self.opens)}–{_format(self.closes)}"


def parse_spans(text: str) -> tuple[Span, ...]:
    """The spans of a day in their order; none where it is closed."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    spans = tuple(sorted(_parse_span(part) for part in parts))
    if len(spans) > MOST_SPANS:
        raise NotHours(_("At most %(count)s spans a day.") % {"count": MOST_SPANS})
    for earlier, later in pairwise(spans):
        if later.opens <= earlier.closes:
            raise NotHours(_("%(one)s and %(other)s touch or overlap.") % {"one": earlier, "other": later})
    return spans


def format_spans(spans: Iterable[Span]) -> str:
    return ", ".join(map(str, sorted(spans)))


def _parse_span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise NotHours(_("“%(text)s” is not understood. Write it like 9:00–17:30.") % {"text": text[:40]})
    span = Span(_parse_time(text, *found.groups()[:3]), _parse_time(text, *found.groups()[3:]))
    if span.closes <= span.opens:
        raise NotHours(
            _(
                "%(span)s ends before it begins. Past midnight, write 18:00–24:00 and the rest on the next day."
            )
            % {"span": span}
        )
    return span


def _parse_time(text: str, hour: str, minute: str | None, half: str | None) -> time:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            raise NotHours(_("“%(text)s”: there is no such time of day.") % {"text": text[:40]})
        hours = hours % 12 + (12 if half.lower().startswith("p") else 0)
    if (hours, minutes) == (24, 0):
        return END_OF_DAY
    if hours > 23 or minutes > 59:
        raise NotHours(_("“%(text)s”: there is no such time of day.") % {"text": text[:40]})
    return time(hours, minutes)


def _format(moment: time) -> str:
    return "24:00" if moment == END_OF_DAY else f"{moment:%H:%M}"
