"""The made-up business: exact, reproducible, marked, never polled, and left with one click."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Organization, User
from accounts.setup import instance_is_fresh, renew_setup_link
from monitoring.audience.models import AudienceSnapshot, PublishedPost
from monitoring.audience.rollups import miscounted_engagement
from monitoring.conversions.models import Click, Conversion, Goal
from monitoring.conversions.rollups import miscounted_days
from monitoring.lib.periods import Period
from monitoring.listening.claiming import claim_due_sources
from monitoring.listening.models import Brand, BrandKind, CoverageGap, Mention, Source, SourceKind
from monitoring.listening.refreshing import refresh_mentions
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.selectors.coverage import coverage_gaps
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.registry import CONNECTORS
from smedash.demo.building import build_demo, find_demo
from smedash.demo.calendar import GAP, Timeline, viral_echo
from smedash.demo.entrance import demo_link
from smedash.demo.mentions import Plan, platforms
from tests.cast import SignIn

DAYS, MENTIONS = 60, 700
NOON = datetime(2026, 5, 20, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def make_demo(now: datetime) -> Organization:
    return build_demo(now=now, days=DAYS, mentions=MENTIONS, tell=lambda _sentence: None)


@pytest.fixture
def demo(db: None) -> Organization:
    return make_demo(timezone.now())


def path_of(link: str) -> str:
    return urlsplit(link).path


def run_demo_command() -> str:
    printed = io.StringIO()
    call_command("demo", days=10, mentions=100, processes=1, stdout=printed, stderr=io.StringIO())
    return printed.getvalue().strip()


def test_every_count_of_the_demo_equals_a_recount(demo: Organization) -> None:
    mentions = Mention.objects.filter(organization=demo).count()
    assert 0.7 * MENTIONS < mentions < 1.6 * MENTIONS
    assert miscounted_rows(organization=demo) == 0
    assert miscounted_engagement(organization=demo) == 0
    assert miscounted_days(organization=demo) == 0


def test_the_demo_has_something_of_everything(demo: Organization) -> None:
    of_demo = Mention.objects.filter(organization=demo)
    assert set(of_demo.values_list("platform", flat=True)) == set(CONNECTORS)
    assert {"en", "de", "fr", "es", "it"} <= set(of_demo.values_list("language", flat=True))
    assert set(of_demo.values_list("sentiment", flat=True)) == {-1, 0, 1}
    assert set(of_demo.values_list("brand", flat=True)) == set(
        Brand.objects.filter(organization=demo).values_list("pk", flat=True)
    )
    for model in (AudienceSnapshot, PublishedPost, Conversion, Click, Goal):
        assert model.objects.filter(organization=demo).exists(), model  # type: ignore[attr-defined]
    assert of_demo.latest("published_at").published_at > timezone.now() - timedelta(days=1)


def test_platforms_say_only_what_their_connectors_can_know(demo: Organization) -> None:
    of_demo = Mention.objects.filter(organization=demo)
    silent = of_demo.filter(platform__in=["bluesky", "feeds", "lemmy", "hackernews"])
    assert not silent.exclude(author_followers=None).exists()
    assert not of_demo.exclude(platform="x").exclude(views=None).exists()
    assert not of_demo.filter(platform="feeds").exclude(likes=None).exists()
    assert not of_demo.filter(platform="hackernews", title="").exclude(likes=None).exists()
    assert not of_demo.filter(platform="mastodon", hashtags=[]).exists()


def test_the_same_day_gives_the_same_posts() -> None:
    def said(now: datetime) -> list[object]:
        plan = Plan(Timeline(now, BERLIN, DAYS), MENTIONS)
        return [post for platform in platforms() for age in range(9) for post in plan.posts_of(age, platform)]

    first = said(NOON)
    assert len(first) > 50
    assert first == said(NOON)
    assert first != said(NOON + timedelta(days=1))


def test_nothing_is_said_in_the_future_or_twice() -> None:
    plan = Plan(Timeline(NOON, BERLIN, DAYS), 5_000)
    for platform in platforms():
        posts = [post for age in plan.timeline.ages() for post in plan.posts_of(age, platform)]
        assert max(post.published_at for post in posts) <= NOON
        assert len({post.external_id for post in posts}) == len(posts)


def test_a_viral_post_and_a_weekend_show_in_the_numbers() -> None:
    plan = Plan(Timeline(NOON, BERLIN, 730), 100_000)

    def volume(age: int) -> int:
        return sum(1 for platform in platforms() for _post in plan.posts_of(age, platform))

    viral = next(age for age in range(60) if viral_echo(age) == 1)
    assert volume(viral) > 1.3 * volume(viral + 7)
    sundays = [age for age in range(60, 120) if plan.timeline.day(age).isoweekday() == 7]
    fridays = [age for age in range(60, 120) if plan.timeline.day(age).isoweekday() == 5]
    assert sum(map(volume, sundays)) / len(sundays) < 0.85 * sum(map(volume, fridays)) / len(fridays)


def test_nine_days_of_one_platform_are_unknown_and_empty(demo: Organization) -> None:
    now = timezone.now()
    timeline = Timeline(now, BERLIN, DAYS)
    period = Period(timeline.first, timeline.today, BERLIN)
    gaps = coverage_gaps(brands=Brand.objects.filter(organization=demo), period=period, now=now)
    assert [(gap.platform, gap.first, gap.last) for gap in gaps] == [
        ("x", timeline.day(GAP.begins), timeline.day(GAP.ends))
    ]
    assert (gaps[0].last - gaps[0].first).days + 1 == 9
    lost = Mention.objects.filter(
        organization=demo,
        platform="x",
        published_at__gte=timeline.starts_at(GAP.begins),
        published_at__lt=timeline.starts_at(GAP.ends - 1),
    )
    assert not lost.exists()


def test_no_platform_is_asked_about_the_demo(demo: Organization) -> None:
    Source.objects.update(due_at=timezone.now() - timedelta(days=1))
    assert claim_due_sources(kinds=list(SourceKind)) == []
    assert refresh_mentions() == 0


def test_a_real_business_with_the_same_words_shares_nothing_with_the_demo(
    demo: Organization, organization: Organization
) -> None:
    brand = create_brand(organization=organization, name=demo.brands.earliest("pk").name, kind=BrandKind.OWN)
    for keyword in demo.keywords.all():
        create_keyword(brand=brand, query=keyword.versions.get(replaced_at=None).query, by=None)
    real = Source.objects.filter(subscriptions__organization=organization)
    assert not real.filter(subscriptions__organization=demo).exists()
    assert not real.exclude(covered_until=None).exists()
    claimed = {claim.source_id for claim in claim_due_sources(kinds=[SourceKind.SEARCH])}
    assert claimed == set(real.values_list("pk", flat=True))


def test_the_command_makes_one_demo_however_often_it_is_called(db: None) -> None:
    run_demo_command()
    first, mentions = find_demo(), Mention.objects.count()
    link = run_demo_command()
    assert find_demo() == first
    assert Mention.objects.count() == mentions
    assert Client().get(path_of(link)).headers["Location"] == "/o/halden-coffee/"


def test_an_interrupted_demo_is_made_anew(db: None) -> None:
    run_demo_command()
    Organization.objects.update(setup_step="goal")
    run_demo_command()
    assert Organization.objects.count() == 1
    assert find_demo() is not None


def test_two_processes_write_what_one_writes(transactional_db: None) -> None:
    build_demo(now=NOON, days=130, mentions=300, processes=2, tell=lambda _sentence: None)
    organization = Organization.objects.get()
    ids = set(Mention.objects.values_list("platform", "external_id"))
    plan = Plan(Timeline(NOON, BERLIN, 130), 300)
    said = {
        (platform, post.external_id)
        for platform in platforms()
        for age in plan.timeline.ages()
        for post in plan.posts_of(age, platform)
    }
    assert ids == said
    assert miscounted_rows(organization=organization) == 0


def test_the_link_shows_the_marked_demo_once(demo: Organization, client: Client) -> None:
    link = path_of(demo_link())
    answer = client.get(link, follow=True)
    assert "made-up business" in answer.content.decode()
    assert "Leave the demo" in answer.content.decode()
    assert Client().get(link).status_code == 404


def test_the_visitor_of_the_demo_sees_no_other_business(
    demo: Organization, organization: Organization, client: Client
) -> None:
    client.get(path_of(demo_link()))
    assert client.get(f"/o/{organization.slug}/").status_code == 404
    assert client.get("/start/business/").headers["Location"] == "/"


def test_nobody_comes_to_a_real_business_by_the_link(
    demo: Organization, organization: Organization, client: Client
) -> None:
    Membership.objects.create(organization=organization, user=User.objects.get(is_demo=True), role="viewer")
    assert client.get(path_of(demo_link())).status_code == 404


def test_a_demo_is_no_owner(demo: Organization) -> None:
    assert instance_is_fresh()
    assert Client().get(path_of(renew_setup_link())).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_leaving_deletes_the_demo_and_leads_to_ones_own_business(
    demo: Organization, client: Client, eager_tasks: Celery
) -> None:
    client.get(path_of(demo_link()))
    answer = client.post(f"/o/{demo.slug}/demo/leave/")
    assert client.get(answer.headers["Location"]).status_code == 200
    assert answer.headers["Location"].startswith("/start/")
    for model in (Organization, User, Mention, Source, CoverageGap, Conversion, AudienceSnapshot):
        assert not model.objects.exists(), model  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_leaving_touches_neither_people_nor_real_businesses(
    demo: Organization, organization: Organization, owner: User, client: Client, eager_tasks: Celery
) -> None:
    client.get(path_of(demo_link()))
    assert client.post(f"/o/{demo.slug}/demo/leave/").headers["Location"] == "/"
    assert list(Organization.objects.all()) == [organization]
    assert list(User.objects.all()) == [owner]


def test_a_real_business_cannot_be_left_like_a_demo(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    answer = sign_in(owner).post(f"/o/{organization.slug}/demo/leave/")
    assert answer.headers["Location"] == f"/o/{organization.slug}/"
    assert Organization.objects.filter(pk=organization.pk, memberships__user=owner).exists()
