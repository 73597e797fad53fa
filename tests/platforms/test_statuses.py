from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.platforms.errors import RateLimited
from monitoring.platforms.statuses import error_for_status, rate_remaining, rate_reset, retry_after

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
IN_TEN = NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "30"}, timedelta(seconds=30)),
        ({"retry-after": "0"}, timedelta(seconds=1)),
        ({"retry-after": "-5"}, timedelta(seconds=1)),
        ({"retry-after": "1.5"}, timedelta(seconds=1.5)),
        ({"retry-after": "Fri, 20 Nov 2026 12:10:00 GMT"}, timedelta(minutes=10)),
        ({"retry-after": "99999999999999999999"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Fri, 20 Nov 2029 12:10:00 GMT"}, timedelta(days=1)),
        ({"x-ratelimit-reset": str(int(IN_TEN.timestamp()))}, timedelta(minutes=10)),
        ({"x-rate-limit-reset": str(int(IN_TEN.timestamp()))}, timedelta(minutes=10)),
        ({"x-ratelimit-reset": str(int(IN_TEN.timestamp() * 1000))}, timedelta(minutes=10)),
        ({"x-ratelimit-reset": "2026-11-20T12:10:00.000000Z"}, timedelta(minutes=10)),
        ({"x-ratelimit-reset": "2026-11-20T12:10:00"}, timedelta(minutes=10)),
        ({"ratelimit-reset": "600"}, timedelta(minutes=10)),
        ({"retry-after": "30", "x-ratelimit-reset": "600"}, timedelta(seconds=30)),
        ({}, None),
    ],
)
def test_reads_how_long_to_wait(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(headers, NOW) == wait


@given(st.text())
def test_whatever_a_header_says_the_wait_is_sane(text: str) -> None:
    for name in ("retry-after", "x-ratelimit-reset"):
        wait = retry_after({name: text}, NOW)
        assert wait is None or timedelta(seconds=1) <= wait <= timedelta(days=1)
    rate_remaining({"x-ratelimit-remaining": text})
    rate_reset({"x-ratelimit-reset": text}, NOW)


def test_reads_what_is_left() -> None:
    assert rate_remaining({"x-ratelimit-remaining": "99.0"}) == 99
    assert rate_remaining({"ratelimit-remaining": "-1"}) == 0
    assert rate_remaining({"ratelimit-remaining": "many"}) is None
    assert rate_remaining({}) is None


def test_slowing_down_without_a_time_is_fifteen_minutes() -> None:
    error = error_for_status(429, {}, "example.com")
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(minutes=15)
