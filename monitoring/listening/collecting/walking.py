"""Walk along the pages of a search: read one, write it, go on where it leads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Protocol, TypeVar

from monitoring.platforms.errors import UnexpectedResponse

PAGES_PER_RUN = 50  # then another worker may go on: one busy source does not hold the others up


class Leading(Protocol):
    """A page, as far as it leads to another."""

    @property
    def next_cursor(self) -> str | None: ...


LeadingPage = TypeVar("LeadingPage", bound=Leading)


def walk_pages(
    read: Callable[[str | None], LeadingPage],
    write: Callable[[LeadingPage], bool],
    *,
    cursor: str | None,
    reads_ahead: Callable[[LeadingPage], bool] = lambda page: False,
) -> bool:
    """Read and write page after page until `write` says that one was the last, or the run had its share.

    Returns whether the end was reached. After a page that `reads_ahead` allows, the next is read in a thread while
    this one is written: `read` may not use the database then, and `write` may not call that page the last.
    """
    seen, ahead = {cursor}, None
    with ThreadPoolExecutor(max_workers=1) as reader:
        for left in reversed(range(PAGES_PER_RUN)):
            page = ahead.result() if ahead else read(cursor)
            cursor = page.next_cursor
            if cursor is not None and cursor in seen:
                raise UnexpectedResponse("The platform sent us in a circle: the same page came twice.")
            seen.add(cursor)
            ahead = reader.submit(copy_context().run, read, cursor) if left and reads_ahead(page) else None
            if write(page):
                return True
    return False
