"""A month is read by whoever holds its link, without money where that was chosen, until the link ends."""

from __future__ import annotations

import csv
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization, Role, User
from monitoring.conversions.models import Channel, Goal, Kind, Origin
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.lib.charts import TimeAxis
from monitoring.reports.models import SharedMonth
from monitoring.reports.months.content import Month
from monitoring.reports.months.sharing import revoke_month, share_month
from monitoring.reports.months.wording import draw_conversions, say_answer, say_compared
from tests.cast import SignIn
from tests.filled_business import fill

PAGE = "/o/halden-coffee/months/"
OCTOBER = date(2026, 10, 1)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def link_to(
    organization: Organization, *, shows_money: bool, now: datetime = NOW, month: date = OCTOBER
) -> str:
    by = organization.memberships.get(role=Role.OWNER).user
    _shared, address = share_month(
        organization=organization,
        first_day=month,
        shows_money=shows_money,
        by=by,
        now=now,
        holds_for=timedelta(days=30),
    )
    return address.removeprefix(settings.PUBLIC_URL)


def order(organization: Organization, day: date, *, channel: str = Channel.INSTAGRAM) -> None:
    report = Report(
        kind=Kind.ORDER,
        origin=Origin.COUNTER,
        idempotency_key=uuid4().hex,
        occurred_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        amount=Decimal("123.45"),
        currency="EUR",
        heard_of_us_from=channel,
    )
    record_conversion(organization=organization, report=report)


@pytest.fixture
def october(organization: Organization) -> Organization:
    """Seventeen orders from social media in October, 12 in September, and a goal of 40 a month."""
    Organization.objects.update(created_at="2026-01-01T00:00Z")
    with time_machine.travel(NOW, tick=False):
        for number in range(17):
            order(organization, date(2026, 10, 2 + number // 4))
        for number in range(12):
            order(organization, date(2026, 9, 1 + number))
        order(organization, date(2026, 10, 3), channel=Channel.FRIEND)
        order(organization, date(2026, 11, 1))
        set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(40)))
    Goal.objects.update(created_at="2026-01-01T00:00Z")
    return organization


def test_with_money_it_says_how_much(october: Organization) -> None:
    month = Month(october, OCTOBER, NOW)
    assert say_answer(month, shows_money=True) == (
        "In October 2026 social media brought 17 orders and €2,098.65."
    )
    assert say_compared(month, shows_money=True) == "Social media brought 42% more than in September 2026."
    assert round(month.goal_share or 0, 9) == Decimal(18) / 40


def test_without_money_no_figure_of_it_leaves_the_house(october: Organization) -> None:
    """Neither in words, nor in the table, nor in what the chart is drawn from."""
    with time_machine.travel(NOW, tick=False):
        page = Client().get(link_to(october, shows_money=False)).content.decode()
    text = BeautifulSoup(page, "html.parser")
    assert "In October 2026 45% of the goal was reached." in text.get_text()
    assert "€" not in page
    assert "EUR" not in page
    assert not re.search(r"\d+ orders", page)
    assert "2,098" not in page
    assert "40 orders" not in page
    assert "Owner" not in page
    shares = draw_conversions(Month(october, OCTOBER, NOW), TimeAxis(Month(october, OCTOBER, NOW).period),
                              shows_money=False)  # fmt: skip
    values = shares.data["series"][0]["values"]
    # Four, five (one of them a friend's), four, four, one: in tens of the best day.
    assert values[1:7] == [80, 100, 80, 80, 20, 0]


def read_file(link: str, of: str = "") -> list[dict[str, str]]:
    answer = Client().get(f"{link}export.csv", {"of": of})
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    assert isinstance(answer, StreamingHttpResponse)
    return list(csv.DictReader(b"".join(answer).decode("utf-8-sig").splitlines()))


def test_whoever_holds_the_link_takes_its_tables_away_and_no_money_that_is_left_out(
    october: Organization,
) -> None:
    fill(october)
    with time_machine.travel(NOW, tick=False):
        open_link, closed_link = (link_to(october, shows_money=shown) for shown in (True, False))
        page = Client().get(closed_link).content.decode()
        assert f'href="{closed_link}export.csv?of=posts"' in page
        with_money, without = read_file(open_link), read_file(closed_link)
        assert len(with_money) == len(without) == 31
        assert [row["Orders"] for row in with_money][1:7] == ["4", "5", "4", "4", "1", "0"]
        assert [row["Orders, the best day is 100%"] for row in without][1:7] == [
            "80", "100", "80", "80", "20", "0",
        ]  # fmt: skip
        month = Month(october, OCTOBER, NOW)
        assert [row["Profile"] for row in read_file(closed_link, "followers")] == [
            each.profile.handle for each in month.profiles
        ]
        assert len(read_file(closed_link, "posts")) == len(month.posts)
        assert Client().get(f"{closed_link}export.xlsx").status_code == 200
        assert Client().get(f"{closed_link}export.json").status_code == 404
        revoke_month(shared=SharedMonth.objects.latest("pk"), now=NOW)
        assert Client().get(f"{closed_link}export.csv").status_code == 404


def test_with_few_orders_no_share_is_claimed(organization: Organization) -> None:
    order(organization, date(2026, 10, 5))
    month = Month(organization, OCTOBER, NOW)
    assert say_compared(month, shows_money=True) == "September 2026: 0 orders."
    assert say_compared(month, shows_money=False) == ""
    assert "0 posts spoke about Halden Coffee" in say_answer(month, shows_money=False)


def test_a_month_that_is_not_over_says_so(october: Organization) -> None:
    month = Month(october, date(2026, 11, 1), NOW)
    assert "until Nov. 21, 2026" in say_compared(month, shows_money=False)
    chart = draw_conversions(month, TimeAxis(month.period), shows_money=True)
    assert chart.data["series"][0]["values"][20:22] == [0.0, None]


def test_a_goal_of_later_is_no_goal_of_then(october: Organization) -> None:
    Goal.objects.update(created_at="2026-11-05T00:00Z")
    assert Month(october, OCTOBER, NOW).goal is None
    Goal.objects.update(created_at="2026-01-05T00:00Z", ended_at="2026-11-05T00:00Z")
    assert Month(october, OCTOBER, NOW).goal is not None
    assert Month(october, date(2026, 11, 1), NOW).goal is None


def test_the_page_is_for_anybody_and_for_no_search_engine(october: Organization) -> None:
    link = link_to(october, shows_money=True, now=datetime.now(UTC))
    answer = Client().get(link)
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.select_one("meta[name=robots]")
    assert not page.select("nav")
    within = [str(each["href"]) for each in page.select("a[href^='/']")]
    assert all(address.startswith(f"{link}export.") for address in within)
    assert Client().post(link).status_code == 405


def test_a_link_ends_when_it_is_taken_back_and_with_its_time(
    october: Organization, marketer: User, sign_in: SignIn
) -> None:
    taken_back, lasting = (link_to(october, shows_money=True, now=datetime.now(UTC)) for _ in range(2))
    shared = SharedMonth.objects.order_by("pk")[0]
    page = sign_in(marketer).post(f"{PAGE}{shared.pk}/revoke/", follow=True).content.decode()
    assert "The link of October 2026 no longer works." in page
    revoked_at = SharedMonth.objects.get(pk=shared.pk).revoked_at
    revoke_month(shared=shared, now=datetime.now(UTC))
    assert SharedMonth.objects.get(pk=shared.pk).revoked_at == revoked_at

    assert Client().get(taken_back).status_code == 404
    assert Client().get("/shared/a-guess/").status_code == 404
    assert Client().get(lasting).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        assert Client().get(lasting).status_code == 404


def test_a_link_is_shown_once_and_only_its_hash_kept(
    organization: Organization, marketer: User, sign_in: SignIn
) -> None:
    client = sign_in(marketer)
    month = datetime.now(UTC).date().replace(day=1).isoformat()
    answer = client.post(PAGE, {"month": month, "days": "30"})
    assert answer.headers["Cache-Control"] == "no-store"
    found = BeautifulSoup(answer.content, "html.parser").select_one("#shared")
    assert found is not None
    address = str(found["value"])
    shared = SharedMonth.objects.get()
    assert (shared.shows_money, shared.created_by, shared.first_day.isoformat()) == (False, marketer, month)
    assert timedelta(days=29) < shared.expires_at - shared.created_at < timedelta(days=31)
    token = address.rstrip("/").rsplit("/", 1)[1]
    assert token not in str(SharedMonth.objects.values().get())
    assert token not in client.get(PAGE).content.decode()
    assert Client().get(address.removeprefix(settings.PUBLIC_URL)).status_code == 200


@pytest.mark.parametrize("wrong", [{"month": "1999-01-01"}, {"month": "x"}, {"days": "5"}])
def test_what_is_no_choice_is_refused(
    organization: Organization, marketer: User, sign_in: SignIn, wrong: dict[str, str]
) -> None:
    month = datetime.now(UTC).date().replace(day=1).isoformat()
    assert sign_in(marketer).post(PAGE, {"month": month, "days": "30", **wrong}).status_code == 422
    assert not SharedMonth.objects.exists()


def test_a_viewer_sees_the_links_and_makes_none(
    organization: Organization, viewer: User, sign_in: SignIn
) -> None:
    link_to(organization, shows_money=False, now=datetime.now(UTC))
    page = sign_in(viewer).get(PAGE)
    assert "October 2026" in page.content.decode()
    assert "Make a link" not in page.content.decode()
    assert sign_in(viewer).post(PAGE, {}).status_code == 403


def test_a_stranger_takes_no_link_back(
    october: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    link_to(october, shows_money=True, now=datetime.now(UTC))
    shared = SharedMonth.objects.get()
    answer = sign_in(stranger).post(f"/o/{strangers_organization.slug}/months/{shared.pk}/revoke/")
    assert answer.status_code == 404
    assert SharedMonth.objects.get().revoked_at is None


@pytest.mark.parametrize("shows_money", [True, False])
def test_the_page_stays_within_its_budget(organization: Organization, shows_money: bool) -> None:
    fill(organization)
    now = datetime.now(UTC)
    link = link_to(organization, shows_money=shows_money, now=now, month=now.date().replace(day=1))
    client = Client()
    client.get(link)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(link).status_code == 200
    assert len(queries) <= 19
    tables = " ".join(query["sql"] for query in queries)
    assert "listening_mention " not in tables.replace('"', "")
    assert "conversions_conversion " not in tables.replace('"', "")
