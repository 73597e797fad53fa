from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organization, SetupStep, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Channel, Kind, Origin
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import Brand, BrandKind, CoverageGap, Source, TrackedProfile
from monitoring.listening.selectors.scores import PARTS
from monitoring.platforms.types import Post
from tests.cast import SignIn
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_post, make_source

pytestmark = pytest.mark.django_db
QUERY_BUDGET = 12


@pytest.fixture
def source(db: None) -> Source:
    long_ago = timezone.now() - timedelta(days=60)
    return make_source(covered_since=long_ago, covered_until=timezone.now())


@pytest.fixture
def brand(organization: Organization, source: Source) -> Brand:
    Organization.objects.update(setup_step=SetupStep.DONE)
    return listen(organization, source, name="Halden Coffee", query="halden")


def store(brand: Brand, posts: list[Post], platform: str = "bluesky") -> None:
    found = listeners_for(platform=platform, brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform=platform, source_id=None, found=found)


def open_page(person: User, organization: Organization, sign_in: SignIn, query: str = "") -> str:
    answer = sign_in(person).get(f"/o/{organization.slug}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_begins_with_the_proof_that_people_speak(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    store(brand, [make_post(f"b{number}", "halden", author=f"a{number % 3}") for number in range(5)])
    store(brand, [make_post("m", "halden", author="somebody")], platform="mastodon")

    page = open_page(viewer, organization, sign_in)
    assert "4 people on 2 platforms spoke about Halden Coffee in 30 days." in page


def test_business_comes_first_where_there_is_any(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    report = Report(
        kind=Kind.ORDER, origin=Origin.COUNTER, idempotency_key="1", heard_of_us_from=Channel.INSTAGRAM
    )
    record_conversion(organization=organization, report=report)

    assert "Social media brought <em>1 order</em>" in open_page(viewer, organization, sign_in)


def test_it_stays_within_its_queries_whatever_the_period(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn, source: Source
) -> None:
    for number in range(3):
        rival = listen(organization, source, name=f"Rival {number}", query="bean")
        Brand.objects.filter(pk=rival.pk).update(kind=BrandKind.COMPETITOR)
    store(
        brand, [make_post(f"p{number}", "halden #coffee", age=timedelta(days=number)) for number in range(40)]
    )
    client = sign_in(viewer)
    client.get(f"/o/{organization.slug}/")  # the rules are asked once, and then every night
    for part, period in itertools.product(("", "more/", "more/people/", "more/market/"), ("7d", "365d")):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/o/{organization.slug}/{part}?period={period}").status_code == 200
        assert len(queries) <= QUERY_BUDGET, part


def test_days_on_which_one_platform_of_several_was_silent_are_hatched_lightly_and_named(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn, source: Source
) -> None:
    now = timezone.now()
    second = make_source(
        "second", platform="mastodon", covered_since=now - timedelta(days=60), covered_until=now
    )
    listen(organization, second, name=brand.name, query="halden")
    CoverageGap.objects.create(
        source=source, began_at=now - timedelta(days=14), ended_at=now - timedelta(days=5)
    )

    for part in ("", "more/"):
        page = open_page(viewer, organization, sign_in, part)
        assert "Lightly hatched: Bluesky not read." in page
        assert page.count('<td class="num">Bluesky</td>') == 8
        assert '"covered": [true' in page
        assert "false" not in page.partition('"covered": [')[2].partition("]")[0]


def test_a_question_that_one_of_our_profiles_replied_to_waits_no_more(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    store(brand, [make_post("asked", "Does halden sell decaf?"), make_post("waits", "Is halden open today?")])
    profile = TrackedProfile.objects.create(
        organization=organization, brand=brand, platform="bluesky", handle="halden.example"
    )
    waiting = "No question waits for an answer."
    assert "sell decaf" in questions_shown(open_page(viewer, organization, sign_in, "more/"))

    for platform, parent, removed_at in (
        ("bluesky", "asked", None),
        ("mastodon", "waits", None),  # of another platform
        ("bluesky", "waits", timezone.now()),  # we took it away again
    ):
        PublishedPost.objects.create(
            organization=organization,
            brand=brand,
            profile=profile,
            platform=platform,
            external_id=f"{platform} {parent}",
            parent_id=parent,
            guessed_kind=PublishedPost.Kind.ANSWER,
            published_at=timezone.now(),
            refreshed_at=timezone.now(),
            removed_at=removed_at,
        )
    shown = questions_shown(open_page(viewer, organization, sign_in, "more/"))
    assert "sell decaf" not in shown
    assert "open today" in shown
    PublishedPost.objects.update(removed_at=None, platform="bluesky")
    assert waiting in questions_shown(open_page(viewer, organization, sign_in, "more/"))


def questions_shown(page: str) -> str:
    return page.partition('id="questions-h"')[2].partition("</section>")[0]


def test_days_that_nobody_could_read_are_a_gap_and_named(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn, source: Source
) -> None:
    Brand.objects.update(created_at=timezone.now() - timedelta(days=90))
    now = timezone.now()
    CoverageGap.objects.create(
        source=source, began_at=now - timedelta(days=14), ended_at=now - timedelta(days=5)
    )

    page = open_page(viewer, organization, sign_in)
    assert "Bluesky could not be read from" in page
    assert '"covered": [true' in page
    assert "false" in page.split('"covered": [')[1].split("]")[0]


def test_a_few_mentions_are_counted_and_not_compared_in_percent(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    store(brand, [make_post("a", "halden")])

    assert "0 in the period before" in open_page(viewer, organization, sign_in)


def test_the_next_steps_are_at_most_three_and_lead_on(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    store(brand, [make_post("a", "halden is terrible, I hate it"), make_post("b", "does halden open today?")])
    page = open_page(viewer, organization, sign_in)
    steps = page.split('class="todo"')[1].split("</ol>")[0]

    assert steps.count("<li>") == 3
    assert "Read 1 unhappy post" in steps
    assert "Set a goal" in steps


def test_a_platform_that_was_never_read_is_said_at_once_and_is_a_step_after_a_day(
    source: Source, brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    due = timezone.now() + timedelta(minutes=5)
    Source.objects.update(covered_since=None, covered_until=None, failures=1, due_at=due)
    page = open_page(viewer, organization, sign_in)
    assert "Could not be read yet: Bluesky. Next try " in page
    assert "Bluesky is not being read" not in page
    assert "We keep listening. What they say will stand here" in page

    Source.objects.update(due_at=timezone.now() - timedelta(minutes=5))  # and no worker is free
    assert "Could not be read yet: Bluesky. Next try now." in open_page(viewer, organization, sign_in)

    Organization.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert "Bluesky is not being read" in open_page(viewer, organization, sign_in)


def test_where_no_keyword_is_nothing_is_said_to_be_listened_for(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    brand.keywords.all().delete()

    assert "Nothing is looked for yet." in open_page(viewer, organization, sign_in)


def test_without_anything_it_says_so(
    viewer: User, brand: Brand, organization: Organization, sign_in: SignIn
) -> None:
    page = open_page(viewer, organization, sign_in, f"?from={date(2001, 1, 1)}&to={date(2001, 1, 31)}")

    assert "Nobody was heard speaking about Halden Coffee in this period yet." in page


def test_a_time_that_nobody_looked_at_is_not_compared_with(
    source: Source, brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    page = open_page(viewer, organization, sign_in)
    assert "0 in the period before" in page

    source.covered_since = timezone.now() - timedelta(days=45)
    source.save()
    page = open_page(viewer, organization, sign_in)
    assert "in the period before" not in page
    assert "we cannot look back further" in page


def test_a_gap_before_the_brand_was_made_is_no_news_wherever_its_day_has_begun(
    source: Source, brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    Source.objects.update(covered_since=None, covered_until=None)
    now = timezone.now()
    # Where the date is not that of UTC.
    elsewhere = "Pacific/Kiritimati" if now.hour >= 10 else "Pacific/Pago_Pago"
    Organization.objects.update(time_zone=elsewhere)
    assert "could not be read" not in open_page(viewer, organization, sign_in)

    Brand.objects.update(created_at=now - timedelta(days=3))
    assert "could not be read" in open_page(viewer, organization, sign_in)


def test_the_rest_follows_by_itself_or_without_javascript_on_request(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    store(brand, [make_post("a", "halden and a #kettle")])
    first = open_page(viewer, organization, sign_in)
    page = open_page(viewer, organization, sign_in, f"more/?brand={brand.pk}")
    asked_for = sign_in(viewer).get(f"/o/{organization.slug}/more/", headers={"HX-Request": "true"})

    assert f"/o/{organization.slug}/more/?brand={brand.pk}" in first
    assert "Latest mentions" not in first
    for whole, text in ((True, page), (False, asked_for.content.decode())):
        assert "Latest mentions" in text
        assert "#kettle" in text
        assert ("<h1>" in text) is whole


def test_the_four_scores_are_counts_while_there_are_few(
    brand: Brand, viewer: User, organization: Organization, sign_in: SignIn
) -> None:
    store(brand, [make_post(f"b{number}", "I love halden", author=f"a{number % 3}") for number in range(5)])
    page = open_page(viewer, organization, sign_in, "more/people/")
    assert "2 of 3" in page  # passion: two of three people spoke more than once
    assert "3 people, 5 mentions" in page
    assert "Of the hours we looked at, those in which somebody spoke." in page

    store(brand, [make_post(f"c{number}", "I love halden", author=f"c{number}") for number in range(30)])
    page = open_page(viewer, organization, sign_in, "more/people/")
    assert "94%" in page  # 33 people, 35 mentions
    table = page.partition("The four scores over time</caption>")[2].partition("</table>")[0]
    assert table.count("<tr>") == 1 + PARTS
    assert table.count(">94%<") == 1  # all of it lies in the latest part
