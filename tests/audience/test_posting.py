"""What we published and how it did."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.posting import (
    PostGroup,
    Tally,
    best_cell,
    conversation_of,
    group_posts,
    hours_of,
    kinds_by_success,
    tally,
    tally_by,
)
from monitoring.audience.services import correct_kind
from monitoring.audience.storing import SeenPost, store_posts
from monitoring.lib.periods import Period
from monitoring.listening.models import TrackedProfile
from monitoring.platforms.types import Author, Engagement, Post

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = Period(date(2026, 6, 8), date(2026, 6, 14), BERLIN)
MONDAY_NOON = datetime(2026, 6, 8, 10, tzinfo=UTC)  # noon in Berlin
HALDEN = Author(external_id="h", handle="halden.example", name="Halden")


def publish(
    profile: TrackedProfile, text: str, at: datetime, likes: int = 0, parent: str | None = None
) -> None:
    post = Post(
        external_id=f"{text} {at}",
        url="",
        text=text,
        published_at=at,
        author=HALDEN,
        parent_id=parent,
        engagement=Engagement(likes=likes),
    )
    store_posts(seen=[SeenPost(profile_id=profile.pk, measured_at=at + timedelta(hours=1), post=post)])


def groups(profile: TrackedProfile, period: Period = WEEK) -> list[PostGroup]:
    return group_posts(organization=profile.organization, brand_ids=[profile.brand_id], period=period)


def test_a_post_is_counted_in_the_period_it_was_published_in(profile: TrackedProfile) -> None:
    publish(profile, "Now", MONDAY_NOON, likes=3)
    publish(profile, "Before", MONDAY_NOON - timedelta(days=3), likes=8)
    publish(profile, "Long ago", MONDAY_NOON - timedelta(days=9), likes=100)
    assert tally(groups(profile)) == Tally(1, 3, 1, 8)


def test_the_local_hour_and_day_decide(profile: TrackedProfile) -> None:
    publish(profile, "Late on Sunday by UTC", datetime(2026, 6, 7, 22, 30, tzinfo=UTC), likes=1)
    (found,) = groups(profile)
    assert (found.is_now, found.weekday, found.block) == (True, 1, 0)


def test_kinds_are_ranked_by_interactions_a_post_and_few_posts_say_nothing(profile: TrackedProfile) -> None:
    for number in range(5):
        publish(profile, f"A tip: {number}", MONDAY_NOON + timedelta(hours=number), likes=4)
        publish(profile, f"Half price {number}", MONDAY_NOON + timedelta(hours=number), likes=6)
    publish(profile, "We moved", MONDAY_NOON, likes=90)
    ranked = [(kind.value, counted.per_post) for kind, counted in kinds_by_success(groups(profile))]
    assert ranked == [("offer", 6), ("tip", 4), ("story", None)]


def test_a_person_knows_the_kind_better(profile: TrackedProfile) -> None:
    publish(profile, "We moved", MONDAY_NOON)
    correct_kind(post=PublishedPost.objects.get(), kind="product")
    publish(profile, "We moved", MONDAY_NOON, likes=1)
    assert PublishedPost.objects.get().kind == "product"
    correct_kind(post=PublishedPost.objects.get(), kind="")
    assert PublishedPost.objects.get().kind == "story"


def test_answers_are_conversation_and_the_rest_is_broadcast(profile: TrackedProfile) -> None:
    for number in range(4):
        publish(profile, f"Roast {number}", MONDAY_NOON + timedelta(hours=number))
    publish(profile, "Thank you", MONDAY_NOON, parent="post-1")
    found = conversation_of(groups(profile))
    assert (found.answers, found.posts, found.share) == (1, 5, 0.2)


def test_too_few_posts_have_no_share(profile: TrackedProfile) -> None:
    publish(profile, "Thank you", MONDAY_NOON, parent="post-1")
    assert conversation_of(groups(profile)).share is None


def test_the_best_hours_need_enough_posts(profile: TrackedProfile) -> None:
    for number in range(5):
        publish(profile, f"Noon {number}", MONDAY_NOON + timedelta(minutes=number), likes=3)
    publish(profile, "One lucky evening", MONDAY_NOON + timedelta(hours=8), likes=500)
    rows = hours_of(groups(profile), week_start=7)
    best = best_cell(rows)
    assert best is not None
    assert (best.weekday, best.block, best.tally.posts, best.strength) == (1, 4, 5, 1.0)
    assert [row[0].weekday for row in rows] == [7, 1, 2, 3, 4, 5, 6]
    assert rows[1][6].strength is None


def test_the_rate_is_interactions_a_post_for_each_follower() -> None:
    assert Tally(posts=10, interactions=50).engagement_rate(500) == pytest.approx(0.01)
    assert Tally(posts=10, interactions=50).engagement_rate(None) is None
    assert Tally(posts=2, interactions=50).engagement_rate(500) is None


def test_the_change_compares_with_the_period_before() -> None:
    assert Tally(10, 60, 5, 20).change == pytest.approx(0.5)
    assert Tally(10, 60, 0, 0).change is None


def test_anothers_posts_are_not_read(profile: TrackedProfile, strangers_organization: Organization) -> None:
    publish(profile, "Now", MONDAY_NOON)
    assert group_posts(organization=strangers_organization, brand_ids=[profile.brand_id], period=WEEK) == []


def test_tallies_by_profile(profile: TrackedProfile) -> None:
    publish(profile, "Now", MONDAY_NOON, likes=2)
    assert tally_by(groups(profile), lambda group: group.profile_id) == {profile.pk: Tally(1, 2)}
