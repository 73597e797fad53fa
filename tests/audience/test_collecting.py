from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from accounts.models import Organization
from monitoring.audience.collecting import collect_profile
from monitoring.audience.models import AudienceSnapshot, PostEngagement, PublishedPost
from monitoring.audience.rollups import miscounted_engagement
from monitoring.listening.collecting.claiming import Claim, claim_source
from monitoring.listening.collecting.running import ClaimLost
from monitoring.listening.models import (
    BrandKind,
    CollectionRun,
    CoverageGap,
    Outcome,
    Source,
    TrackedProfile,
)
from monitoring.listening.services.brands import stop_tracking
from monitoring.platforms.errors import AccessDenied, ConnectorError, NotFound, RateLimited, Unavailable
from monitoring.platforms.types import Post, Profile
from tests.audience.profile_on_paper import ProfileOnPaper, follow
from tests.listening.platform_of_lists import NOW, make_post

pytestmark = pytest.mark.django_db


def days(number: float) -> timedelta:
    return timedelta(days=number)


def timeline(count: int, *, every: timedelta = timedelta(days=2)) -> list[Post]:
    return [make_post(f"p{number}", age=every * number + timedelta(hours=1)) for number in range(count)]


def stored_names(profile: TrackedProfile) -> set[str]:
    kept = PublishedPost.objects.filter(profile=profile, removed_at=None)
    return set(kept.values_list("external_id", flat=True))


def wait_of(source: Source) -> timedelta:
    source.refresh_from_db()
    return source.due_at - timezone.now()


def test_a_reading_becomes_a_snapshot_and_names_the_profile(profile: TrackedProfile, numbers: Source) -> None:
    assert ProfileOnPaper().collect(numbers) == Outcome.COLLECTED
    snapshot = AudienceSnapshot.objects.get()
    profile.refresh_from_db()

    assert (snapshot.followers, snapshot.following, snapshot.posts) == (120, 30, 8)
    assert (profile.external_id, profile.name) == ("did:halden", "Halden Coffee")
    assert profile.url == "https://example.com/halden"


def test_reading_twice_within_an_hour_is_one_snapshot(profile: TrackedProfile, numbers: Source) -> None:
    began = timezone.now()
    for _attempt in range(2):
        ProfileOnPaper().collect(numbers)

    hours_apart = timezone.now().hour != began.hour
    assert AudienceSnapshot.objects.count() == (2 if hours_apart else 1)


def test_a_platform_that_says_no_number_leaves_no_snapshot(profile: TrackedProfile, numbers: Source) -> None:
    silent = Profile(external_id="halden", handle="halden.example")

    assert ProfileOnPaper(profile=silent).collect(numbers) == Outcome.COLLECTED
    assert AudienceSnapshot.objects.count() == 0


def test_an_address_that_is_no_web_page_is_not_kept(profile: TrackedProfile, numbers: Source) -> None:
    odd = Profile(external_id="h", handle="h", url="javascript:alert(1)", name="x" * 900, followers=1)
    ProfileOnPaper(profile=odd).collect(numbers)
    profile.refresh_from_db()

    assert (profile.url, profile.name) == ("", "x" * 300)


def test_two_organizations_share_one_request(
    profile: TrackedProfile, numbers: Source, posts: Source, strangers_organization: Organization
) -> None:
    competitor = {"kind": BrandKind.COMPETITOR, "name": "The one across the street"}
    follow(strangers_organization, numbers, **competitor)  # type: ignore[arg-type]
    theirs = follow(strangers_organization, posts, **competitor)  # type: ignore[arg-type]
    platform = ProfileOnPaper(posts=timeline(2))
    platform.collect(numbers)
    platform.collect(posts)

    assert len(platform.requests) == 2
    assert AudienceSnapshot.objects.filter(followers=120).count() == 2
    assert stored_names(profile) == stored_names(theirs) == {"p0", "p1"}
    assert set(PublishedPost.objects.values_list("organization", flat=True)) == {
        profile.organization_id,
        strangers_organization.pk,
    }


def test_who_leaves_gets_nothing_more_and_the_other_goes_on(
    profile: TrackedProfile, posts: Source, strangers_organization: Organization
) -> None:
    theirs = follow(strangers_organization, posts)
    platform = ProfileOnPaper(posts=timeline(1))
    platform.collect(posts)
    stop_tracking(profile=theirs)
    platform.posts = [make_post("new", age=timedelta(0)), *platform.posts]
    platform.collect(posts)

    assert stored_names(profile) == {"p0", "new"}
    assert not PublishedPost.objects.filter(organization=strangers_organization).exists()


def test_who_joins_late_gets_the_same_past(
    profile: TrackedProfile, posts: Source, strangers_organization: Organization
) -> None:
    platform = ProfileOnPaper(posts=timeline(12))
    platform.collect(posts)
    theirs = follow(strangers_organization, posts)
    platform.collect(posts)

    assert stored_names(theirs) == stored_names(profile) == {f"p{number}" for number in range(12)}


def test_our_own_profile_is_read_hourly_and_a_competitors_daily(
    profile: TrackedProfile, numbers: Source, organization: Organization, strangers_organization: Organization
) -> None:
    ProfileOnPaper().collect(numbers)
    assert timedelta(minutes=59) < wait_of(numbers) <= timedelta(hours=1)

    follow(strangers_organization, numbers, kind=BrandKind.COMPETITOR, name="Halden")
    stop_tracking(profile=profile)
    ProfileOnPaper().collect(numbers)
    assert timedelta(hours=23) < wait_of(numbers) <= timedelta(days=1)


@pytest.mark.parametrize(("age", "hours"), [(days(2), 1), (days(4), 6), (days(29), 6), (days(31), 24)])
def test_posts_are_measured_often_while_one_is_young(
    profile: TrackedProfile, posts: Source, age: timedelta, hours: int
) -> None:
    ProfileOnPaper(posts=[make_post("a", age=age)]).collect(posts)

    assert abs(wait_of(posts) - timedelta(hours=hours)) < timedelta(minutes=1)


def test_a_profile_without_posts_is_looked_at_daily(profile: TrackedProfile, posts: Source) -> None:
    assert ProfileOnPaper().collect(posts) == Outcome.NOTHING_NEW
    assert timedelta(hours=23) < wait_of(posts) <= timedelta(days=1)


def test_the_first_run_lists_a_month_and_a_later_one_a_week(profile: TrackedProfile, posts: Source) -> None:
    platform = ProfileOnPaper(posts=timeline(40))
    platform.collect(posts)
    assert "p14" in stored_names(profile)
    assert "p20" not in stored_names(profile)

    platform.requests.clear()
    platform.collect(posts)
    assert (
        len(platform.requests) == 3
    )  # p4 is more than a week old; with two a page, the third page has only such


def test_a_silence_of_weeks_is_made_up_for(profile: TrackedProfile, posts: Source) -> None:
    platform = ProfileOnPaper(posts=timeline(9))
    platform.collect(posts)
    long_ago = timezone.now() - days(20)
    Source.objects.update(covered_until=long_ago, watermark=long_ago)
    PublishedPost.objects.filter(external_id="p8").delete()
    platform.collect(posts)

    assert "p8" in stored_names(profile)
    assert CoverageGap.objects.get().began_at == long_ago  # what was gained meanwhile, and when, nobody knows


def test_a_regular_rhythm_leaves_no_gap(profile: TrackedProfile, numbers: Source, posts: Source) -> None:
    for source in (numbers, posts):
        for _run in range(2):
            ProfileOnPaper(posts=timeline(1)).collect(source)
            Source.objects.update(covered_until=timezone.now() - days(1))

    assert CoverageGap.objects.count() == 0


def test_counts_are_measured_again(profile: TrackedProfile, posts: Source) -> None:
    ProfileOnPaper(posts=[make_post("a")]).collect(posts)
    PublishedPost.objects.update(likes=0)
    ProfileOnPaper(posts=[make_post("a")]).collect(posts)

    assert PublishedPost.objects.get().likes == 1
    assert PostEngagement.objects.count() == 2


def test_a_post_missing_from_a_complete_listing_is_marked_removed(
    profile: TrackedProfile, posts: Source
) -> None:
    platform = ProfileOnPaper(posts=timeline(4))
    platform.collect(posts)
    platform.posts = [post for post in platform.posts if post.external_id != "p1"]
    platform.collect(posts)

    assert PublishedPost.objects.get(external_id="p1").removed_at is not None
    assert stored_names(profile) == {"p0", "p2", "p3"}


def test_a_post_beyond_the_listing_is_not_taken_for_removed(profile: TrackedProfile, posts: Source) -> None:
    platform = ProfileOnPaper(posts=timeline(14))
    platform.collect(posts)
    platform.collect(posts)

    assert len(stored_names(profile)) == 14


def test_a_pinned_post_removes_nothing(profile: TrackedProfile, posts: Source) -> None:
    platform = ProfileOnPaper(posts=timeline(14))
    platform.collect(posts)
    platform.posts = [platform.posts[13], *platform.posts[:13]]
    platform.collect(posts)

    assert len(stored_names(profile)) == 14


def test_a_listing_in_no_order_removes_nothing(profile: TrackedProfile, posts: Source) -> None:
    platform = ProfileOnPaper(posts=timeline(4), page_size=9)
    platform.collect(posts)
    newest, _gone, *older = platform.posts
    platform.posts = [newest, *reversed(older)]
    platform.collect(posts)

    assert len(stored_names(profile)) == 4


def test_a_listing_cut_short_removes_nothing(profile: TrackedProfile, posts: Source) -> None:
    platform = ProfileOnPaper(posts=timeline(4))
    platform.collect(posts)
    platform.posts = ()
    platform.collect(posts)

    assert len(stored_names(profile)) == 4


def test_a_listing_that_failed_midway_goes_on_at_its_last_page(
    profile: TrackedProfile, posts: Source
) -> None:
    platform = ProfileOnPaper(posts=timeline(6))

    def fail_on_the_third_page(handle: str, cursor: str | None) -> None:
        platform.requests.append((handle, cursor))
        if cursor == "4":
            raise Unavailable("No answer.")

    platform.note = fail_on_the_third_page  # type: ignore[method-assign]
    platform.collect(posts)
    posts.refresh_from_db()
    assert (posts.cursor, posts.watermark) == ("4", None)

    recovered = ProfileOnPaper(posts=timeline(6))
    recovered.collect(posts)
    posts.refresh_from_db()
    assert recovered.requests == [("halden.example", "4")]
    assert stored_names(profile) == {f"p{number}" for number in range(6)}
    assert (posts.cursor, posts.next_watermark) == (None, None)


@pytest.mark.parametrize(
    ("error", "outcome", "wait"),
    [
        (RateLimited("Slow down.", timedelta(minutes=7)), Outcome.RATE_LIMITED, timedelta(minutes=7)),
        (Unavailable("No answer."), Outcome.UNREACHABLE, timedelta(minutes=1)),
        (AccessDenied("Refused."), Outcome.REFUSED, timedelta(days=1)),
        (NotFound("Gone."), Outcome.GONE, timedelta(days=1)),
    ],
)
def test_an_error_is_written_down_and_sets_when_to_come_back(
    profile: TrackedProfile, numbers: Source, error: ConnectorError, outcome: Outcome, wait: timedelta
) -> None:
    assert ProfileOnPaper(errors=[error]).collect(numbers) == outcome
    assert abs(wait_of(numbers) - wait) < timedelta(seconds=30)
    assert (numbers.error, numbers.covered_until) == (str(error), None)
    assert CollectionRun.objects.get().outcome == outcome


def test_who_lost_the_claim_writes_nothing(profile: TrackedProfile, numbers: Source) -> None:
    stale = Claim(numbers.pk, timezone.now() - timedelta(hours=1))
    claim_source(numbers.pk)

    with pytest.raises(ClaimLost):
        collect_profile(stale, open_=ProfileOnPaper().open)
    assert AudienceSnapshot.objects.count() == 0


class Interruption(BaseException):
    """The process dies here."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["numbers", "posts"])
def test_dying_between_any_two_statements_loses_nothing_and_repeats_nothing(
    profile: TrackedProfile, numbers: Source, posts: Source, organization: Organization, kind: str
) -> None:
    source = numbers if kind == "numbers" else posts
    began, deaths = timezone.now(), 0
    for statement in range(1, 1000):
        Source.objects.update(lease_until=None, due_at=NOW)
        executed = 0

        def die(execute: object, sql: str, params: object, many: bool, context: object) -> object:
            nonlocal executed
            executed += 1
            if executed == statement:  # noqa: B023 - called within this round only
                raise Interruption
            return execute(sql, params, many, context)  # type: ignore[operator]

        try:
            with connections[DEFAULT_DB_ALIAS].execute_wrapper(die):
                ProfileOnPaper(posts=timeline(6)).collect(source)
        except Interruption:
            deaths += 1
            continue
        break

    assert deaths > 10
    assert miscounted_engagement(organization=organization) == 0
    if kind == "posts":
        assert stored_names(profile) == {f"p{number}" for number in range(6)}
        assert PostEngagement.objects.count() == 6
    else:
        assert AudienceSnapshot.objects.count() == 1 + (timezone.now().hour - began.hour) % 24
