"""Credits put together for pages: by channel, campaign, link, post and mention, and the five models side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.comparing import compare_models
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import (
    Campaign,
    Channel,
    ConversionDay,
    CreditModel,
    Kind,
    TrackedLink,
    VisitDay,
)
from monitoring.conversions.selectors.credits import CreditedTo, credits_by, credits_of_models
from monitoring.lib.periods import Period
from tests.conversions.conftest import NOON, click, record, report

pytestmark = pytest.mark.django_db
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), ZoneInfo("Europe/Berlin"))
MAY = Period(date(2026, 5, 1), date(2026, 5, 31), ZoneInfo("Europe/Berlin"))


@pytest.fixture
def campaign(organization: Organization, link: TrackedLink) -> Campaign:
    campaign = Campaign.objects.create(
        organization=organization, name="Spring", slug="spring", starts_on=NOON.date()
    )
    TrackedLink.objects.filter(pk=link.pk).update(campaign=campaign)
    return campaign


@pytest.fixture
def orders(organization: Organization, link: TrackedLink, campaign: Campaign) -> None:
    """One by the link and a mail, one that a friend brought, one in dollars that nobody knows about, and a lead."""
    followed = click(link, at=NOON - timedelta(days=1))
    store_clicks([followed])
    by_link = Evidence(
        click_ids=(followed.click_id.hex,),
        utm_source="newsletter",
        landed_at=(NOON - timedelta(hours=1)).isoformat(),
    )
    first = record(organization, replace(report(amount="10"), evidence=by_link))
    record(organization, report(amount="7", channel=Channel.FRIEND))
    record(organization, report(amount="5", currency="USD"))
    record(organization, report(Kind.LEAD))
    VisitDay.objects.create(
        organization_id=organization.pk, day=NOON.date(), channel=Channel.TIKTOK, campaign_id=0, visits=4
    )
    find_touches(now=first.created_at + timedelta(minutes=2))
    credit_due_days(seconds=10)


def shown(
    organization: Organization, model: CreditModel, by: CreditedTo, kind: str | None = Kind.ORDER
) -> list[tuple[object, ...]]:
    rows = credits_by(organization=organization, period=JUNE, model=model, by=by, kind=kind)
    return [(row.key, row.number, dict(row.amounts), row.visits) for row in rows]


@pytest.mark.usefixtures("orders")
def test_by_channel_with_visits_and_what_nobody_brought_last(organization: Organization) -> None:
    assert shown(organization, CreditModel.LAST, CreditedTo.CHANNEL) == [
        ("mail", 1, {"EUR": 10}, None),
        ("tiktok", 0, {}, 4),
        ("instagram", 0, {}, 1),
        ("", 2, {"EUR": 7, "USD": 5}, None),
    ]
    assert shown(organization, CreditModel.SAID, CreditedTo.CHANNEL)[0] == ("friend", 1, {"EUR": 7}, None)


@pytest.mark.usefixtures("orders")
def test_by_campaign_link_post_and_mention(
    organization: Organization, campaign: Campaign, link: TrackedLink
) -> None:
    half = (Decimal("0.5"), {"EUR": Decimal(5)}, 1)
    rest = (Decimal("2.5"), {"EUR": Decimal(12), "USD": Decimal(5)}, None)
    assert shown(organization, CreditModel.LINEAR, CreditedTo.CAMPAIGN) == [(campaign.pk, *half), (0, *rest)]
    assert shown(organization, CreditModel.LINEAR, CreditedTo.LINK) == [(link.pk, *half), (0, *rest)]
    everything = [(0, Decimal(3), {"EUR": Decimal(17), "USD": Decimal(5)}, None)]
    assert shown(organization, CreditModel.LINEAR, CreditedTo.POST) == everything
    assert shown(organization, CreditModel.LINEAR, CreditedTo.MENTION) == everything


@pytest.mark.usefixtures("orders")
def test_without_a_kind_everything_is_there(organization: Organization) -> None:
    rows = shown(organization, CreditModel.FIRST, CreditedTo.CHANNEL, None)
    assert sum(Decimal(str(row[1])) for row in rows) == 4


@pytest.mark.usefixtures("orders")
def test_every_model_adds_up_to_the_conversions(organization: Organization) -> None:
    models = credits_of_models(organization=organization, period=JUNE)
    orders = ConversionDay.objects.filter(organization_id=organization.pk, kind=Kind.ORDER)
    total = sum(row.number for row in orders)
    assert {
        model: sum(row.number for row in rows.values()) for model, rows in models.items()
    } == dict.fromkeys(CreditModel, total)


@pytest.mark.usefixtures("orders")
def test_the_models_stand_side_by_side(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        comparison = compare_models(organization=organization, period=JUNE)
    assert [each.social.number for each in comparison.models] == [
        1,
        0,
        Decimal("0.5"),
        Decimal("0.476294"),
        0,
    ]
    assert {each.total.amount for each in comparison.models} == {comparison.total.amount} == {17}
    assert [each.channel for each in comparison.channels] == ["friend", "instagram", "mail", ""]
    assert comparison.other_currencies == ("USD",)
    page = render_to_string("conversions/_credits.html", {"comparison": comparison})
    assert "Orders: five answers" in page
    assert "€17" not in page  # nothing is added up over the models
    assert all(each.definition in page for each in comparison.models)


def test_without_conversions_there_is_nothing_to_compare(organization: Organization) -> None:
    comparison = compare_models(organization=organization, period=JUNE)
    assert comparison.is_empty
    assert "Nothing in this period yet" in render_to_string(
        "conversions/_credits.html", {"comparison": comparison}
    )


def test_another_organizations_credits_are_not_ours(
    organization: Organization, strangers_organization: Organization
) -> None:
    record(strangers_organization, report(amount="7", currency="USD"))
    credit_due_days(seconds=10)
    assert shown(organization, CreditModel.LAST, CreditedTo.CHANNEL) == []
