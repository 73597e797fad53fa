"""In which order tests run: every worker begins with long ones, so that at the end short ones fill all cores."""

from __future__ import annotations

import pytest

# The longest of all, in this order; then whatever starts processes or a browser.
LONGEST = ("test_processes", "test_every_page", "test_bad_input", "test_text_from_outside")


def rank(item: pytest.Item) -> int:
    if item.path.stem in LONGEST:
        return LONGEST.index(item.path.stem)
    is_long = any(item.get_closest_marker(mark) for mark in ("processes", "e2e"))
    return len(LONGEST) if is_long else len(LONGEST) + 1


def longest_first(items: list[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """pytest-xdist gives each worker an equal part of the list, in order: each gets its share of the long tests."""
    ranked = sorted(items, key=rank)
    count = sum(rank(item) <= len(LONGEST) for item in items)
    long, short = ranked[:count], iter(ranked[count:])
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        share = long[worker::workers]
        size = (len(items) - len(ordered)) // (workers - worker)
        ordered += [*share, *(item for _place, item in zip(range(size - len(share)), short, strict=False))]
    return [*ordered, *short]
