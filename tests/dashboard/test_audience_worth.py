"""The second half of the audience page: what platforms, posts and followers are worth."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.audience.storing import Reading, store_snapshots
from monitoring.conversions.clicks.storing import FollowedLink, store_clicks
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import Campaign, Channel, Kind, Origin
from monitoring.conversions.services.costs import boost, record_spend
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.conversions.services.time_spent import Place, record_time
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import Brand, BrandKind, TrackedProfile
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.keywords import create_keyword
from monitoring.platforms.types import Profile, ProfileLink
from tests.cast import SignIn
from tests.listening.platform_of_lists import make_post

pytestmark = pytest.mark.django_db
NOW = timezone.now().astimezone(ZoneInfo("Europe/Berlin"))  # the clock of the organization
TODAY = NOW.date()


@pytest.fixture
def brand(organization: Organization) -> Brand:
    return create_brand(organization=organization, name="Halden", kind=BrandKind.OWN)


@pytest.fixture
def profile(brand: Brand) -> TrackedProfile:
    return track_profile(brand=brand, link=ProfileLink(platform="bluesky", handle="halden.example.com"))


@pytest.fixture
def post(organization: Organization, profile: TrackedProfile) -> PublishedPost:
    return PublishedPost.objects.create(
        organization=organization,
        brand=profile.brand,
        profile=profile,
        platform="bluesky",
        external_id="1",
        text="=The autumn blend <is> here",
        guessed_kind=PublishedPost.Kind.OFFER,
        published_at=NOW - timedelta(days=5),
        refreshed_at=NOW,
        likes=7,
    )


@pytest.fixture
def client(viewer: User, sign_in: SignIn) -> Client:
    return sign_in(viewer)


@pytest.fixture
def address(organization: Organization) -> str:
    return f"/o/{organization.slug}/audience/"


def sell(
    organization: Organization, channel: Channel, orders: int, post: PublishedPost | None = None
) -> None:
    """Orders, each after a click on a link."""
    link = create_link(
        organization=organization,
        target="https://example.com/",
        label=channel.value,
        channel=channel,
        post=post,
    )
    clicks = [
        FollowedLink(
            click_id=uuid4(),
            link_id=link.pk,
            clicked_at=NOW - timedelta(days=2, minutes=number),
            visitor=f"{channel} {number}",
            is_bot=False,
        )
        for number in range(orders)
    ]
    store_clicks(clicks)
    for click in clicks:
        report = Report(
            kind=Kind.ORDER,
            origin=Origin.SITE,
            idempotency_key=click.click_id.hex,
            occurred_at=NOW - timedelta(days=1),
            amount=Decimal(10),
            currency="EUR",
            evidence=Evidence(click_ids=(click.click_id.hex,)),
        )
        record_conversion(organization=organization, report=report)
    find_touches(now=timezone.now() + timedelta(minutes=2))
    credit_due_days(seconds=10)


def work(organization: Organization, channel: Channel, minutes: int) -> None:
    place = Place(channel=channel)
    record_time(organization=organization, minutes=minutes, day=TODAY - timedelta(days=2), place=place)


def read(profile: TrackedProfile, followers: int, days_ago: int) -> None:
    said = Profile(external_id="h", handle="h", followers=followers)
    taken_at = NOW - timedelta(days=days_ago)  # by that clock: an hour may have been put in between
    store_snapshots(readings=[Reading(profile_id=profile.pk, taken_at=taken_at, profile=said)])


def part(client: Client, address: str, name: str) -> str:
    """What one card says."""
    answer = client.get(f"{address}more/")
    assert answer.status_code == 200
    section = BeautifulSoup(answer.content, "html.parser").select_one(f"section#{name}")
    assert section is not None
    return section.get_text(" ", strip=True)


def test_the_platform_that_brings_most_for_an_hour_is_named(
    client: Client, address: str, organization: Organization
) -> None:
    sell(organization, Channel.BLUESKY, 24)
    sell(organization, Channel.INSTAGRAM, 3)
    work(organization, Channel.BLUESKY, 120)
    work(organization, Channel.INSTAGRAM, 180)

    told = part(client, address, "worth")
    assert "Bluesky deserves your hour: it brings most, 12 an hour" in told
    assert "€240" in told
    # No profile of ours is followed there: how many posts is unknown, not zero.
    assert told.index("Bluesky – before: –") < told.index("Instagram – before: –")


def test_rates_that_chance_could_swap_name_no_winner(
    client: Client, address: str, organization: Organization
) -> None:
    sell(organization, Channel.BLUESKY, 12)
    sell(organization, Channel.INSTAGRAM, 10)
    for channel in (Channel.BLUESKY, Channel.INSTAGRAM):
        work(organization, channel, 120)

    assert "Bluesky and Instagram bring about as much for an hour" in part(client, address, "worth")


def test_with_little_work_it_is_too_early_to_say(
    client: Client, address: str, organization: Organization
) -> None:
    sell(organization, Channel.BLUESKY, 3)
    work(organization, Channel.BLUESKY, 119)
    work(organization, Channel.INSTAGRAM, 500)
    record_time(organization=organization, minutes=7, day=TODAY - timedelta(days=2))

    told = part(client, address, "worth")
    assert "Too early to say which platform deserves your hour" in told
    assert "too early" in told
    assert "7 minutes name no platform" in told


def test_posts_are_ranked_by_what_their_links_brought(
    client: Client, address: str, organization: Organization, post: PublishedPost
) -> None:
    sell(organization, Channel.BLUESKY, 2, post)
    sell(organization, Channel.MAIL, 1)

    told = part(client, address, "brought")
    assert "Orders: 2 by the links in your posts" in told
    assert "No post is credited with 1." in told
    page = client.get(f"{address}more/").content.decode()
    assert f"/brought/post/{post.pk}/" in page
    assert "=The autumn blend &lt;is&gt; here" in page


def test_people_heard_are_counted_once_and_set_beside_followers(
    client: Client, address: str, brand: Brand, profile: TrackedProfile
) -> None:
    create_keyword(brand=brand, query="halden", by=None)
    posts = [
        make_post(f"m{number}", "halden", author=f"a{number % 3}", age=timedelta(days=100 * number))
        for number in range(5)
    ]
    lock_brands([brand.pk])
    found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
    store_mentions(platform="bluesky", source_id=None, found=found)
    read(profile, 60, days_ago=0)

    told = part(client, address, "quality")
    assert "Most are heard on Bluesky: 5 people for each 100 followers" in told
    assert "60 3 5.0%" in told


def test_who_stayed_is_measured_thirty_days_after_a_promotion(
    client: Client, address: str, organization: Organization, profile: TrackedProfile, post: PublishedPost
) -> None:
    days = {"starts_on": TODAY - timedelta(days=60), "ends_on": TODAY - timedelta(days=51)}
    Campaign.objects.create(organization=organization, name="Autumn", slug="autumn", **days)
    running = {"starts_on": TODAY - timedelta(days=1), "slug": "now"}
    Campaign.objects.create(organization=organization, name="Going on", **running)
    lately = boost(post=post, a_day=Decimal(5), currency="EUR", first_day=TODAY - timedelta(days=10), days=3)
    record_spend(organization=organization, expense=lately, idempotency_key="lately")
    unread = boost(post=post, a_day=Decimal(5), currency="EUR", first_day=TODAY - timedelta(days=200), days=3)
    record_spend(organization=organization, expense=unread, idempotency_key="unread")
    for followers, days_ago in ((100, 61), (140, 51), (130, 21), (150, 11), (155, 8)):
        read(profile, followers, days_ago)

    page = BeautifulSoup(client.get(f"{address}more/").content, "html.parser")
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("td")[1:]]
        for row in page.select("#stayed tbody tr")
    ]
    assert rows == [
        ["still running"],
        ["150", "155 +5", "too early", "–"],
        ["100", "140 +40", "130 +30", "75%"],
        ["not measured"],
    ]


def test_languages_and_hours_are_those_who_speak(
    client: Client, address: str, brand: Brand, profile: TrackedProfile
) -> None:
    create_keyword(brand=brand, query="halden", by=None)
    text = "Halden has the best coffee in town and I love to sit there every morning"
    posts = [make_post(f"m{number}", text, age=timedelta(minutes=number)) for number in range(40)]
    lock_brands([brand.pk])
    found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
    store_mentions(platform="bluesky", source_id=None, found=found)

    told = part(client, address, "people")
    assert "Most speak about you from" in told
    assert "English 100%" in told
    assert "coffee 40" in part(client, address, "words-hours")
    table = told.partition("Bluesky")[2]
    assert "coffee" in table
    assert "halden" not in table.lower()  # our own name tells nothing
    assert "too early" not in table


def test_without_anything_every_card_says_what_is_missing(client: Client, address: str) -> None:
    page = client.get(f"{address}more/").content.decode()
    assert "Too early to say which platform deserves your hour" in page
    assert "No post of yours is credited with anything yet" in page
    assert "Follow a profile of your own first." in page
    assert "No campaign or boost in the last 12 months." in page
    assert "Too early to say who is here" in page


def test_it_is_a_part_for_htmx_and_a_page_without(client: Client, address: str) -> None:
    whole, fragment = (
        client.get(f"{address}more/"),
        client.get(f"{address}more/", headers={"HX-Request": "true"}),
    )
    assert b"<!doctype html>" in whole.content
    assert b"<!doctype html>" not in fragment.content
    assert "HX-Request" in whole.headers["Vary"]


def test_the_audience_page_leads_there_with_its_period(
    client: Client, address: str, post: PublishedPost
) -> None:
    page = client.get(f"{address}?period=90d").content.decode()
    assert f'hx-get="{address}more/?period=90d"' in page
    assert f"{address}export.csv?period=90d" in page
    assert f"{address}export.xlsx?period=90d&amp;of=posts" in page


def test_followers_are_taken_away_day_by_day_with_gaps_left_empty(
    client: Client, address: str, profile: TrackedProfile
) -> None:
    read(profile, 100, days_ago=3)
    read(profile, 104, days_ago=2)
    read(profile, 109, days_ago=0)
    answer = client.get(f"{address}export.csv?period=7d")
    lines = b"".join(answer).decode().splitlines()
    said = [line.split(",")[4:] for line in lines[1:]]

    assert lines[0].endswith("Profile,Platform,Whose,Day,Followers,Change")
    assert len(said) == 7
    assert [cells for cells in said if cells[0]] == [["100", ""], ["104", "4"], ["109", ""]]


def test_posts_are_taken_away_with_what_they_brought(
    client: Client, address: str, organization: Organization, post: PublishedPost
) -> None:
    sell(organization, Channel.BLUESKY, 2, post)
    lines = b"".join(client.get(f"{address}export.csv?of=posts")).decode().splitlines()
    assert "'=The autumn blend <is> here" in lines[1]
    assert ",Offer,7," in lines[1]
    assert lines[1].endswith(",7,2,2.000000,20.0000")

    answer = client.get(f"{address}export.xlsx?of=posts")
    with ZipFile(BytesIO(b"".join(answer))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "=The autumn blend &lt;is&gt; here" in sheet
    assert "<f>" not in sheet


@pytest.mark.parametrize("query", ["?from=9999-12-31&to=1", "?period=zz&of=%00", "?from=2026-02-30&to=x"])
def test_what_nobody_should_send_shows_the_usual_view(client: Client, address: str, query: str) -> None:
    assert client.get(f"{address}more/{query}").status_code == 200
    assert client.get(f"{address}export.csv{query}").status_code == 200
    assert client.get(f"{address}export.pdf{query}").status_code == 404


def test_strangers_find_nothing(address: str, stranger: User, sign_in: SignIn) -> None:
    for page in ("more/", "export.csv", "export.xlsx?of=posts"):
        assert sign_in(stranger).get(address + page).status_code == 404
