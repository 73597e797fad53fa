"""Reading what platforms send: tolerant of absent and odd fields, strict where a post would be worthless.

One broken item costs that item, not its page; a page on which nothing can be read is an UnexpectedResponse.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from monitoring.platforms.bounds import kept_count
from monitoring.platforms.errors import UnexpectedResponse
from monitoring.platforms.types import Page

Item = TypeVar("Item")

logger = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Unreadable(ValueError):
    """Something without which an item means nothing is missing."""


def mapping(value: object) -> Mapping[str, object]:
    """The value if it is an object; otherwise Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable(f"an object was expected, not {type(value).__name__}")
    return value


def part(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object under `key`, empty where it is absent or something else."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def parts(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """The objects in the list under `key`; what is no object is left out."""
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def texts(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = data.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def identifier(data: Mapping[str, object], key: str) -> str:
    """An id, always as text: many exceed 2^53 or are no numbers at all. Unreadable where there is none."""
    found = optional_identifier(data, key)
    if not found:
        raise Unreadable(f"no {key}")
    return found


def optional_identifier(data: Mapping[str, object], key: str) -> str | None:
    value = data.get(key)
    return (
        str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None
    )


def count(data: Mapping[str, object], key: str) -> int | None:
    """A count of people or reactions. None where the platform does not say or says something impossible."""
    value = data.get(key)
    return kept_count(value) if isinstance(value, int) and not isinstance(value, bool) else None


def instant(value: object) -> datetime | None:
    """A moment from ISO 8601 (without a zone: UTC) or Unix seconds."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        return moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def published(*candidates: object) -> datetime:
    """When a post appeared: the earliest of what the platform says, since authors' clocks may lie.

    What cannot be read or lies before 1970 does not count; the future is now, and so is no date at all.
    """
    now = datetime.now(UTC)
    moments = [moment for moment in map(instant, candidates) if moment is not None and moment > _EPOCH]
    return min([*moments, now])


def items_of(data: object, key: str, host: str) -> Sequence[object]:
    """The list under `key` of an answer (the answer itself where `key` is empty), or UnexpectedResponse."""
    value = data.get(key) if key and isinstance(data, dict) else data
    if not isinstance(value, list):
        raise UnexpectedResponse(f"{host} sent an answer without the expected list.")
    return value


def readable(read: Callable[[], Item], *, host: str) -> Item:
    """What `read` makes of an answer; UnexpectedResponse if it cannot make anything of it."""
    try:
        return read()
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnexpectedResponse(f"{host} sent something unexpected: {error}.") from error


def page_of(
    items: Iterable[object],
    read: Callable[[object], Item | None],
    *,
    host: str,
    next_cursor: str | None = None,
    checkpoint: str | None = None,
) -> Page[Item]:
    """A page of what `read` makes of each item. `read` returns None for what is left out on purpose."""
    found, skipped = read_each(items, read, host=host)
    if skipped and not found:
        raise UnexpectedResponse(f"{host} sent {skipped} items, and none could be read.")
    return Page(items=tuple(found), next_cursor=next_cursor, checkpoint=checkpoint, skipped=skipped)


def read_each(
    items: Iterable[object], read: Callable[[object], Item | None], *, host: str
) -> tuple[list[Item], int]:
    """What could be read, and how many items could not. What `read` makes None of is neither."""
    found: list[Item] = []
    skipped = 0
    for item in items:
        try:
            result = read(item)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            skipped += 1
            logger.warning("Left out an item of %s: %s", host, error)
            continue
        if result is not None:
            found.append(result)
    return found, skipped
