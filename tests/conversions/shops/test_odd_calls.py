"""A shop that signs nonsense gets an answer all the same: each place of a call holds, in turn, what is out of place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest
import redis

from tests.conversions.shops.calling import WITH_HOOKS, MakeHook, example

ODD: Final[tuple[object, ...]] = (
    None, True, -1, 2**63, 10**400, 1e308, "", "\0", "\ud800", "NaN", "sNaN", "-Infinity", "1e999999", "9" * 5_000,
    "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-13-45", [], {}, [[[]]], {"id": {"id": []}}, "XXXX",
)  # fmt: skip
CALLS: Final = 60

Path = tuple[str | int, ...]


def places(told: Any, path: Path = ()) -> Iterator[Path]:
    inner = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def with_value(told: Any, path: Path, value: object) -> Any:
    changed = copy.deepcopy(told)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize("slug", WITH_HOOKS)
def test_a_signed_call_of_nonsense_breaks_nothing(
    slug: str, hook: MakeHook, redis_server: redis.Redis
) -> None:
    there, told, chance = hook(slug), example(slug), Random(slug)
    every = [(path, value) for path in places(told) for value in ODD]
    statuses: dict[str, int] = {}
    for path, value in chance.sample(every, min(CALLS, len(every))):
        redis_server.flushdb()  # or it would soon be too many, which hides what they say
        statuses[f"{path}: {str(value)[:40]}"] = there.send(with_value(told, path, value))
    assert {call: status for call, status in statuses.items() if status >= 500} == {}
    assert 429 not in statuses.values()
