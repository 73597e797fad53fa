"""The made-up business: exact, reproducible, believable, never polled."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.models import Organization, SetupStep, User
from monitoring.audience.models import AudienceSnapshot, PublishedPost
from monitoring.audience.rollups import miscounted_engagement
from monitoring.conversions.crediting.days import miscredited_days
from monitoring.conversions.models import (
    Campaign,
    Click,
    Conversion,
    CreditDue,
    Goal,
    Spend,
    TimeSpent,
    Touch,
    TrackedLink,
    Visit,
)
from monitoring.conversions.rollups import miscounted_days
from monitoring.lib.periods import Period
from monitoring.listening.collecting.claiming import claim_due_sources
from monitoring.listening.collecting.refreshing import refresh_mentions
from monitoring.listening.models import (
    Brand,
    BrandKind,
    BulkChange,
    LabelSample,
    Mention,
    MentionStatus,
    MutedAuthor,
    RankedAuthor,
    SavedView,
    SentimentLabel,
    Source,
    SourceKind,
    Tag,
)
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.selectors.coverage import read_coverage
from monitoring.listening.selectors.filtering import filter_mentions
from monitoring.listening.selectors.saved_views import read_choice
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.registry import CONNECTORS
from smedash.demo.building import build_demo, find_demo, remove_demos
from smedash.demo.calendar import GAP, Timeline, viral_echo
from smedash.demo.mentions import Plan, platforms

DAYS, MENTIONS = 60, 700
NOON = datetime(2026, 5, 20, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Organization]:
    """Made once: what a test changes of it is rolled back."""
    with django_db_blocker.unblock():
        yield build_demo(now=timezone.now(), days=DAYS, mentions=MENTIONS, tell=lambda _sentence: None)
        remove_demos()
        User.objects.filter(is_demo=True).delete()


@pytest.fixture
def demo(db: None, built: Organization) -> Organization:
    return built


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
    for model in (
        AudienceSnapshot,
        PublishedPost,
        Conversion,
        Click,
        Goal,
        Visit,
        Spend,
        TimeSpent,
        Campaign,
        Touch,
    ):
        assert model.objects.filter(organization=demo).exists(), model
    assert of_demo.latest("published_at").published_at > timezone.now() - timedelta(days=1)


def test_its_people_have_sorted_what_was_said(demo: Organization) -> None:
    """So that every page has something to show, before any of beat's tasks has run."""
    of_demo = Mention.objects.filter(organization=demo)
    for model in (Tag, MutedAuthor, BulkChange, RankedAuthor):
        assert model.objects.filter(organization=demo).exists(), model
    assert {MentionStatus.ARCHIVED, MentionStatus.NOT_ABOUT_US, MentionStatus.MUTED} <= set(
        of_demo.values_list("status", flat=True)
    )
    assert of_demo.exclude(tags=[]).exists()
    assert of_demo.exclude(corrected_sentiment=None).exists()
    sample = LabelSample.objects.get(organization=demo)
    labels = SentimentLabel.objects.filter(sample=sample)
    assert labels.count() == len(sample.mention_ids)
    assert labels.filter(said=F("machine")).count() > labels.count() / 2
    views = SavedView.objects.filter(organization=demo)
    assert sorted(view.is_shared for view in views) == [False, True]
    for view in views:
        assert filter_mentions(brand=view.brand, wanted=read_choice(view).wanted).exists(), view.name


def test_the_demo_credits_its_orders_and_takes_some_back(demo: Organization) -> None:
    orders = Conversion.objects.filter(organization=demo, kind="order")
    assert set(orders.exclude(currency="").values_list("currency", flat=True)) == {"EUR", "CHF"}
    assert orders.filter(reverses__isnull=False).exists()
    assert orders.filter(touches_due_at__isnull=False).count() == 0
    assert TrackedLink.objects.filter(organization=demo).exclude(post=None).exists()
    assert not CreditDue.objects.filter(organization_id=demo.pk).exists()
    assert miscredited_days(organization_id=demo.pk) == 0


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
    gaps = read_coverage(brands=Brand.objects.filter(organization=demo), now=now).gaps(period)
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


def test_the_command_makes_one_demo_however_often_it_is_called(demo: Organization) -> None:
    run_demo_command()
    assert find_demo() == demo
    first, mentions = find_demo(), Mention.objects.count()
    assert "/demo/" in run_demo_command()
    assert find_demo() == first
    assert Mention.objects.count() == mentions


def test_an_interrupted_demo_is_made_anew(demo: Organization) -> None:
    Organization.objects.update(setup_step=SetupStep.GOAL)
    run_demo_command()
    found = find_demo()
    assert found is not None
    assert found != demo
    assert list(Organization.objects.all()) == [found]


def test_two_processes_write_what_one_writes(transactional_db: None) -> None:
    organization = build_demo(now=NOON, days=60, mentions=300, processes=2, tell=lambda _sentence: None)
    mentions = Mention.objects.filter(organization=organization)
    ids = set(mentions.values_list("platform", "external_id"))
    plan = Plan(Timeline(NOON, BERLIN, 60), 300)
    said = {
        (platform, post.external_id)
        for platform in platforms()
        for age in plan.timeline.ages()
        for post in plan.posts_of(age, platform)
    }
    assert ids == said
    assert miscounted_rows(organization=organization) == 0


def test_the_pace_of_its_goal_is_that_of_a_business_that_has_been_here(demo: Organization) -> None:
    assert demo.created_at < timezone.now() - timedelta(days=1)
