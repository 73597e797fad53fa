from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.lib.periods import (
    Bucket,
    Period,
    last_days,
    local_day,
    local_midnight,
    month_of,
    read_period,
    week_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 1, 1))


def test_a_period_includes_both_its_ends() -> None:
    period = Period(date(2026, 3, 1), date(2026, 3, 31), BERLIN)

    assert period.days == 31
    assert period.starts_at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert period.ends_at == datetime(2026, 3, 31, 22, tzinfo=UTC)  # summer time began in between


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    period = last_days(30, now=datetime(2026, 11, 21, 12, tzinfo=UTC), zone=BERLIN)

    assert period.previous().days == 30
    assert period.previous().ends_at == period.starts_at


@given(days, st.integers(0, 900), zones)
def test_every_instant_of_a_day_falls_on_that_day(first: date, length: int, zone: ZoneInfo) -> None:
    period = Period(first, first + timedelta(days=length), zone)

    assert local_day(period.starts_at, zone) == period.first
    assert local_day(period.ends_at - timedelta(microseconds=1), zone) == period.last


@given(days, st.integers(0, 2500), st.sampled_from([1, 6, 7]))
def test_buckets_cover_the_period_in_order_and_are_at_most_105(
    first: date, length: int, week_start: int
) -> None:
    period = Period(first, first + timedelta(days=length), BERLIN, week_start)
    buckets = period.each_bucket()

    assert buckets == sorted(set(buckets))
    assert buckets[0] == period.first
    assert len(buckets) <= 106
    assert {period.bucket_of(day) for day in period.each_day()} == set(buckets)


@given(days, st.integers(1, 7))
def test_a_week_starts_on_the_chosen_day(day: date, week_start: int) -> None:
    start = week_of(day, week_start)

    assert start.isoweekday() == week_start
    assert start <= day < start + timedelta(days=7)


def test_a_month_ends_on_its_last_day() -> None:
    assert month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))


def test_long_periods_take_longer_steps() -> None:
    def bucket(length: int) -> Bucket:
        return Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=length - 1), BERLIN).bucket

    assert [bucket(1), bucket(100), bucket(101), bucket(731), bucket(732)] == [
        Bucket.DAY, Bucket.DAY, Bucket.WEEK, Bucket.WEEK, Bucket.MONTH,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-13-01", "2026-12-01"), ("x", "y"), ("2026-02-01", "2026-01-01"), ("0001-01-01", "9999-01-01")],
)
def test_an_address_that_names_no_period_gives_the_last_thirty_days(first: str, last: str) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)

    assert read_period("nonsense", first, last, now=now, zone=BERLIN).days == 30


def test_a_day_without_midnight_begins_when_the_clocks_say_so() -> None:
    beirut = ZoneInfo("Asia/Beirut")  # clocks went from 00:00 to 01:00 on 27 March 2022

    assert local_day(local_midnight(date(2022, 3, 27), beirut), beirut) == date(2022, 3, 27)
