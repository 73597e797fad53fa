"""When an alert looks again: always later, at a full hour or at seven, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.mails.timing import GATHERED_FOR, MOST_AT_ONCE_AN_HOUR, next_look
from monitoring.alerts.models import Rhythm

ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Pacific/Auckland",
        "Pacific/Apia",
        "America/Santiago",
    ]
).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
LONGEST = {
    Rhythm.HOURLY: timedelta(hours=1),
    Rhythm.DAILY: timedelta(hours=25),
    Rhythm.WEEKLY: timedelta(days=7, hours=1),
}


@given(now=MOMENTS, zone=ZONES, rhythm=st.sampled_from(sorted(LONGEST)))
def test_the_next_look_is_the_next_such_time_there(now: datetime, zone: ZoneInfo, rhythm: Rhythm) -> None:
    due = next_look(rhythm=rhythm, now=now, zone=zone)
    assert now < due <= now + LONGEST[rhythm]
    local = due.astimezone(zone)
    assert (local.minute, local.second, local.microsecond) == (0, 0, 0)
    if rhythm != Rhythm.HOURLY:
        assert local.hour == 7
    if rhythm == Rhythm.WEEKLY:
        assert local.isoweekday() == 1


@pytest.mark.parametrize(
    ("mails", "waits"), [(MOST_AT_ONCE_AN_HOUR - 1, timedelta(0)), (MOST_AT_ONCE_AN_HOUR, GATHERED_FOR)]
)
def test_at_once_is_now_until_there_were_many(mails: int, waits: timedelta) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    due = next_look(rhythm=Rhythm.AT_ONCE, now=now, zone=ZoneInfo("UTC"), mails_this_hour=mails)
    assert due == now + waits
