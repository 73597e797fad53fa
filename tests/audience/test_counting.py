from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.audience.models import EngagementDay, PostEngagement, PublishedPost
from monitoring.audience.rollups import miscounted_engagement, rebuild_engagement
from monitoring.audience.storing import SeenPost, StoredPosts, mark_removed, store_posts
from monitoring.listening.models import Brand, Source, TrackedProfile
from monitoring.listening.services.brands import delete_brand, delete_organization, stop_tracking
from monitoring.platforms.types import Engagement
from tests.audience.profile_on_paper import follow
from tests.listening.platform_of_lists import NOW, make_post


def measure(
    profile: TrackedProfile,
    name: str,
    *,
    at: datetime = NOW,
    age: timedelta = timedelta(days=3),
    **counts: int | None,
) -> StoredPosts:
    """A post, `age` old now, with these counts at that moment."""
    post = replace(make_post(name, age=age), engagement=Engagement(**counts))
    return store_posts(seen=[SeenPost(profile_id=profile.pk, measured_at=at, post=post)])


def gained(organization: Organization) -> dict[int, tuple[int, int]]:
    """Interactions and posts, by how many days ago."""
    rows = EngagementDay.objects.filter(organization_id=organization.pk)
    return {(NOW.date() - row.day).days: (row.interactions, row.posts) for row in rows}


@pytest.fixture
def in_utc(organization: Organization) -> Organization:
    Organization.objects.filter(pk=organization.pk).update(time_zone="UTC")
    return organization


@pytest.mark.django_db
def test_what_a_post_had_at_first_counts_for_the_day_it_was_published(
    profile: TrackedProfile, in_utc: Organization
) -> None:
    measure(profile, "a", likes=5, replies=2, views=900)

    assert gained(in_utc) == {3: (7, 1)}


@pytest.mark.django_db
def test_what_it_gains_counts_for_the_day_it_was_measured(
    profile: TrackedProfile, in_utc: Organization
) -> None:
    measure(profile, "a", at=NOW - timedelta(days=2), likes=5)
    measure(profile, "a", at=NOW - timedelta(days=1), likes=8)
    measure(profile, "a", at=NOW, likes=8, shares=1)

    assert gained(in_utc) == {3: (5, 1), 1: (3, 0), 0: (1, 0)}
    assert list(PostEngagement.objects.order_by("measured_at").values_list("likes", "shares", "gained")) == [
        (5, None, 5),
        (8, None, 3),
        (8, 1, 1),
    ]


@pytest.mark.django_db
def test_reactions_taken_back_are_taken_off(profile: TrackedProfile, in_utc: Organization) -> None:
    measure(profile, "a", at=NOW - timedelta(days=1), likes=5)
    measure(profile, "a", likes=3)

    assert gained(in_utc) == {3: (5, 1), 0: (-2, 0)}


@pytest.mark.django_db
def test_a_measurement_that_changes_nothing_is_no_entry(profile: TrackedProfile) -> None:
    assert measure(profile, "a", at=NOW - timedelta(hours=2), likes=5) == StoredPosts(new=1, changed=0)
    assert measure(profile, "a", at=NOW, likes=5) == StoredPosts(new=0, changed=0)
    assert PostEngagement.objects.count() == 1
    assert PublishedPost.objects.get().refreshed_at == NOW


@pytest.mark.django_db
def test_a_measurement_that_comes_late_changes_nothing(profile: TrackedProfile) -> None:
    measure(profile, "a", at=NOW, likes=9)

    assert measure(profile, "a", at=NOW - timedelta(hours=1), likes=4) == StoredPosts()
    assert measure(profile, "a", at=NOW, likes=12) == StoredPosts()
    assert PublishedPost.objects.get().likes == 9


@pytest.mark.django_db
def test_a_count_that_the_platform_no_longer_says_keeps_its_last_value(profile: TrackedProfile) -> None:
    measure(profile, "a", at=NOW - timedelta(hours=1), likes=9, views=100)
    measure(profile, "a", at=NOW, likes=None, views=None)
    post = PublishedPost.objects.get()

    assert (post.likes, post.views, post.replies, post.interactions) == (9, 100, None, 9)


@pytest.mark.django_db
def test_many_measurements_of_one_post_can_come_at_once(
    profile: TrackedProfile, in_utc: Organization
) -> None:
    post = make_post("a", age=timedelta(days=9))
    seen = [
        SeenPost(
            profile_id=profile.pk,
            measured_at=NOW - timedelta(days=days),
            post=replace(post, engagement=Engagement(likes=100 - days * 10)),
        )
        for days in (0, 4, 8)  # in no order
    ]

    assert store_posts(seen=seen) == StoredPosts(new=1, changed=2)
    assert gained(in_utc) == {9: (20, 1), 4: (40, 0), 0: (40, 0)}


@pytest.mark.django_db
def test_counts_beyond_all_measure_and_odd_characters_do_no_harm(profile: TrackedProfile) -> None:
    post = make_post(
        "a", "nul \0 and half a pair \ud83d", engagement=Engagement(likes=2**63 - 1, replies=2**63 - 1)
    )
    store_posts(seen=[SeenPost(profile_id=profile.pk, measured_at=NOW, post=post)])
    stored = PublishedPost.objects.get()

    assert stored.text == "nul  and half a pair "
    assert (stored.likes, stored.interactions) == (None, 0)


@pytest.mark.django_db
def test_a_removed_post_keeps_its_counts_and_loses_its_words(
    profile: TrackedProfile, in_utc: Organization
) -> None:
    measure(profile, "a", at=NOW - timedelta(hours=2), likes=5)
    mark_removed(
        profile_ids=[profile.pk], published_since=NOW - timedelta(days=7), not_seen_since=NOW, now=NOW
    )
    removed = PublishedPost.objects.get()

    assert (removed.removed_at, removed.text, removed.likes) == (NOW, "", 5)
    assert gained(in_utc) == {3: (5, 1)}

    measure(profile, "a", at=NOW + timedelta(hours=1), likes=6)
    back = PublishedPost.objects.get()
    assert (back.removed_at, back.text) == (None, "I love Halden Coffee")


def see(profile: TrackedProfile, number: int, choice: int) -> None:
    latest = PostEngagement.objects.filter(post__profile=profile).order_by("-measured_at").first()
    at = (latest.measured_at if latest else NOW - timedelta(days=20)) + timedelta(hours=choice * 3 - 1)
    measure(
        profile, f"p{number}", at=at, age=timedelta(hours=number * 11), likes=choice, shares=number or None
    )


def remove(profile: TrackedProfile, number: int, choice: int) -> None:
    since = NOW - timedelta(hours=number * 11)
    mark_removed(profile_ids=[profile.pk], published_since=since, not_seen_since=NOW, now=NOW)


def forget(profile: TrackedProfile, number: int, choice: int) -> None:
    PublishedPost.objects.filter(external_id=f"p{number}").delete()


def move_house(profile: TrackedProfile, number: int, choice: int) -> None:
    zones = ("Pacific/Kiritimati", "America/New_York", "Asia/Kolkata", "UTC")
    Organization.objects.filter(pk=profile.organization_id).update(time_zone=zones[choice % len(zones)])
    rebuild_engagement(organization=profile.organization)


Act = Callable[[TrackedProfile, int, int], None]
acts = st.tuples(
    st.sampled_from([see, see, see, remove, forget, move_house]), st.integers(0, 5), st.integers(0, 7)
)


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(acts, max_size=25))
def test_the_engagement_of_a_day_equals_a_recount_whatever_happens(
    profile: TrackedProfile, organization: Organization, story: list[tuple[Act, int, int]]
) -> None:
    PublishedPost.objects.all().delete()
    for act, number, choice in story:
        act(profile, number, choice)

        assert miscounted_engagement(organization=organization) == 0
    totals = PublishedPost.objects.values_list("interactions", flat=True)
    assert sum(EngagementDay.objects.values_list("interactions", flat=True)) == sum(totals)
    assert sum(EngagementDay.objects.values_list("posts", flat=True)) == len(totals)


@pytest.mark.django_db
def test_a_recount_notices_a_wrong_count(profile: TrackedProfile, organization: Organization) -> None:
    measure(profile, "a", likes=1)
    EngagementDay.objects.update(interactions=2)

    assert miscounted_engagement(organization=organization) == 2  # the wrong row, and the right one


@pytest.mark.django_db
def test_without_the_trigger_no_engagement_is_counted(
    profile: TrackedProfile, organization: Organization
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table audience_postengagement disable trigger count_on_insert")
    measure(profile, "a", likes=1)

    assert miscounted_engagement(organization=organization) > 0


@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_posts_neither_lock_up_nor_count_twice(
    profile: TrackedProfile, organization: Organization, posts: Source
) -> None:
    other = follow(organization, posts, name="Roast & Rye")
    began = NOW - timedelta(days=20)

    def write(writer: int) -> None:
        try:
            for step in range(12):
                profiles = [profile, other] if writer % 2 else [other, profile]
                store_posts(
                    seen=[
                        SeenPost(
                            profile_id=followed.pk,
                            measured_at=began + timedelta(hours=step * 4 + writer),
                            post=make_post(
                                f"p{n}",
                                age=timedelta(hours=n),
                                engagement=Engagement(likes=step * 4 + writer),
                            ),
                        )
                        for followed in profiles
                        for n in range(20)
                    ]
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))

    assert set(PublishedPost.objects.values_list("likes", flat=True)) == {11 * 4 + 3}
    assert PublishedPost.objects.count() == 2 * 20
    assert PostEngagement.objects.filter(is_first=True).count() == 2 * 20
    assert miscounted_engagement(organization=organization) == 0


@pytest.mark.django_db(transaction=True)
def test_forgetting_a_profile_while_its_posts_arrive_leaves_nothing_behind(
    profile: TrackedProfile, organization: Organization
) -> None:
    def write() -> None:
        try:
            for step in range(15):
                measure(profile, f"p{step % 5}", at=NOW + timedelta(minutes=step), likes=step)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        stop_tracking(profile=TrackedProfile.objects.get(pk=profile.pk))
        writing.result()

    assert PublishedPost.objects.count() == 0
    assert EngagementDay.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("whole", [False, True])
def test_a_deleted_brand_or_business_leaves_no_counts(
    profile: TrackedProfile, organization: Organization, whole: bool
) -> None:
    measure(profile, "a", likes=3)
    measure(profile, "a", at=NOW + timedelta(days=1), likes=5)
    if whole:
        delete_organization(organization=organization)
    else:
        delete_brand(brand=Brand.objects.get(pk=profile.brand_id))

    assert EngagementDay.objects.count() == 0
    assert PostEngagement.objects.count() == 0
