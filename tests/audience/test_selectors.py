from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.audience.charts import gains_together, unread_gains
from monitoring.audience.selectors.engagement import (
    best_posts,
    count_posts,
    engagement_per_day,
    sum_by_bucket,
)
from monitoring.audience.selectors.followers import Followers, followers_of, followers_per_day
from monitoring.audience.selectors.profiles import Health, list_standings
from monitoring.audience.storing import Reading, mark_removed, store_snapshots
from monitoring.lib.periods import Period
from monitoring.listening.models import BrandKind, CoverageGap, Outcome, Source, TrackedProfile
from monitoring.platforms.types import Profile
from tests.audience.profile_on_paper import follow
from tests.audience.test_counting import measure
from tests.listening.platform_of_lists import NOW

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = NOW.astimezone(BERLIN).date()


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def week() -> Period:
    return Period(ago(6), TODAY, BERLIN)


def read(profile: TrackedProfile, **followers: int | None) -> None:
    """Readings at noon, by how many days ago: d3=120."""
    store_snapshots(
        readings=[
            Reading(
                profile_id=profile.pk,
                taken_at=datetime.combine(ago(int(name[1:])), datetime.min.time(), BERLIN)
                + timedelta(hours=12),
                profile=Profile(external_id="h", handle="h", followers=number, posts=5),
            )
            for name, number in followers.items()
        ]
    )


def of(profile: TrackedProfile, period: Period | None = None) -> Followers:
    return followers_of(profile_ids=[profile.pk], period=period or week())[profile.pk]


@pytest.mark.django_db
def test_a_day_without_a_reading_stays_a_gap(profile: TrackedProfile) -> None:
    read(profile, d6=100, d5=103, d4=None, d1=110, d0=112)

    assert of(profile).history == (100, 103, None, None, None, 110, 112)
    assert of(profile).gains == (0, 3, None, None, None, None, 2)
    assert followers_per_day(profile_id=profile.pk, period=week()) == dict(
        zip(week().each_day(), (100, 103, None, None, None, 110, 112), strict=True)
    )


@pytest.mark.django_db
def test_the_last_reading_of_a_local_day_counts(profile: TrackedProfile) -> None:
    for clock, number in ((time_utc(21, 59), 1), (time_utc(22, 30), 2), (time_utc(23, 30), 3)):
        said = Profile(external_id="h", handle="h", followers=number)
        store_snapshots(readings=[Reading(profile_id=profile.pk, taken_at=clock, profile=said)])
    period = Period(date(2026, 7, 1), date(2026, 7, 2), BERLIN)  # midnight is at 22:00 UTC

    assert of(profile, period).history == (1, 3)


def time_utc(hour: int, minute: int) -> datetime:
    return datetime(2026, 7, 1, hour, minute, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("readings", "change", "since"),
    [
        ({"d7": 90, "d0": 112}, 22, None),
        ({"d6": 100, "d0": 112}, 12, None),
        ({"d8": 80, "d1": 99}, 19, None),
        ({"d9": 80, "d0": 112}, None, None),  # too long before the period to speak for its beginning
        ({"d4": 80, "d0": 112}, None, 32),
        ({"d6": 100, "d3": 112}, None, None),  # nobody knows how it is now
        ({"d0": 112}, None, None),
        ({}, None, None),
    ],
)
def test_a_change_is_known_when_both_ends_are(
    profile: TrackedProfile, readings: dict[str, int], change: int | None, since: int | None
) -> None:
    read(profile, **readings)
    found = of(profile)

    assert found.change == change
    assert (found.change_since if found.change is None else None) == since


@pytest.mark.django_db
def test_long_periods_are_read_in_buckets(profile: TrackedProfile) -> None:
    read(profile, d300=10, d0=500)
    year = Period(ago(364), TODAY, BERLIN)
    history = of(profile, year).history

    assert len(history) == len(year.each_bucket()) <= 100
    assert [number for number in history if number is not None] == [10, 500]


@pytest.mark.django_db
def test_profiles_are_listed_with_their_health(
    profile: TrackedProfile,
    organization: Organization,
    numbers: Source,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rival = follow(organization, numbers, kind=BrandKind.COMPETITOR, name="A rival")
    read(rival, d0=9)
    Source.objects.filter(pk=numbers.pk).update(outcome=Outcome.GONE, error="No such profile.")
    with django_assert_num_queries(4):  # profiles, subscriptions, sources, snapshots
        ours, theirs = list_standings(organization=organization, period=week())

    assert (ours.profile, ours.is_own, ours.health) == (profile, True, Health.GONE)
    assert (theirs.followers.latest, theirs.is_own) == (9, False)


@pytest.mark.django_db
def test_health_is_that_of_the_worst_source(
    profile: TrackedProfile, organization: Organization, numbers: Source, posts: Source
) -> None:
    def health() -> Health:
        return list_standings(organization=organization, period=week())[0].health

    assert health() == Health.WAITING
    Source.objects.update(outcome=Outcome.COLLECTED, covered_until=NOW)
    assert health() == Health.READ
    Source.objects.filter(pk=posts.pk).update(outcome=Outcome.UNREACHABLE)
    assert health() == Health.UNREACHABLE
    profile.subscriptions.all().delete()
    assert health() == Health.NEEDS_ACCOUNT


@pytest.fixture
def covered(posts: Source) -> Source:
    """Our posts have been listed for a month."""
    Source.objects.filter(pk=posts.pk).update(covered_since=NOW - timedelta(days=30), covered_until=NOW)
    return posts


def engagement(organization: Organization) -> list[int | None]:
    days = engagement_per_day(organization=organization, period=week(), now=NOW)
    return [day.interactions for day in days]


@pytest.mark.django_db
def test_engagement_is_zero_where_we_looked_and_unknown_where_nobody_did(
    profile: TrackedProfile,
    organization: Organization,
    covered: Source,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    measure(profile, "a", at=NOW, age=timedelta(days=1), likes=4)
    CoverageGap.objects.create(
        source=covered, began_at=NOW - timedelta(days=5), ended_at=NOW - timedelta(days=2)
    )
    with django_assert_num_queries(2):  # the rollup, sources with their gaps
        found = engagement(organization)

    assert found == [0, 0, None, None, 0, 4, 0]


@pytest.mark.django_db
def test_without_own_profiles_engagement_is_unknown(
    organization: Organization, posts: Source, covered: Source
) -> None:
    rival = follow(organization, posts, kind=BrandKind.COMPETITOR, name="A rival")
    measure(rival, "a", likes=4)

    assert engagement(organization) == [None] * 7
    assert best_posts(organization=organization, period=week()) == []
    assert count_posts(organization=organization, period=week()) == 0


@pytest.mark.django_db
def test_the_best_posts_still_stand_and_are_of_the_period(
    profile: TrackedProfile, organization: Organization, strangers_organization: Organization, posts: Source
) -> None:
    for name, days, likes in (("best", 1, 9), ("good", 2, 5), ("removed", 3, 99), ("old", 9, 99)):
        measure(profile, name, at=NOW - timedelta(minutes=1), age=timedelta(days=days), likes=likes)
    measure(follow(strangers_organization, posts), "theirs", age=timedelta(days=1), likes=99)
    for name, days in (("best", 1), ("good", 2), ("old", 9)):
        measure(profile, name, at=NOW, age=timedelta(days=days), likes=None)
    mark_removed(
        profile_ids=[profile.pk], published_since=NOW - timedelta(days=30), not_seen_since=NOW, now=NOW
    )
    found = best_posts(organization=organization, period=week())

    assert [post.external_id for post in found] == ["best", "good"]
    assert count_posts(organization=organization, period=week()) == 3


numbers_or_gaps = st.lists(st.none() | st.integers(-50, 50), min_size=7, max_size=7)


@hypothesis_settings(deadline=None, max_examples=50)
@given(numbers_or_gaps)
def test_days_are_summed_into_buckets(values: list[int | None]) -> None:
    days = list(zip(week().each_day(), values, strict=True))
    month = Period(week().first, week().first + timedelta(days=800), BERLIN)

    assert sum_by_bucket(week(), days) == values
    known = [value for value in values if value is not None]
    summed = [value for value in sum_by_bucket(month, days) if value is not None]
    assert sum(summed) == sum(known)
    assert bool(summed) == bool(known)


@hypothesis_settings(deadline=None, max_examples=50)
@given(numbers_or_gaps, st.none() | st.integers(0, 50))
def test_gains_of_an_unbroken_history_add_up_to_the_change(
    history: list[int | None], before: int | None
) -> None:
    followers = Followers(history=tuple(history), before=before, latest=history[-1], buckets=())
    gains = gains_together([followers], 7)

    if None not in (before, *history):
        assert sum(gain for gain in gains if gain is not None) == followers.change
    for place, gain in enumerate(gains):
        assert gain is None or history[place] is not None


def test_a_gap_in_one_profile_is_named_and_a_new_profile_is_none() -> None:
    period = Period(week().first, week().first + timedelta(days=3), BERLIN)
    buckets = tuple(period.each_bucket())
    steady = Followers(history=(10, 11, 13, 14), before=10, latest=14, buckets=buckets)
    broken = Followers(history=(5, None, 6, 8), before=5, latest=8, buckets=buckets)
    new = Followers(history=(None, None, 900, 901), before=None, latest=901, buckets=buckets)

    assert gains_together([steady], 4) == [0, 1, 2, 1]
    assert gains_together([steady, broken], 4) == [0, 1, 2, 3]
    assert gains_together([broken], 4) == [0, None, None, 2]
    assert gains_together([steady, new], 4) == [0, 1, 2, 2]
    assert gains_together([], 4) == [None] * 4
    assert unread_gains([("bluesky", steady), ("mastodon", broken), ("x", new)], period) == {
        buckets[1]: {"mastodon"},
        buckets[2]: {"mastodon"},
    }
