"""Dates as people's programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib.dates import DateOrder, guess_order, parse_day, parse_moment

BERLIN = ZoneInfo("Europe/Berlin")
DMY, MDY = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-06-03", MDY),
        ("20260603", MDY),
        ("3.6.26", DMY),
        ("03/06/2026", DMY),
        ("06/03/2026", MDY),
        ("6-3-2026", MDY),
        ("2026/06/03 14:05", DMY),
    ],
)
def test_a_day_in_any_order(text: str, order: DateOrder) -> None:
    assert parse_day(text, order) == date(2026, 6, 3)


@pytest.mark.parametrize("text", ["", "yesterday", "31.2.2026", "2026-13-01", "1/2", "99999999"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - date() words it
        parse_day(text, DMY)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/06/2026", "13/06/2026"], DMY),
        (["03/06/2026", "06/13/2026"], MDY),
        (["03/06/2026"], None),
        (["2026-06-13"], None),
        (["nonsense"], None),
    ],
)
def test_the_order_shows_as_soon_as_a_day_is_above_twelve(texts: list[str], order: DateOrder | None) -> None:
    assert guess_order(texts) == order


@pytest.mark.parametrize(
    ("text", "clock", "expected"),
    [
        ("3.6.2026 14:05", "", datetime(2026, 6, 3, 14, 5, tzinfo=BERLIN)),
        ("3.6.2026", "2:05 PM", datetime(2026, 6, 3, 14, 5, tzinfo=BERLIN)),
        ("3.6.2026", "12:00 a.m.", datetime(2026, 6, 3, 0, 0, tzinfo=BERLIN)),
        ("2026-06-03T14:05:09Z", "", datetime(2026, 6, 3, 14, 5, 9, tzinfo=UTC)),
        ("2026-06-03T14:05:09.123+02:00", "", datetime(2026, 6, 3, 12, 5, 9, tzinfo=UTC)),
        ("3.6.2026", "", datetime(2026, 6, 3, 12, 0, tzinfo=BERLIN)),
    ],
)
def test_a_time_beside_or_after_the_day(text: str, clock: str, expected: datetime) -> None:
    assert parse_moment(text, DMY, BERLIN, clock=clock, default=time(12)) == expected


@pytest.mark.parametrize("clock", ["25:00", "13:00 pm", "soon", "12:99"])
def test_what_is_no_time_is_refused(clock: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - time() words it
        parse_moment("3.6.2026", DMY, BERLIN, clock=clock, default=time(12))


@given(
    st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d"]),
)
def test_what_was_written_is_read(day: date, style: str) -> None:
    assert parse_day(day.strftime(style), MDY if style == "%m/%d/%Y" else DMY) == day


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        assert parse_moment(text, DMY, BERLIN, default=time(12)).tzinfo is not None
    except ValueError:
        return
