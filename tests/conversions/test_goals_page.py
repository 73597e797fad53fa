"""The goals page: what it says, what it does not claim, and what can be changed from it."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, User
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import Assumptions, Channel, Goal, GoalResult, Kind, TrackedLink
from monitoring.conversions.services.costs import Expense, record_spend
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.conversions.services.recording import record_conversions
from tests.cast import SignIn
from tests.conversions.conftest import record, report

pytestmark = pytest.mark.django_db
GOAL = "/o/halden-coffee/goal/"
FORTY = {
    "counts": "order",
    "measure": "number",
    "target": "40",
    "currency": "EUR",
    "cadence": "month",
    "scope": "all",
}


def text_of(page: object) -> str:
    html = re.sub(r"<[^>]+>", " ", page.content.decode())  # type: ignore[attr-defined]  # a response
    return " ".join(html.replace("&nbsp;", " ").split())


@pytest.fixture
def client(marketer: User, sign_in: SignIn) -> Client:
    return sign_in(marketer)


@pytest.fixture
def sales(organization: Organization, link: TrackedLink) -> Organization:
    """Ten orders of 20 euros by a link, five of friends."""
    now = timezone.now()
    told = [
        report(at=now - timedelta(days=day), amount="20", channel=Channel.INSTAGRAM, link=link)
        for day in range(10)
    ]
    told += [report(at=now - timedelta(days=day), amount="8", channel=Channel.FRIEND) for day in range(5)]
    record_conversions(organization=organization, reports=told)
    return organization


def test_without_a_margin_there_are_sales_and_no_return(client: Client, sales: Organization) -> None:
    page = text_of(client.get(GOAL))
    assert "Social media brought 10 orders and €200 in 30 days." in page
    assert "Say what part of a sale is left" in page
    assert "came back" not in page
    assert "Net is margin" not in page


@pytest.fixture
def credited(sales: Organization) -> Organization:
    find_touches(now=timezone.now())
    credit_due_days(seconds=30)
    return sales


def spend(organization: Organization, amount: str) -> None:
    today = timezone.localdate()
    expense = Expense(
        amount_a_day=Decimal(amount),
        currency="EUR",
        first_day=today,
        last_day=today,
        channel=Channel.INSTAGRAM,
    )
    record_spend(organization=organization, expense=expense, idempotency_key=uuid4().hex)


def test_with_margin_and_cost_the_return_is_said(client: Client, credited: Organization) -> None:
    Assumptions.objects.create(organization=credited, margin=Decimal(50))
    spend(credited, "40")
    page = text_of(client.get(f"{GOAL}?more=yes"))
    assert "Every €1 you put in came back as €2.50." in page
    assert "€200 of sales left €100 after the cost of goods. You spent €40." in page
    assert "+150%" in page
    assert "€60 left over" in page
    assert "Net is margin minus ads" in page


def test_where_links_and_customers_differ_the_return_is_a_range(
    client: Client, credited: Organization
) -> None:
    Assumptions.objects.create(organization=credited, margin=Decimal(50))
    spend(credited, "40")
    told = report(at=timezone.now(), amount="80", channel=Channel.INSTAGRAM)
    record_conversions(organization=credited, reports=[told])
    credit_due_days(seconds=30)
    page = text_of(client.get(GOAL))
    assert "Every €1 you put in came back as €2.50 to €3.50." in page
    assert "€200 to €280 of sales left €100 to €140 after the cost of goods." in page


def test_the_sources_add_up_under_every_model_and_grouping(client: Client, credited: Organization) -> None:
    for model in ("first", "last", "linear", "decay", "said"):
        for by in ("platform", "campaign", "post"):
            page = BeautifulSoup(client.get(f"{GOAL}?more=yes&model={model}&by={by}").content, "html.parser")
            total = [cell.get_text() for cell in page.select("#sources tfoot td")]
            assert (total[2], total[4]) == ("15", "€240"), (model, by)


def test_the_five_models_stand_side_by_side(client: Client, credited: Organization) -> None:
    page = BeautifulSoup(client.get(f"{GOAL}more/").content, "html.parser")
    heads = [cell.get_text() for cell in page.select("#credits thead th")]
    assert heads[1:] == ["First touch", "Last touch", "Equal parts", "Time decay", "What customers said"]
    rows = {row.td.get_text(): row.select("td.num a") for row in page.select("#credits tbody tr") if row.td}
    assert [cell.get_text() for cell in rows["Instagram"]] == ["10"] * 5
    assert [cell.get_text() for cell in rows["A friend"]] == ["5"]  # no link says so: only customers do
    assert client.get(GOAL).content.count(b'id="credits"') == 0  # the rest follows by itself


def test_what_the_address_names_wrongly_gives_the_usual_view(client: Client) -> None:
    usual = text_of(client.get(GOAL))
    assert text_of(client.get(f"{GOAL}?model=best&by=moon&period=1y&compare=never")) == usual


def test_a_plan_is_tried_without_javascript(client: Client, credited: Organization) -> None:
    tried = {"revenue": "1.830", "margin": "45", "spent": "240", "hours": "11,9", "hour_cost": "28"}
    page = client.get(GOAL, tried)
    said = text_of(page)
    for expected in ("€824", "€573", "+44%", "€250 left over", "Back to what was"):
        assert expected in said, expected
    wrong = client.get(GOAL, tried | {"margin": "120", "spent": "much"})
    assert "A margin is at most 100 percent." in text_of(wrong)
    assert "This is no amount we can read." in text_of(wrong)
    assert 'value="much"' in wrong.content.decode()
    assert "short" in text_of(client.get(GOAL, tried | {"margin": "5"}))


def test_a_marketer_sets_several_goals(client: Client, organization: Organization) -> None:
    client.post(GOAL + "new/", FORTY)
    own = {
        "counts": "_typed",
        "event": "Table reserved",
        "cadence": "once",
        "first_day": "2026-12-01",
        "last_day": "2026-12-24",
        "scope": "chosen",
        "channels": ["instagram", "friend"],
        "name": "Advent",
    }
    page = text_of(client.post(GOAL + "new/", FORTY | own, follow=True))
    assert "Your goal: 40 × table_reserved from Dec. 1, 2026 to Dec. 24, 2026" in page
    assert "from Instagram and A friend only" in page
    assert "Advent" in page
    added = Goal.objects.get(name="Advent")
    assert (added.is_main, added.channels) == (False, ["instagram", "friend"])
    page = text_of(client.post(f"{GOAL}{added.pk}/main/", follow=True))
    assert "The overview now shows this goal" in page
    changed = client.post(f"{GOAL}{added.pk}/change/", FORTY | own | {"target": "50"}, follow=True)
    assert "Your goal: 50 ×" in text_of(changed)
    current = Goal.objects.get(name="Advent", ended_at=None)
    assert (current.is_main, current.pk != added.pk) == (True, True)
    assert "Ended:" in text_of(client.post(f"{GOAL}{current.pk}/end/", follow=True))
    assert Goal.objects.get(ended_at=None).counts == "order"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"counts": "_typed", "event": ""}, "Give the event&#x27;s name."),
        ({"counts": "_typed", "event": "Größe 1"}, "Letters a to z first"),
        ({"counts": "_typed", "event": "signup", "measure": "amount"}, "counted, not measured in money"),
        ({"cadence": "once"}, "needs both its days"),
        ({"cadence": "once", "first_day": "2026-12-02", "last_day": "2026-12-01"}, "comes after the first"),
        ({"cadence": "once", "first_day": "1900-12-02", "last_day": "2026-12-01"}, "too far away"),
        ({"cadence": "once", "first_day": "9999-12-31", "last_day": "9999-12-31"}, "too far away"),
        ({"scope": "chosen"}, "Choose at least one."),
        ({"counts": "sold out"}, "Select a valid choice"),
        ({"target": "lots"}, "This is no amount we can read."),
    ],
)
def test_a_goal_that_cannot_be_is_explained_and_kept(
    client: Client, change: dict[str, str], said: str
) -> None:
    page = client.post(GOAL + "new/", FORTY | {"name": "Mine"} | change)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert 'value="Mine"' in page.content.decode()
    assert not Goal.objects.exists()


def test_too_many_goals_are_refused(client: Client, organization: Organization) -> None:
    for target in range(12):
        add_goal(organization=organization, aim=Aim(counts=Kind.LEAD, target=Decimal(target + 1)))
    page = client.post(GOAL + "new/", FORTY)
    assert page.status_code == 422
    assert "You have 12 goals." in text_of(page)


def test_goals_are_for_those_who_may_change_them(
    viewer: User, stranger: User, sign_in: SignIn, organization: Organization
) -> None:
    goal = add_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(40)))
    for act in ("change", "main", "end"):
        assert sign_in(viewer).post(f"{GOAL}{goal.pk}/{act}/", FORTY).status_code == 403
        assert sign_in(stranger).post(f"{GOAL}{goal.pk}/{act}/", FORTY).status_code == 404
    assert "Change goal" not in text_of(sign_in(viewer).get(GOAL))
    goal.refresh_from_db()
    assert goal.ended_at is None


def test_a_goal_of_another_organization_is_not_found(
    client: Client, strangers_organization: Organization
) -> None:
    theirs = add_goal(organization=strangers_organization, aim=Aim(counts=Kind.ORDER, target=Decimal(7)))
    for act in ("change", "main", "end"):
        assert client.post(f"{GOAL}{theirs.pk}/{act}/", FORTY).status_code == 404


def test_past_periods_are_told_with_what_changed_since(client: Client, organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(3)))
    day = timezone.localdate().replace(day=1) - timedelta(days=20)
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    GoalResult.objects.create(goal=goal, first_day=first, last_day=last, reached=Decimal(4))
    record(organization, report(at=timezone.now() - (timezone.localdate() - day)))
    page = text_of(client.get(f"{GOAL}?more=yes"))
    assert "Reached 4 of 3 1 by now" in page


def test_markup_in_a_goals_name_is_shown_as_text(client: Client) -> None:
    client.post(GOAL + "new/", FORTY | {"name": "<script>alert(1)</script>"})
    client.post(GOAL + "new/", FORTY | {"name": "<img src=x>", "target": "41"})
    page = client.get(GOAL).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_more_goals_cost_no_more_queries(
    client: Client, organization: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for target in range(6):
        add_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(target + 1)))
    client.get(GOAL)
    for link, most in ((GOAL, 23), (f"{GOAL}more/", 23), (f"{GOAL}?more=yes", 27)):
        with django_assert_max_num_queries(most):
            client.get(link)


def test_a_named_event_of_the_goal_can_be_tapped_at_the_counter(
    client: Client, organization: Organization
) -> None:
    add_goal(organization=organization, aim=Aim(counts="table_reserved", target=Decimal(5)))
    page = client.get("/o/halden-coffee/counter/").content.decode()
    assert 'value="table_reserved"' in page
    tap = {"kind": "table_reserved", "amount": "30", "heard_of_us_from": "", "idempotency_key": uuid4().hex}
    assert "Today: 1 × table_reserved" in text_of(client.post("/o/halden-coffee/counter/", tap, follow=True))
    unknown = tap | {"kind": "never_heard", "idempotency_key": uuid4().hex}
    assert client.post("/o/halden-coffee/counter/", unknown).status_code == 422


def test_each_channel_leads_to_exactly_what_it_brought(client: Client, sales: Organization) -> None:
    page = BeautifulSoup(client.get(f"{GOAL}?more=yes").content, "html.parser")
    links = page.select("section[aria-labelledby=channels-title] a.name")
    listed = {
        link.text: len(BeautifulSoup(client.get(str(link["href"])).content, "html.parser").select("tbody tr"))
        for link in links
    }
    assert listed == {"Instagram": 10, "A friend": 5}
