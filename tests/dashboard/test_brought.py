"""What a mention that was answered, or a post of ours, brought."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Conversion
from monitoring.listening.models import Brand, BrandKind, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.brands import track_profile
from monitoring.platforms.types import ProfileLink
from tests.answered_mention import order_after_answer
from tests.cast import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def mention(organization: Organization) -> Mention:
    brand = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)
    return Mention.objects.create(
        organization=organization,
        brand=brand,
        platform="bluesky",
        external_id="1",
        text="Is Halden open on Sunday?",
        published_at=timezone.now() - timedelta(days=6),
        collected_at=timezone.now(),
        author_key="bluesky:lena",
        author_name="Lena",
        language="en",
        sentiment=Tone.NEUTRAL,
        sentiment_confidence=0.5,
    )


@pytest.fixture
def post(organization: Organization, mention: Mention) -> PublishedPost:
    link = ProfileLink(platform="bluesky", handle="halden.example.com")
    return PublishedPost.objects.create(
        organization=organization,
        brand=mention.brand,
        profile=track_profile(brand=mention.brand, link=link),
        platform="bluesky",
        external_id="2",
        text="The autumn blend is here",
        guessed_kind=PublishedPost.Kind.PRODUCT,
        published_at=timezone.now() - timedelta(days=5),
        refreshed_at=timezone.now(),
    )


@pytest.fixture
def order(organization: Organization, mention: Mention, post: PublishedPost) -> Conversion:
    return order_after_answer(organization, mention=mention, post=post, now=timezone.now())


@pytest.fixture
def client(viewer: User, sign_in: SignIn) -> Client:
    return sign_in(viewer)


def page_of(client: Client, organization: Organization, what: str, pk: int) -> BeautifulSoup:
    answer = client.get(reverse(f"dashboard:brought_by_{what}", args=[organization.slug, pk]))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def credited(page: BeautifulSoup) -> list[str]:
    table = page.select("section[aria-labelledby=credited-title] tbody td.num")
    return [cell.get_text(" ", strip=True) for cell in table]


def test_a_mention_is_credited_with_its_links_share(
    client: Client, organization: Organization, mention: Mention, order: Conversion
) -> None:
    page = page_of(client, organization, "mention", mention.pk)
    assert "What answering Lena brought" in page.get_text()
    assert "1 visit by its links" in page.get_text()
    # Of 25.01 less 5: the first touch was the answer, the last the post.
    assert credited(page) == ["1 €20.01", "0", "0.5 €10", "0.45 €9.04"]
    chain = reverse("conversions:conversion", args=[organization.slug, order.pk])
    assert page.select_one(f'a[href="{chain}"]') is not None


def test_a_post_is_credited_with_the_rest(
    client: Client, organization: Organization, post: PublishedPost, order: Conversion
) -> None:
    page = page_of(client, organization, "post", post.pk)
    assert "The autumn blend is here" in page.get_text()
    assert credited(page) == ["0", "1 €20.01", "0.5 €10.01", "0.55 €10.97"]


def test_its_figures_lead_to_the_parts_they_count(
    client: Client, organization: Organization, mention: Mention, post: PublishedPost, order: Conversion
) -> None:
    for what, item, name in (
        ("mention", mention, "Answering Lena"),
        ("post", post, "The autumn blend is here"),
    ):
        page = page_of(client, organization, what, item.pk)
        links = page.select("section[aria-labelledby=credited-title] td a")
        assert len(links) == 4
        for link in links:
            parts = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
            title = parts.select_one("#parts-title")
            assert title is not None
            said = " ".join(title.get_text().split())
            assert said.split(" · ")[:2] == [name, f"Orders: {link.get_text()}"]


def test_without_a_link_the_page_says_how_to_begin(
    organization: Organization, mention: Mention, marketer: User, sign_in: SignIn
) -> None:
    page = page_of(sign_in(marketer), organization, "mention", mention.pk)
    assert "No tracked link belongs to it yet" in page.get_text()
    new = reverse("conversions:new_link", args=[organization.slug])
    assert page.select_one(f'a[href="{new}?mention={mention.pk}"]') is not None


def test_the_mentions_page_leads_there(client: Client, organization: Organization, mention: Mention) -> None:
    answer = client.get(reverse("listening:mention", args=[organization.slug, mention.pk]))
    assert reverse("dashboard:brought_by_mention", args=[organization.slug, mention.pk]) in str(
        answer.content
    )


def test_who_may_make_links_is_led_to_the_form_from_a_mention_and_from_a_post(
    organization: Organization,
    mention: Mention,
    post: PublishedPost,
    order: Conversion,
    marketer: User,
    viewer: User,
    sign_in: SignIn,
) -> None:
    new = reverse("conversions:new_link", args=[organization.slug])
    pages = {
        reverse("listening:mention", args=[organization.slug, mention.pk]): f"{new}?mention={mention.pk}",
        reverse(
            "dashboard:brought_by_mention", args=[organization.slug, mention.pk]
        ): f"{new}?mention={mention.pk}",
        reverse("dashboard:brought_by_post", args=[organization.slug, post.pk]): f"{new}?post={post.pk}",
        reverse("audience:audience", args=[organization.slug]): f"{new}?post={post.pk}",
    }
    editing, reading = sign_in(marketer), sign_in(viewer)
    for page, form in pages.items():
        assert f'href="{form}"' in editing.get(page).content.decode(), page
        assert new not in reading.get(page).content.decode(), page


def test_a_link_to_the_thousandth_post_names_its_number_without_a_comma(
    organization: Organization, post: PublishedPost, marketer: User, sign_in: SignIn
) -> None:
    PublishedPost.objects.update(id=1_234_567)
    shown = sign_in(marketer).get(reverse("audience:audience", args=[organization.slug])).content.decode()
    assert shown.count("?post=1234567") == 2  # make a link, enter a boost


def test_a_deleted_mention_and_a_strangers_are_not_found(
    client: Client, organization: Organization, mention: Mention, stranger: User, sign_in: SignIn
) -> None:
    link = reverse("dashboard:brought_by_mention", args=[organization.slug, mention.pk])
    assert sign_in(stranger).get(link).status_code == 404
    Mention.objects.update(deleted_at=timezone.now())
    assert client.get(link).status_code == 404
