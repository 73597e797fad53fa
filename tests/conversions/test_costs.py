"""Money that was spent: each payment once, on its own days, with its post's platform; and what boosts brought."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from monitoring.audience.models import AudienceSnapshot, PublishedPost
from monitoring.conversions.models import (
    Campaign,
    Channel,
    ClickDay,
    CreditDay,
    CreditModel,
    Spend,
    TrackedLink,
)
from monitoring.conversions.parts_choice import PartsChoice
from monitoring.conversions.selectors.boosts import list_boosts
from monitoring.conversions.selectors.costs import PAGE_SIZE, offered_posts, page_of_spend
from monitoring.conversions.selectors.credited_parts import sum_credited
from monitoring.conversions.services.costs import (
    Expense,
    SpendKeyReused,
    boost,
    change_spend,
    delete_spend,
    record_spend,
)
from monitoring.conversions.services.links import create_link
from monitoring.conversions.templatetags.rates import about_as_many
from monitoring.lib.money import InvalidAmount
from monitoring.listening.models import BrandKind
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.platforms.types import ProfileLink

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 10)
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def expense(a_day: str = "5", *, days: int = 1, **facts: object) -> Expense:
    told = {"currency": "EUR", "first_day": DAY, "last_day": DAY + timedelta(days=days - 1), **facts}
    return Expense(amount_a_day=Decimal(a_day), **told)  # type: ignore[arg-type]  # facts of an expense


def publish(organization: Organization, name: str = "1", kind: BrandKind = BrandKind.OWN) -> PublishedPost:
    brand = create_brand(organization=organization, name=name, kind=kind)
    link = ProfileLink(platform="bluesky", handle=f"{name}.example.com")
    profile = track_profile(brand=brand, link=link)
    return PublishedPost.objects.create(
        organization=organization,
        brand=brand,
        profile=profile,
        platform="bluesky",
        external_id=name,
        text="New beans",
        published_at=NOW - timedelta(days=25),
        refreshed_at=NOW,
    )


def measure(post: PublishedPost, day: date, followers: int) -> None:
    taken = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    AudienceSnapshot.objects.create(
        organization=post.organization, profile=post.profile, hour=taken, taken_at=taken, followers=followers
    )


def test_a_payment_is_written_down_once(organization: Organization) -> None:
    first = record_spend(organization=organization, expense=expense(), idempotency_key="a")
    again = record_spend(organization=organization, expense=expense(), idempotency_key="a")

    assert (first.is_new, again.is_new) == (True, False)
    assert first.spend == again.spend == Spend.objects.get()


def test_another_payment_under_the_same_key_is_refused(organization: Organization) -> None:
    record_spend(organization=organization, expense=expense(), idempotency_key="a")

    with pytest.raises(SpendKeyReused):
        record_spend(organization=organization, expense=expense("6"), idempotency_key="a")


def test_two_organizations_may_use_the_same_key(
    organization: Organization, strangers_organization: Organization
) -> None:
    record_spend(organization=organization, expense=expense(), idempotency_key="a")

    assert record_spend(organization=strangers_organization, expense=expense(), idempotency_key="a").is_new


@pytest.mark.parametrize(
    "facts",
    [
        {"days": 0},
        {"days": 367},
        {"kind": "bribe"},
        {"channel": "carrier pigeon"},
    ],
)
def test_an_expense_makes_sense_or_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        expense(**facts)  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize(
    ("a_day", "currency"), [("-1", "EUR"), ("0.005", "EUR"), ("0.5", "JPY"), ("NaN", "EUR")]
)
def test_an_amount_fits_its_currency(a_day: str, currency: str) -> None:
    with pytest.raises(InvalidAmount):
        expense(a_day, currency=currency)


def test_another_organizations_post_and_campaign_are_refused(
    organization: Organization, strangers_organization: Organization
) -> None:
    theirs = publish(strangers_organization)
    campaign = Campaign.objects.create(organization=strangers_organization, name="x", slug="x", starts_on=DAY)

    for facts in ({"post": theirs}, {"campaign": campaign}):
        with pytest.raises(ValueError, match="another organization"):
            record_spend(organization=organization, expense=expense(**facts), idempotency_key="a")


def test_a_boost_is_spent_where_its_post_is(organization: Organization) -> None:
    post = publish(organization)
    told = boost(post=post, a_day=Decimal(5), currency="EUR", first_day=DAY, days=7)

    spend = record_spend(organization=organization, expense=told, idempotency_key="a").spend

    assert (spend.kind, spend.channel) == (Spend.Kind.BOOST, Channel.BLUESKY)
    assert (spend.first_day, spend.last_day) == (DAY, date(2026, 6, 16))


def test_it_can_be_changed_and_deleted(organization: Organization) -> None:
    spend = record_spend(organization=organization, expense=expense(), idempotency_key="a").spend

    change_spend(spend=spend, expense=expense("7", channel=Channel.X))
    spend.refresh_from_db()
    assert (spend.amount_a_day, spend.channel, spend.idempotency_key) == (Decimal(7), "x", "a")

    delete_spend(spend=spend)
    assert not Spend.objects.exists()


def test_the_list_goes_on_to_the_end_and_back(organization: Organization) -> None:
    for number in range(2 * PAGE_SIZE + 1):
        told = expense(first_day=DAY - timedelta(days=number // 3), last_day=DAY)
        record_spend(organization=organization, expense=told, idempotency_key=str(number))

    first = page_of_spend(organization=organization)
    second = page_of_spend(organization=organization, before=first.older)
    third = page_of_spend(organization=organization, before=second.older)
    back = page_of_spend(organization=organization, after=third.newer)

    seen = [entry.pk for page in (first, second, third) for entry in page.entries]
    assert len(set(seen)) == len(seen) == 2 * PAGE_SIZE + 1
    assert [entry.pk for entry in back.entries] == [entry.pk for entry in second.entries]
    assert (first.newer, third.older) == ("", "")
    for nonsense in ("x", "20260610.x", "20260610.99999999999999999999", "20261310.1", "\0.1"):
        assert page_of_spend(organization=organization, before=nonsense).entries == first.entries


def test_only_own_posts_are_offered(organization: Organization) -> None:
    own = publish(organization, "own")
    theirs = publish(organization, "rival", BrandKind.COMPETITOR)

    assert offered_posts(organization=organization, chosen=theirs.pk) == [own]


def _boosted(organization: Organization, days: int = 7) -> PublishedPost:
    post = publish(organization)
    told = boost(post=post, a_day=Decimal(5), currency="EUR", first_day=DAY, days=days)
    record_spend(organization=organization, expense=told, idempotency_key=f"boost-{post.pk}")
    return post


def _link(post: PublishedPost) -> TrackedLink:
    link = create_link(
        organization=post.organization, target="https://example.com/", label="Menu", channel=Channel.BLUESKY
    )
    TrackedLink.objects.filter(pk=link.pk).update(post=post)
    return link


def test_followers_of_a_boost_are_those_beyond_the_usual(organization: Organization) -> None:
    post = _boosted(organization)
    for days, followers in ((-8, 1000), (-1, 1010), (6, 1090)):
        measure(post, DAY + timedelta(days=days), followers)

    [found] = list_boosts(organization=organization, now=NOW)

    assert (found.gained, found.gained_before, found.extra_followers) == (80, 10, 70)
    assert found.cost == 35
    assert found.per_follower == Decimal("0.5")


@pytest.mark.parametrize(
    ("difference", "said"),
    [(1300, "about 1,300 more"), (0, "about as many"), (-130, "about 130 fewer")],
)
def test_more_or_fewer_followers_are_said_in_words(difference: int, said: str) -> None:
    assert about_as_many(difference) == said


def test_what_nobody_measured_is_not_guessed(organization: Organization) -> None:
    post = _boosted(organization)
    measure(post, DAY - timedelta(days=1), 1000)

    [found] = list_boosts(organization=organization, now=NOW)

    assert found.extra_followers is None
    assert (found.visits, found.orders, found.per_visit) == (None, None, None)


def test_visits_and_orders_are_those_by_the_posts_links_in_its_days(organization: Organization) -> None:
    link = _link(_boosted(organization))
    for day, visits in ((DAY - timedelta(days=1), 500), (DAY, 30), (DAY + timedelta(days=6), 5)):
        ClickDay.objects.create(organization_id=organization.pk, day=day, link_id=link.pk, visits=visits)
        for model in (CreditModel.LAST, CreditModel.FIRST):
            CreditDay.objects.create(
                organization_id=organization.pk, day=day, model=model, kind="order", currency="EUR",
                channel="bluesky", campaign_id=0, link_id=link.pk, number=2, amount=20,
            )  # fmt: skip

    [found] = list_boosts(organization=organization, now=NOW)

    assert (found.links, found.visits, found.orders) == (1, 35, Decimal(4))
    assert found.per_visit == 1
    assert found.per_order is None  # four orders: what one of them cost would be chance
    listed = PartsChoice(organization, QueryDict(urlsplit(found.orders_address).query)).part
    assert sum_credited(organization=organization, part=listed).number == found.orders


def test_a_running_boost_has_cost_what_its_days_cost(organization: Organization) -> None:
    _boosted(organization)

    [found] = list_boosts(organization=organization, now=datetime(2026, 6, 12, 12, tzinfo=UTC))

    assert found.is_running
    assert found.cost == 15


def test_boosts_to_come_and_of_others_are_not_listed(
    organization: Organization, strangers_organization: Organization
) -> None:
    _boosted(organization)

    assert not list_boosts(organization=organization, now=datetime(2026, 6, 9, 12, tzinfo=UTC))
    assert not list_boosts(organization=strangers_organization, now=NOW)


def test_all_boosts_are_read_in_three_queries(organization: Organization) -> None:
    post = _boosted(organization)
    for number in range(6):
        told = boost(post=post, a_day=Decimal(1), currency="USD", first_day=DAY, days=number + 1)
        record_spend(organization=organization, expense=told, idempotency_key=str(number))

    with CaptureQueriesContext(connection) as queries:
        assert len(list_boosts(organization=organization, now=NOW)) == 7

    assert len(queries) == 3
