"""Costs and campaigns as files."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Organization, User
from monitoring.conversions.models import Channel, Spend
from monitoring.conversions.services.campaigns import CampaignPlan, create_campaign
from monitoring.conversions.services.costs import record_spend
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.time_spent import Place, record_time, start_timer
from tests.cast import SignIn
from tests.conversions.test_costs import expense, publish

pytestmark = pytest.mark.django_db
COSTS = "/o/halden-coffee/goal/costs/"
CAMPAIGNS = "/o/halden-coffee/goal/campaigns/"


@pytest.fixture
def client(viewer: User, sign_in: SignIn) -> Client:
    return sign_in(viewer)


def rows_of(client: Client, link: str) -> list[dict[str, str]]:
    answer = client.get(link)
    assert answer.status_code == 200
    return list(csv.DictReader(b"".join(answer).decode("utf-8-sig").splitlines()))


def test_every_expense_is_taken_away_and_nobody_elses(
    client: Client, organization: Organization, strangers_organization: Organization
) -> None:
    plan = CampaignPlan(name="Autumn", slug="autumn", starts_on=date(2026, 6, 1))
    campaign = create_campaign(organization=organization, plan=plan)
    facts = {"campaign": campaign, "channel": Channel.FACEBOOK, "note": "=1+1"}
    record_spend(organization=organization, expense=expense("2.50", days=3, **facts), idempotency_key="1")
    record_spend(organization=strangers_organization, expense=expense("9"), idempotency_key="2")

    [row] = rows_of(client, f"{COSTS}export.csv")

    assert (row["For what"], row["First day"], row["Last day"]) == (
        "Advertisement",
        "2026-06-10",
        "2026-06-12",
    )
    assert (Decimal(row["A day"]), row["Currency"]) == (Decimal("2.5"), "EUR")
    assert (row["Where"], row["Campaign"], row["Post"]) == ("Facebook", "Autumn", "")
    assert row["Note"] == "'=1+1"  # no spreadsheet runs it


def test_minutes_are_taken_away_without_the_timer_that_runs(
    client: Client, organization: Organization, marketer: User
) -> None:
    place = Place(channel=Channel.BLUESKY, post=publish(organization))
    record_time(organization=organization, minutes=25, day=date(2026, 6, 2), place=place, by=marketer)
    start_timer(organization=organization, by=marketer)

    [row] = rows_of(client, f"{COSTS}export.csv?of=time")

    assert (row["Day"], row["Who"], row["Minutes"]) == ("2026-06-02", str(marketer), "25")
    assert (row["Where"], row["Post"]) == ("Bluesky", "New beans")


def test_a_boost_is_taken_away_with_what_is_known_of_it(client: Client, organization: Organization) -> None:
    today = timezone.now().date()
    first = today - timedelta(days=9)
    last = first + timedelta(days=4)
    post = publish(organization)
    boost = expense("3", kind=Spend.Kind.BOOST, post=post, first_day=first, last_day=last)
    record_spend(organization=organization, expense=boost, idempotency_key="1")

    [row] = rows_of(client, f"{COSTS}export.csv?of=boosts")

    assert (row["Post"], row["Tracked links in the post"]) == ("New beans", "0")
    assert Decimal(row["Cost until today"]) == 15
    assert {row[name] for name in ("Followers gained", "Visits", "Orders", "Cost of an order")} == {""}


def test_campaigns_are_taken_away_with_their_codes_and_links(
    client: Client, organization: Organization
) -> None:
    plan = CampaignPlan(name="Autumn", slug="autumn", starts_on=date(2026, 6, 1), coupons=("B2", "A1"))
    campaign = create_campaign(organization=organization, plan=plan)
    create_link(
        organization=organization,
        target="https://example.com/",
        label="Menu",
        channel=Channel.PRINT,
        campaign=campaign,
    )

    [row] = rows_of(client, f"{CAMPAIGNS}export.csv")

    assert (row["Name"], row["Tag"], row["Begins"], row["Ends"]) == ("Autumn", "autumn", "2026-06-01", "")
    assert (row["Coupon codes"], row["Links"], row["Visits"]) == ("A1, B2", "1", "0")
    assert Decimal(row["Sales in EUR"]) == 0


def test_the_pages_lead_to_their_files_and_taking_one_is_recorded(
    client: Client, organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    record_spend(organization=organization, expense=expense(), idempotency_key="1")
    plan = CampaignPlan(name="Autumn", slug="autumn", starts_on=date(2026, 6, 1))
    create_campaign(organization=organization, plan=plan)
    record_time(organization=organization, minutes=25, day=date(2026, 6, 2))

    assert f'href="{COSTS}export.xlsx"' in client.get(COSTS).content.decode()
    assert f'href="{COSTS}export.csv?of=time"' in client.get(f"{COSTS}time/").content.decode()
    assert f'href="{CAMPAIGNS}export.xlsx"' in client.get(CAMPAIGNS).content.decode()

    assert client.get(f"{COSTS}export.xlsx?of=time").status_code == 200
    event = AuditEvent.objects.filter(action=AuditEvent.Action.EXPORTED).latest("pk")
    assert event.after == {"format": "xlsx", "rows": 1, "filters": "of=time"}
    assert client.get(f"{COSTS}export.pdf").status_code == 404
    assert sign_in(stranger).get(f"{CAMPAIGNS}export.csv").status_code == 404
