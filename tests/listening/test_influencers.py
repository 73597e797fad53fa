"""Who speaks about the market, ranked: the lists, the pages that show them, and who is on none."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.listening.authors import ranking
from monitoring.listening.authors.influence import Influence
from monitoring.listening.authors.ranking import due_for_ranking, rank_authors
from monitoring.listening.forgetting.deleting import forget_mentions
from monitoring.listening.models import Brand, BrandKind, Mention, MentionStatus, RankedAuthor
from tests.cast import SignIn

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def say(
    brand: Brand,
    author: str,
    *,
    number: int = 0,
    days: float = 1,
    platform: str = "bluesky",
    sentiment: int = 0,
    **fields: object,
) -> Mention:
    return Mention(
        organization_id=brand.organization_id,
        brand=brand,
        platform=platform,
        external_id=f"{author}-{number}-{days}",
        published_at=NOW - timedelta(days=days),
        collected_at=NOW,
        author_key=f"{platform}:{author}",
        author_name=author.title(),
        author_handle=f"{author}.example.com",
        language="en",
        sentiment=sentiment,
        sentiment_confidence=0.5,
        **fields,
    )


@pytest.fixture
def own(organization: Organization) -> Brand:
    return Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)


@pytest.fixture
def rival(organization: Organization) -> Brand:
    return Brand.objects.create(organization=organization, name="Bright Bean", kind=BrandKind.COMPETITOR)


def listed(organization: Organization, *, days: int = 90, kind: str = "") -> list[str]:
    rows = RankedAuthor.objects.filter(organization=organization, days=days, kind=kind)
    return list(rows.order_by("-influence", "-id").values_list("mention__author_name", flat=True))


def test_every_number_of_every_list_is_the_one_that_the_rows_give(
    organization: Organization, own: Brand, rival: Brand
) -> None:
    chance = Random(4)
    Mention.objects.bulk_create(
        say(
            chance.choice([own, rival]),
            chance.choice("abcdef"),
            number=number,
            days=chance.uniform(0, 400),
            platform=chance.choice(["bluesky", "mastodon"]),
            sentiment=chance.choice([-1, 0, 1]),
            likes=chance.choice([None, 0, 3, 5000]),
            replies=chance.choice([None, 2]),
            author_followers=chance.choice([None, 12, 90_000, 4_000_000]),
            status=chance.choice([MentionStatus.OPEN, MentionStatus.ARCHIVED, MentionStatus.NOT_ABOUT_US]),
        )
        for number in range(300)
    )
    rank_authors(organization_id=organization.pk, now=NOW)

    kinds = {own.pk: "own", rival.pk: "competitor"}
    for days in ranking.DAYS:
        for kind in ("", "own", "competitor"):
            expected: dict[str, list[Mention]] = {}
            for mention in Mention.objects.filter(
                is_counted=True, published_at__gte=NOW - timedelta(days=days)
            ):
                if kind in ("", kinds[mention.brand_id]):
                    expected.setdefault(mention.author_key, []).append(mention)
            found = {
                row.mention.author_key: row
                for row in RankedAuthor.objects.filter(days=days, kind=kind).select_related("mention")
            }
            assert found.keys() == expected.keys()
            for key, mentions in expected.items():
                row = found[key]
                followers = max((one.author_followers or 0 for one in mentions), default=0)
                assert row.mentions == len(mentions)
                assert row.positive == sum(one.tone == 1 for one in mentions)
                assert row.negative == sum(one.tone == -1 for one in mentions)
                assert row.interactions == sum(one.interactions for one in mentions)
                assert (row.followers or 0) == followers
                assert set(row.brands) == {one.brand_id for one in mentions}
                same = Influence(
                    followers=row.followers, mentions=row.mentions, interactions=row.interactions
                )
                assert row.influence == pytest.approx(same.score)
                assert 0 <= row.influence <= 100


def test_a_list_is_made_when_it_is_missing_or_old_and_of_few_mentions_more_often(
    organization: Organization, own: Brand, strangers_organization: Organization
) -> None:
    assert due_for_ranking(now=NOW) == [organization.pk]  # the stranger listens for nobody
    rank_authors(organization_id=organization.pk, now=NOW)
    assert due_for_ranking(now=NOW + timedelta(minutes=50)) == []
    assert due_for_ranking(now=NOW + timedelta(minutes=70)) == [organization.pk]


def test_the_first_of_each_platform_are_kept_and_whose_mention_goes_is_on_no_list(
    organization: Organization, own: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "KEPT", 2)
    for name, followers, platform in (
        ("ada", 900, "bluesky"), ("bo", 50_000, "bluesky"), ("cy", 5, "bluesky"), ("di", 1, "mastodon"),
    ):  # fmt: skip
        say(own, name, author_followers=followers, platform=platform).save()
    rank_authors(organization_id=organization.pk, now=NOW)
    assert listed(organization) == ["Bo", "Ada", "Di"]

    forget_mentions(Mention.objects.filter(author_name="Bo"))
    assert listed(organization) == ["Ada", "Di"]


def test_the_page_shows_the_market_by_kind_platform_and_time_and_hands_it_out(
    organization: Organization, own: Brand, rival: Brand, viewer: User, sign_in: SignIn
) -> None:
    say(own, "ada", author_followers=900, sentiment=1).save()
    say(rival, "bo", author_followers=50_000, platform="mastodon").save()
    muted = say(own, "cy", author_followers=99_999)
    muted.save()
    say(own, "di", days=200).save()
    rank_authors(organization_id=organization.pk, now=NOW)
    Mention.objects.filter(pk=muted.pk).update(status=MentionStatus.MUTED)
    client = sign_in(viewer)
    page = reverse("listening:influencers", args=[organization.slug])

    def named(query: str) -> list[str]:
        text = client.get(page + query).content.decode()
        return [name for name in ("Bo", "Ada", "Cy", "Di") if f">{name}</a>" in text]

    assert named("") == ["Bo", "Ada"]
    assert named("?kind=own") == ["Ada"]
    assert named("?platform=mastodon") == ["Bo"]
    assert named("?days=365") == ["Bo", "Ada", "Di"]
    assert named("?days=12&kind=x&platform=y&after=nonsense") == ["Bo", "Ada"]
    file = client.get(reverse("listening:export_influencers", args=[organization.slug, "csv"]) + "?days=365")
    rows = list(csv.reader(StringIO(b"".join(file).decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Bo", "Ada", "Di"]
    assert rows[1][10] == "Bright Bean"


def test_the_next_page_goes_on_where_the_one_before_ended(
    organization: Organization, own: Brand, viewer: User, sign_in: SignIn
) -> None:
    Mention.objects.bulk_create(
        say(own, f"author{number:03}", author_followers=number // 3 * 100) for number in range(120)
    )
    rank_authors(organization_id=organization.pk, now=NOW)
    client, seen, address = sign_in(viewer), [], reverse("listening:influencers", args=[organization.slug])
    page = address
    while page:
        answer = client.get(page)
        seen += [each.ranked.pk for each in answer.context["influencers"]]
        page = answer.context["older"] and address + answer.context["older"]
    assert len(seen) == len(set(seen)) == 120
