from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.audience.models import AudienceSnapshot
from monitoring.audience.scheduling import posts_interval, profile_interval
from monitoring.audience.services import AlreadyFollowed, follow_profile
from monitoring.audience.tasks import collect, dispatch_due_profiles
from monitoring.listening.collecting.claiming import claim_source
from monitoring.listening.models import BrandKind, Outcome, Source, SourceKind, TrackedProfile
from monitoring.listening.services.brands import create_brand
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.types import ProfileLink
from tests.audience.profile_on_paper import follow, make_profile_source
from tests.audience.test_counting import measure
from tests.listening.platform_of_lists import NOW

pytestmark = pytest.mark.django_db
BLUESKY = ProfileLink(platform="bluesky", handle="halden.example")


def test_what_a_platform_charges_for_is_read_daily(organization: Organization) -> None:
    source = Source.objects.create(
        platform="x", kind=SourceKind.POSTS, query="halden", due_at=NOW, interval=timedelta(hours=1)
    )
    profile = follow(organization, source)
    measure(profile, "young", age=timedelta(hours=1), likes=1)

    assert profile_interval(source) == timedelta(days=1)
    assert posts_interval(source, profile_ids=[profile.pk], now=NOW) == timedelta(days=1)


def test_the_most_demanding_follower_sets_the_pace(
    organization: Organization, strangers_organization: Organization
) -> None:
    source = make_profile_source(SourceKind.PROFILE)
    follow(organization, source, kind=BrandKind.COMPETITOR, name="Rival")
    assert profile_interval(source) == timedelta(days=1)

    follow(strangers_organization, source, kind=BrandKind.OWN)
    assert profile_interval(source) == timedelta(hours=1)


def test_who_joins_an_idle_source_need_not_wait_a_day(organization: Organization, numbers: Source) -> None:
    Source.objects.update(due_at=NOW + timedelta(days=1), outcome=Outcome.COLLECTED)
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    follow_profile(brand=brand, link=BLUESKY)

    assert Source.objects.get(pk=numbers.pk).due_at <= timezone.now()


def test_who_joins_respects_a_platforms_waiting_time(organization: Organization, numbers: Source) -> None:
    later = NOW + timedelta(hours=1)
    Source.objects.update(due_at=later, outcome=Outcome.RATE_LIMITED)
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    follow_profile(brand=brand, link=BLUESKY)

    assert Source.objects.get(pk=numbers.pk).due_at == later


def test_a_profile_is_followed_once_whatever_the_brand(organization: Organization) -> None:
    own = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    other = create_brand(organization=organization, name="Halden Shop", kind=BrandKind.OWN)
    follow_profile(brand=own, link=BLUESKY)

    with pytest.raises(AlreadyFollowed, match="under Halden"):
        follow_profile(brand=other, link=ProfileLink(platform="bluesky", handle="Halden.example"))
    assert TrackedProfile.objects.count() == 1


def test_where_strangers_see_nothing_our_account_looks(organization: Organization) -> None:
    account = ConnectedAccount(organization=organization, platform="x", handle="halden")
    account.credentials = {"bearer_token": "secret"}
    account.save()
    brand = create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)
    follow_profile(brand=brand, link=ProfileLink(platform="x", handle="halden"))

    assert set(Source.objects.values_list("account", flat=True)) == {account.pk}


def test_nobody_is_asked_about_a_profile_that_nobody_follows(numbers: Source, posts: Source) -> None:
    assert dispatch_due_profiles() == 0


def test_a_task_that_comes_too_late_does_nothing(profile: TrackedProfile, numbers: Source) -> None:
    stale = (timezone.now() - timedelta(hours=1)).isoformat()
    claim_source(numbers.pk)
    collect(numbers.pk, stale)

    assert AudienceSnapshot.objects.count() == 0
