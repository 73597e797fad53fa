"""In which order tests run: every worker begins with long ones, so that at the end short ones fill all cores."""

from __future__ import annotations

from itertools import groupby

import pytest

# The longest of all, in this order; then whatever starts processes or a browser.
LONGEST = ("test_processes", "test_every_page", "test_bad_input", "test_text_from_outside")
# They look at what one walk has shown (tests/walked_business.py), which each worker with one of them has to make.
TOGETHER = ("test_text_from_outside", "test_tenant_queries", "test_query_budgets")


def rank(item: pytest.Item) -> int:
    name = TOGETHER[0] if item.path.stem in TOGETHER else item.path.stem
    if name in LONGEST:
        return LONGEST.index(name)
    is_long = any(item.get_closest_marker(mark) for mark in ("processes", "e2e"))
    return len(LONGEST) if is_long else len(LONGEST) + 1


def kept_together(items: list[pytest.Item]) -> list[list[pytest.Item]]:
    """Each test for itself, but those of one walk, which stand beside each other."""
    walks = groupby(items, key=lambda item: TOGETHER if item.path.stem in TOGETHER else item)
    return [list(kept) for _key, kept in walks]


def longest_first(items: list[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """pytest-xdist gives each worker an equal part of the list, in order: each gets its share of the long tests."""
    # Parts of one test stand beside each other, so that each goes to another worker.
    ranked = sorted(items, key=lambda item: (rank(item), "[" not in item.name))
    count = sum(rank(item) <= len(LONGEST) for item in items)
    long, short = kept_together(ranked[:count]), iter(ranked[count:])
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        share = [item for kept in long[worker::workers] for item in kept]
        size = (len(items) - len(ordered)) // (workers - worker)
        ordered += [*share, *(item for _place, item in zip(range(size - len(share)), short, strict=False))]
    return [*ordered, *short]
