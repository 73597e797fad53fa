"""The goals page as files."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from monitoring.conversions.models import Channel, Kind, Measure, Origin
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.recording import Report, record_conversion
from tests.cast import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(organization: Organization) -> str:
    for number, channel in enumerate((Channel.INSTAGRAM, Channel.INSTAGRAM, Channel.PRINT)):
        report = Report(
            kind=Kind.ORDER,
            origin=Origin.COUNTER,
            idempotency_key=str(number),
            occurred_at=timezone.now() - timedelta(days=number * 7),
            amount=Decimal(10),
            currency="EUR",
            heard_of_us_from=channel,
        )
        record_conversion(organization=organization, report=report)
    return f"/o/{organization.slug}/goal/"


@pytest.fixture
def client(viewer: User, sign_in: SignIn) -> Client:
    return sign_in(viewer)


def lines(client: Client, link: str) -> list[list[str]]:
    answer = client.get(link)
    assert answer.status_code == 200
    return [line.split(",") for line in b"".join(answer).decode("utf-8-sig").splitlines()]


def test_days_stand_beside_those_they_are_compared_with(client: Client, address: str) -> None:
    heading, *days = lines(client, f"{address}export.csv?period=7d")

    assert heading == ["Day", "Orders", "Pace of the goal", "Compared day", "Before"]
    assert len(days) == 7
    assert [sum(int(row[column]) for row in days) for column in (1, 4)] == [1, 1]
    assert days[-1][1] == "1"
    assert days[-1][4] == "1"
    assert {row[2] for row in days} == {""}


def test_a_goal_in_money_is_taken_away_in_money(
    client: Client, address: str, organization: Organization
) -> None:
    aim = Aim(counts=Kind.ORDER, target=Decimal(300), measure=Measure.AMOUNT, currency="EUR")
    set_goal(organization=organization, aim=aim)
    heading, *days = lines(client, f"{address}export.csv?period=7d")

    assert heading[1] == "Orders in EUR"
    assert Decimal(days[-1][1]) == 10
    assert Decimal(days[-1][2]).quantize(Decimal(1)) in (9, 10, 11)


def test_channels_are_taken_away_with_what_they_brought_before(client: Client, address: str) -> None:
    assert lines(client, f"{address}export.csv?period=7d&of=channels") == [
        ["Channel", "Orders", "Before"],
        ["Instagram", "1", "1"],
    ]


def test_the_page_leads_to_both_files(client: Client, address: str) -> None:
    page = client.get(f"{address}?period=30d&more=yes").content.decode()
    assert f"{address}export.xlsx?period=30d" in page
    assert f"{address}export.csv?period=30d&amp;of=channels" in page
    assert client.get(f"{address}export.xlsx").status_code == 200


def test_other_formats_and_strangers_find_nothing(
    client: Client, address: str, stranger: User, sign_in: SignIn
) -> None:
    assert client.get(f"{address}export.pdf").status_code == 404
    assert client.get(f"{address}export.csv?of=%00&from=x&to=y").status_code == 200
    assert sign_in(stranger).get(f"{address}export.csv").status_code == 404
