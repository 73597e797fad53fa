from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.lib.charts import TimeAxis
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, CollectionRun, CoverageGap, Source
from monitoring.listening.selectors.coverage import Gap, read_coverage, recent_runs
from monitoring.listening.showing.unread import name_unread
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_source

BERLIN = ZoneInfo("Europe/Berlin")
PERIOD = Period(date(2026, 10, 1), date(2026, 10, 31), BERLIN)
NOW = datetime(2026, 11, 1, 12, tzinfo=BERLIN)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=BERLIN)


def covered(source: Source, *, since: datetime, until: datetime) -> None:
    Source.objects.filter(pk=source.pk).update(covered_since=since, covered_until=until)


def gaps(brand: Brand) -> list[Gap]:
    return read_coverage(brands=[brand], now=NOW).gaps(PERIOD)


@pytest.mark.django_db
def test_only_whole_days_without_any_reading_are_a_gap(brand: Brand, source: Source) -> None:
    covered(source, since=at(1), until=NOW)
    CoverageGap.objects.create(source=source, began_at=at(10, 15), ended_at=at(14, 3))

    assert gaps(brand) == [Gap("bluesky", date(2026, 10, 11), date(2026, 10, 13))]


@pytest.mark.django_db
def test_before_the_first_reading_and_after_the_last_nothing_is_known(brand: Brand, source: Source) -> None:
    covered(source, since=at(5), until=at(20, 12))

    assert gaps(brand) == [
        Gap("bluesky", date(2026, 10, 1), date(2026, 10, 4)),
        Gap("bluesky", date(2026, 10, 21), date(2026, 10, 31)),
    ]


@pytest.mark.django_db
def test_a_platform_is_silent_only_when_all_its_sources_are(brand: Brand, source: Source) -> None:
    second = make_source("second")
    listen(brand.organization, second, name=brand.name, query="coffee")
    covered(source, since=at(1), until=NOW)
    covered(second, since=at(20), until=NOW)

    assert gaps(brand) == []


@pytest.mark.django_db
def test_where_one_platform_of_several_is_silent_the_day_is_known_in_part(
    brand: Brand, source: Source
) -> None:
    second = make_source("second", platform="mastodon")
    listen(brand.organization, second, name=brand.name, query="coffee")
    covered(source, since=at(1), until=NOW)
    covered(second, since=at(3), until=at(29, 12))
    CoverageGap.objects.create(source=source, began_at=at(2), ended_at=at(4))
    coverage = read_coverage(brands=[brand], now=NOW)
    quarter = Period(date(2026, 9, 1), date(2026, 12, 31), BERLIN)

    assert coverage.unread(PERIOD) == {
        date(2026, 10, 1): {"mastodon"},
        date(2026, 10, 2): {"bluesky", "mastodon"},
        date(2026, 10, 3): {"bluesky"},
        date(2026, 10, 30): {"mastodon"},
        date(2026, 10, 31): {"mastodon"},
    }
    assert coverage.silent_days(PERIOD) == {date(2026, 10, 2)}
    named = name_unread(TimeAxis(PERIOD), coverage.unread(PERIOD))
    assert named is not None
    assert named.buckets[:4] == ["Mastodon", "Bluesky, Mastodon", "Bluesky", ""]
    assert named.legend == "Lightly hatched: Bluesky, Mastodon not read."
    weeks = name_unread(TimeAxis(quarter), coverage.unread(quarter))
    assert weeks is not None
    assert "Bluesky on 5 days, Mastodon on 5 days" in weeks.buckets
    assert name_unread(TimeAxis(PERIOD), {}) is None


@pytest.mark.django_db
def test_a_source_that_was_never_read_tells_nothing(brand: Brand, source: Source) -> None:
    assert gaps(brand) == [Gap("bluesky", PERIOD.first, PERIOD.last)]


@pytest.mark.django_db
def test_a_pause_within_the_rhythm_is_no_gap(brand: Brand, source: Source) -> None:
    covered(source, since=at(1), until=NOW - timedelta(hours=40))

    assert gaps(brand) == []


@given(st.integers(0, 60 * 24 * 31), st.integers(0, 60 * 24 * 31))
def test_a_gap_covers_exactly_its_days(first: int, length: int) -> None:
    start = date(2026, 10, 1) + timedelta(days=first // 1440)
    gap = Gap("bluesky", start, start + timedelta(days=length // 1440))

    assert gap.covers(gap.first)
    assert gap.covers(gap.last)
    assert not gap.covers(gap.first - timedelta(days=1))
    assert not gap.covers(gap.last + timedelta(days=1))


@pytest.mark.django_db
def test_the_ledger_does_not_tell_whose_past_was_fetched(
    brand: Brand, source: Source, strangers_organization: Organization
) -> None:
    listen(strangers_organization, source, name="Bright Bean", query="bean")
    stranger = source.subscriptions.get(organization=strangers_organization)
    together = CollectionRun.objects.create(source=source, started_at=NOW)
    theirs = CollectionRun.objects.create(
        source=source, subscription=stranger, is_backfill=True, started_at=NOW + timedelta(hours=1)
    )

    assert recent_runs(organization=brand.organization) == [together]
    assert recent_runs(organization=strangers_organization) == [theirs, together]
