"""The goals page in a browser: a plan works itself out while one types, and without JavaScript by the server."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Organization, SetupStep, User
from monitoring.conversions.crediting.days import credit_due_days
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import (
    Assumptions,
    Cadence,
    Channel,
    Conversion,
    Goal,
    GoalResult,
    Kind,
    Origin,
    TrackedLink,
)
from monitoring.conversions.services.costs import Expense, record_spend
from monitoring.conversions.services.goal_results import close_due_periods
from monitoring.conversions.services.goals import Aim, add_goal, set_goal
from monitoring.conversions.services.recording import Report, record_conversions
from monitoring.conversions.services.refunding import Refund, record_refund
from tests.browsers import let_in
from tests.cast import SignIn
from tests.e2e.looking import Looker
from tests.e2e.markup import Markup, faults_of_markup
from tests.filled_business import fill

TRIED = {"revenue": "1830", "margin": "45", "spent": "240", "hours": "11.9", "hour_cost": "28"}
RESULTS = {"earned": "€824", "cost": "€573", "gain": "+44%", "left": "€250 left over"}


@pytest.fixture
def business(transactional_db: None, organization: Organization) -> Organization:
    """Three months of orders, a margin, advertisements, and several goals with a past."""
    fill(organization)
    now = timezone.now()
    Organization.objects.update(created_at=now - timedelta(days=400))
    link = TrackedLink.objects.get(label="Autumn menu")
    told = [
        Report(
            kind=Kind.ORDER,
            origin=Origin.API,
            idempotency_key=uuid4().hex,
            occurred_at=now - timedelta(hours=9 * number),
            amount=Decimal(20 + number % 7),
            currency="EUR",
            heard_of_us_from=Channel.INSTAGRAM if number % 2 else "",
            link=link if number % 2 else None,
        )
        for number in range(240)
    ]
    record_conversions(organization=organization, reports=told)
    Assumptions.objects.update_or_create(
        organization=organization, defaults={"margin": Decimal(45), "hourly_rate": Decimal(28)}
    )
    today = timezone.localdate()
    ads = Expense(amount_a_day=Decimal(20), currency="EUR", first_day=today - timedelta(days=9), last_day=today,
                  channel=Channel.INSTAGRAM)  # fmt: skip
    record_spend(organization=organization, expense=ads, idempotency_key=uuid4().hex)
    _set_goals(organization)
    find_touches(now=timezone.now())
    credit_due_days(seconds=30)
    return organization


def _set_goals(organization: Organization) -> None:
    today = timezone.localdate()
    set_goal(
        organization=organization,
        aim=Aim(counts=Kind.ORDER, target=Decimal(3000), measure="amount", currency="EUR"),
    )
    add_goal(
        organization=organization,
        aim=Aim(counts=Kind.ORDER, target=Decimal(18), cadence=Cadence.WEEK, name="Busy weeks"),
    )
    add_goal(
        organization=organization,
        aim=Aim(counts="table_reserved", target=Decimal(60), cadence=Cadence.ONCE, first_day=today + timedelta(days=3),
                last_day=today + timedelta(days=20), channels=("instagram",)),
    )  # fmt: skip
    Goal.objects.update(created_at=timezone.now() - timedelta(days=80))
    close_due_periods(now=timezone.now())
    _give_money_back(GoalResult.objects.filter(goal__cadence=Cadence.MONTH).latest("first_day"))


def _give_money_back(result: GoalResult) -> None:
    """After the period was closed."""
    days = (result.first_day, result.last_day)
    order = Conversion.objects.filter(amount__gt=0, occurred_at__date__range=days)[0]
    refund = Refund(idempotency_key=uuid4().hex, occurred_at=order.occurred_at, cancels=True)
    record_refund(conversion=order, refund=refund)


@pytest.fixture
def client(owner: User, sign_in: SignIn) -> Client:
    return sign_in(owner)


@pytest.fixture
def goals(transactional_db: None, organization: Organization) -> str:
    Organization.objects.update(setup_step=SetupStep.DONE)
    return reverse("conversions:goal", args=[organization.slug])


def test_a_page_full_of_goals_is_in_order(
    page: Page, live_server: LiveServer, business: Organization, client: Client, goals: str, looker: Looker
) -> None:
    let_in(page.context, client, live_server.url)
    links = {
        "goals": goals,
        "goals by post": f"{goals}?by=post&model=linear&period=90d&compare=year&more=yes",
    }
    for name, link in links.items():
        looker.findings += faults_of_markup(Markup(client.get(link).content))
        looker.look_at_by_day_and_night(name, link)
    assert not looker.findings, "\n".join(looker.findings)


def test_a_plan_works_itself_out(page: Page, live_server: LiveServer, client: Client, goals: str) -> None:
    let_in(page.context, client, live_server.url)
    page.goto(f"{live_server.url}{goals}")
    for name, typed in TRIED.items():
        page.fill(f"#id_{name}", typed)
    for name, expected in RESULTS.items():
        expect(page.locator(f"[data-plan-{name}]")).to_have_text(expected)
    page.fill("#id_revenue", "1.830,00")
    expect(page.locator("[data-plan-earned]")).to_have_text("€824")
    page.fill("#id_margin", "")
    expect(page.locator("[data-plan-gain]")).to_have_text("No margin entered")
    page.press("#id_margin", "Enter")
    expect(page).to_have_url(re.compile(f"{goals}$"))


def test_a_plan_is_worked_out_by_the_server_without_javascript(
    browser: Browser, live_server: LiveServer, client: Client, goals: str
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-US")
    try:
        page = context.new_page()
        let_in(page.context, client, live_server.url)
        page.goto(f"{live_server.url}{goals}?period=90d")
        for name, typed in TRIED.items():
            page.fill(f"#id_{name}", typed)
        page.get_by_role("button", name="Work it out").click()
        for name, expected in RESULTS.items():
            expect(page.locator(f"[data-plan-{name}]")).to_have_text(expected)
        expect(page).to_have_url(re.compile("period=90d"))
    finally:
        context.close()
