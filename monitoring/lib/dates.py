"""Dates as tills and spreadsheets write them: the order of day, month and year is found out, never assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

_PARTS = re.compile(r"\s*(\d{1,4})[.\-/ ](\d{1,2})[.\-/ ](\d{1,4})(?:[T,\s]+(.+?))?\s*")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})\s*")
_CLOCK = re.compile(
    r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.I
)


class DateOrder(StrEnum):
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def guess_order(texts: Iterable[str]) -> DateOrder | None:
    """Which order these dates are written in; None where each of them could be either. Years first need no order."""
    for text in texts:
        parts = _PARTS.fullmatch(text)
        if parts is None or len(parts[1]) > 2:
            continue
        if int(parts[1]) > 12:
            return DateOrder.DAY_FIRST
        if int(parts[2]) > 12:
            return DateOrder.MONTH_FIRST
    return None


def parse_day(text: str, order: DateOrder) -> date:
    """The day of "2026-06-03", "20260603", "3.6.26", "06/03/2026 14:05". Raises ValueError."""
    return _split(text, order)[0]


def parse_moment(text: str, order: DateOrder, zone: ZoneInfo, *, clock: str = "", default: time) -> datetime:
    """Day and time, which may stand in a column of its own; without one the default. Raises ValueError.

    A time with an offset is that instant; any other is of the zone.
    """
    day, said = _split(text, order)
    said = clock.strip() or said
    if not said:
        return datetime.combine(day, default, zone)
    parts = _CLOCK.fullmatch(said.strip())
    if parts is None:
        raise ValueError(said)
    moment = datetime.combine(day, _time(parts), zone)
    offset = parts[5]
    return datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}{offset}") if offset else moment


def _split(text: str, order: DateOrder) -> tuple[date, str]:
    compact = _COMPACT.fullmatch(text)
    if compact:
        return date(*map(int, compact.groups())), ""
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ValueError(text)
    first, second, third = (int(part) for part in parts.groups()[:3])
    clock = parts[4] or ""
    if len(parts[1]) == 4:
        return date(first, second, third), clock
    day, month = (first, second) if order == DateOrder.DAY_FIRST else (second, first)
    return date(third + 2000 if len(parts[3]) == 2 else third, month, day), clock


def _time(parts: re.Match[str]) -> time:
    hour, minute, second = int(parts[1]), int(parts[2]), int(parts[3] or 0)
    half = (parts[4] or "").lower()[:1]
    if half and not 1 <= hour <= 12:
        raise ValueError(parts[0])
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute, second)
