"""The page of one mention, and that of its author: what they say is what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from monitoring.audience.storing import SeenPost, store_posts
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import (
    Brand,
    BrandKind,
    Mention,
    MentionEngagement,
    MentionStatus,
    Source,
    SourceKind,
    TrackedProfile,
)
from monitoring.listening.services.keywords import change_keyword, create_keyword
from monitoring.platforms.types import Engagement, Post
from tests.cast import SignIn
from tests.listening.platform_of_lists import NOW, make_post

pytestmark = pytest.mark.django_db
ROOT = "at://did:plc:ada/app.bsky.feed.post/root"
GONE = "at://did:plc:bo/app.bsky.feed.post/gone"


@pytest.fixture
def halden(organization: Organization) -> Brand:
    brand = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)
    create_keyword(brand=brand, query="halden AND -job", by=None)
    return brand


def hear(brand: Brand, *posts: Post, platform: str = "bluesky", source: Source | None = None) -> None:
    found = listeners_for(platform=platform, brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform=platform, source_id=source.pk if source else None, found=found)


def look_at(client: Client, organization: Organization, name: str, *, page: str = "mention") -> str:
    mention = Mention.objects.filter(organization=organization, external_id=name).earliest("pk")
    answer = client.get(reverse(f"listening:{page}", args=[organization.slug, mention.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def in_order(page: str, *texts: str) -> bool:
    places = [page.find(text) for text in texts]
    return -1 not in places and places == sorted(places)


def test_the_conversation_stands_in_order_ours_and_others_and_links_to_what_is_not_stored(
    organization: Organization, halden: Brand, viewer: User, sign_in: SignIn
) -> None:
    hours = timedelta(hours=1)
    hear(
        halden,
        make_post("first", "First: Halden is good", age=9 * hours, thread_id=ROOT, parent_id=ROOT),
        make_post("second", "Second: Halden is bad", age=7 * hours, thread_id=ROOT, parent_id=GONE),
        make_post("third", "Third: Halden again", age=5 * hours, thread_id=ROOT, parent_id="first"),
        make_post("elsewhere", "Halden elsewhere", age=4 * hours, thread_id="another"),
    )
    profile = TrackedProfile.objects.create(
        organization=organization, brand=halden, platform="bluesky", handle="halden", name="Halden Coffee"
    )
    ours = make_post("ours", "Thank you, says the shop", age=6 * hours, parent_id="second")
    store_posts(seen=[SeenPost(profile_id=profile.pk, measured_at=NOW, post=ours)])
    page = look_at(sign_in(viewer), organization, "second")

    thread = page[page.index('<ol class="thread">') : page.index("</ol>")]
    assert in_order(
        thread,
        "did:plc:ada/post/root",
        "First:",
        "did:plc:bo/post/gone",
        "Second:",
        "says the shop",
        "Third:",
    )
    assert "elsewhere" not in thread
    assert "Thank you" not in look_at(sign_in(viewer), organization, "elsewhere")


def test_on_mastodon_a_parent_is_known_by_its_number_on_the_server(
    organization: Organization, halden: Brand, viewer: User, sign_in: SignIn
) -> None:
    server = "https://example.social"
    source = Source.objects.create(
        platform="mastodon",
        server=server,
        kind=SourceKind.SEARCH,
        query="halden",
        due_at=NOW,
        interval=timedelta(hours=1),
    )
    uri = "https://far.example/users/jo/statuses/77"
    first = replace(make_post(uri, "First: Halden is good", age=timedelta(hours=3)), native_id="12")
    answer = make_post("https://x.example/8", "Second: Halden is fine", parent_id=f"{server}/statuses/12")
    hear(halden, first, answer, platform="mastodon", source=source)

    page = look_at(sign_in(viewer), organization, uri)

    assert in_order(page[page.index('<ol class="thread">') :], "First:", "Second:")


def test_why_it_is_here_names_the_keyword_as_it_was_and_the_words_it_found(
    organization: Organization, halden: Brand, viewer: User, sign_in: SignIn
) -> None:
    hear(halden, make_post("one", "HALDEN, #halden and coffee", edited_at=NOW))
    change_keyword(keyword=halden.keywords.get(), query="espresso", by=None, platforms=[])
    page = look_at(sign_in(viewer), organization, "one")

    assert in_order(page, "Why it is here", "It still matches", "halden AND -job", "Until", "but not “job”")
    assert "<mark>HALDEN</mark>" in page
    assert "espresso" not in page


@pytest.mark.parametrize(
    ("text", "stated", "said"),
    [
        ("Der Kaffee von Halden ist wunderbar, danke euch", None, "German 100%"),
        ("Halden ist wunderbar, danke euch allen", "nl", "The platform was believed"),
        ("Halden の コーヒーが とても好きです", "ja", "by its letters"),
        ("Halden", None, "fewer than seven letters"),
    ],
)
def test_how_the_language_was_told_is_said(
    organization: Organization,
    halden: Brand,
    viewer: User,
    sign_in: SignIn,
    text: str,
    stated: str | None,
    said: str,
) -> None:
    hear(halden, make_post("one", text, language=stated))
    page = look_at(sign_in(viewer), organization, "one")

    assert said in " ".join(page.split())
    assert (f"({stated})" in page) is bool(stated)


def test_engagement_over_time_is_drawn_with_its_gaps(
    organization: Organization, halden: Brand, viewer: User, sign_in: SignIn
) -> None:
    hear(halden, make_post("one", "Halden", age=timedelta(days=9), engagement=Engagement(likes=1)))
    client = sign_in(viewer)
    assert "No number has changed" in look_at(client, organization, "one")

    mention = Mention.objects.get()
    for days, likes, views in ((9, 1, None), (8, 5, 70), (2, 9, 300)):
        MentionEngagement.objects.create(
            mention=mention, at=NOW - timedelta(days=days), likes=likes, views=views
        )
    growth = client.get(reverse("listening:mention", args=[organization.slug, mention.pk])).context["growth"]
    assert growth.reactions.data["series"][0]["values"] == [1, 5, None, None, None, None, None, 9]
    assert growth.views.data["series"][0]["values"][:2] == [None, 70]
    assert [row[1] for row in growth.table.rows] == ["9", "5", "1"]


def test_an_authors_page_tells_what_they_said_about_whom_and_when(
    organization: Organization, halden: Brand, marketer: User, stranger: User, sign_in: SignIn
) -> None:
    hear(
        halden,
        make_post("old", "I love Halden", age=timedelta(days=70), author="ada", followers=50),
        make_post("new", "Halden is terrible, I hate it", author="ada", followers=900),
        make_post("other", "Halden", author="bo"),
    )
    mention = Mention.objects.get(external_id="old")
    address = reverse("listening:author", args=[organization.slug, mention.pk])
    client = sign_in(marketer)
    answer = client.get(address)
    author = answer.context["author"]

    assert (author.total.mentions, author.total.positive, author.total.negative) == (2, 1, 1)
    assert author.followers == 900
    assert author.total.first == mention.published_at
    assert [row.mention.external_id for row in answer.context["rows"]] == ["new", "old"]
    assert sum(filter(None, answer.context["tone"].data["series"][0]["values"])) == 1
    assert f"<b>{author.influence.score:.0f}</b>" in answer.content.decode()

    Mention.objects.filter(author_key=mention.author_key).update(status=MentionStatus.MUTED)
    muted = client.get(address)
    assert muted.context["author"].total.mentions == 2
    assert "You muted this author" in muted.content.decode()
    assert sign_in(stranger).get(address).status_code == 404


def test_a_month_that_nobody_looked_at_is_a_gap(
    organization: Organization, halden: Brand, viewer: User, sign_in: SignIn
) -> None:
    Source.objects.filter(subscriptions__keyword__brand=halden).update(
        covered_since=NOW - timedelta(days=1), covered_until=NOW
    )
    hear(halden, make_post("old", "Halden", age=timedelta(days=100)), make_post("new", "Halden"))
    mention = Mention.objects.get(external_id="old")
    client = sign_in(viewer)
    tone = client.get(reverse("listening:author", args=[organization.slug, mention.pk])).context["tone"]

    assert tone.data["covered"][0]
    assert tone.data["covered"][-1]
    assert not all(tone.data["covered"])


def test_an_author_without_a_name_is_somebody(
    halden: Brand, organization: Organization, owner: User, sign_in: SignIn
) -> None:
    """As X answers of a deleted account: links that lead there still say something."""
    post = make_post("at://nobody", "halden is great")
    hear(halden, replace(post, author=replace(post.author, name="", handle="")))
    client = sign_in(owner)
    assert ">Somebody</a>" in look_at(client, organization, "at://nobody")
    lists = client.get(reverse("listening:mentions", args=[organization.slug])).content.decode()
    assert ">Somebody</a>" in lists
