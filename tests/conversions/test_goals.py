"""The goal, its pace, and the figures the overview and the goal page show."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.goal_forms import GoalForm
from monitoring.conversions.models import Cadence, Channel, Goal, Kind, Measure, TrackedLink
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.selectors.counting import (
    Counted,
    answer_numbers,
    conversions_per_day,
    what_counts,
)
from monitoring.conversions.selectors.goals import (
    Standing,
    find_goal,
    goal_period,
    pace_per_day,
    read_progress,
)
from monitoring.conversions.services.goals import Aim, set_goal
from monitoring.conversions.wording import say_goal, say_standing
from monitoring.lib.periods import Period
from tests.conversions.conftest import NOON, click, record, report

BERLIN = ZoneInfo("Europe/Berlin")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), BERLIN)
FORTY = Aim(counts=Kind.ORDER, target=Decimal(40))


@pytest.mark.django_db
def test_a_changed_goal_ends_the_one_before(organization: Organization) -> None:
    first = set_goal(organization=organization, aim=FORTY)
    same = set_goal(organization=organization, aim=FORTY)
    changed = set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(50)))
    first.refresh_from_db()
    assert (same.pk, first.ended_at is not None) == (first.pk, True)
    assert find_goal(organization=organization) == changed


@pytest.mark.django_db(transaction=True)
def test_two_people_who_set_a_goal_at_once_leave_one(organization: Organization) -> None:
    def choose(target: int) -> None:
        try:
            set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(target)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        list(people.map(choose, range(1, 9)))
    assert Goal.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": Decimal(0)},
        {"target": Decimal("1.5")},
        {"measure": Measure.AMOUNT},
        {"currency": "EUR"},
        {"counts": Kind.VISIT, "measure": Measure.AMOUNT, "currency": "EUR"},
    ],
)
def test_a_goal_that_cannot_be_measured_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Aim(**{"counts": Kind.ORDER, "target": Decimal(1), **wrong})  # type: ignore[arg-type]  # the keywords vary


@given(
    day=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    cadence=st.sampled_from(Cadence.values),
    week_start=st.sampled_from([1, 6, 7]),
)
def test_every_day_lies_in_its_goals_period_and_the_pace_adds_up_to_the_target(
    day: date, cadence: str, week_start: int
) -> None:
    goal = Goal(target=Decimal(60), cadence=cadence)
    period = goal_period(goal=goal, day=day, zone=BERLIN, week_start=week_start)
    assert period.first <= day <= period.last
    assert all(
        goal_period(goal=goal, day=each, zone=BERLIN, week_start=week_start) == period
        for each in period.each_day()
    )
    assert round(sum(pace_per_day(goal=goal, period=period).values()), 9) == 60


@pytest.mark.django_db
def test_progress_compares_with_an_even_pace(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    goal = set_goal(organization=organization, aim=FORTY)
    for day in (1, 1, 2, 9, 10):
        record(organization, report(at=datetime(2026, 6, day, 8, tzinfo=UTC)))
    for _order in range(3):
        record(organization, report(at=datetime(2026, 5, 31, 12, tzinfo=UTC)))
    record(organization, report(Kind.LEAD))
    with django_assert_num_queries(1):
        progress = read_progress(
            organization=organization, goal=goal, now=datetime(2026, 6, 15, 22, tzinfo=UTC)
        )
    assert (progress.period.first, progress.reached, progress.before) == (
        date(2026, 6, 1),
        Decimal(5),
        Decimal(3),
    )
    assert (progress.expected, progress.to_go, progress.days_left) == (Decimal(20), Decimal(35), 15)
    assert progress.standing == Standing.BEHIND
    assert say_standing(progress) == (
        "15 orders behind an even pace. 2.3 a day would still do it. 15 days left, today included."
    )


@pytest.mark.django_db
def test_a_business_that_joined_today_is_not_behind_yet(organization: Organization) -> None:
    now = datetime(2026, 6, 21, 12, tzinfo=UTC)
    organization.created_at = now - timedelta(minutes=10)
    goal = set_goal(organization=organization, aim=FORTY)

    assert read_progress(organization=organization, goal=goal, now=now).standing == Standing.TOO_EARLY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "orders", "standing"),
    [(2, 0, Standing.TOO_EARLY), (16, 2, Standing.AHEAD), (16, 1, Standing.BEHIND), (2, 4, Standing.REACHED)],
)
def test_the_standing_says_too_early_rather_than_wrong(
    organization: Organization, day: int, orders: int, standing: Standing
) -> None:
    goal = set_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(4)))
    for _order in range(orders):
        record(organization, report(at=datetime(2026, 6, 1, 12, tzinfo=UTC)))
    now = datetime(2026, 6, day, 12, tzinfo=UTC) - timedelta(days=day == 16)
    assert read_progress(organization=organization, goal=goal, now=now).standing == standing


@pytest.mark.django_db
def test_a_goal_in_money_adds_its_own_currency_alone(organization: Organization) -> None:
    goal = set_goal(
        organization=organization,
        aim=Aim(counts=Kind.ORDER, target=Decimal(100), measure=Measure.AMOUNT, currency="EUR"),
    )
    for amount, currency in (("0.10", "EUR"), ("0.20", "EUR"), ("50", "USD")):
        record(organization, report(amount=amount, currency=currency))
    record(organization, report())
    assert read_progress(organization=organization, goal=goal, now=NOON).reached == Decimal("0.30")


@pytest.mark.django_db
def test_visits_are_people_who_followed_a_link_and_visits_at_the_counter(
    organization: Organization, link: TrackedLink, strangers_link: TrackedLink
) -> None:
    store_clicks(
        [
            click(link, visitor="one"),
            click(link, visitor="two"),
            click(link, visitor="two"),
            click(link, visitor="robot", is_bot=True),
            click(strangers_link),
        ]
    )
    record(organization, report(Kind.VISIT, channel=Channel.FRIEND))
    brought = conversions_per_day(organization=organization, period=JUNE, counted=Counted(Kind.VISIT))
    assert (len(brought), brought[date(2026, 6, 10)]) == (30, Decimal(3))
    assert sum(brought.values()) == 3
    social = Counted(Kind.VISIT, channels=SOCIAL)
    assert sum(conversions_per_day(organization=organization, period=JUNE, counted=social).values()) == 2
    answer = answer_numbers(organization=organization, period=JUNE, kind=Kind.VISIT)
    assert (answer.now.number, answer.now.social_number, answer.before.number) == (3, 2, 0)
    assert answer.now.by_channel == {"instagram": 2, "friend": 1}


@pytest.mark.django_db
def test_the_answer_tells_social_from_all_and_now_from_before(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    record(organization, report(amount="12.50", channel=Channel.INSTAGRAM))
    record(organization, report(amount="7.25", channel=Channel.WALK_IN))
    record(organization, report(amount="9", currency="USD", channel=Channel.X))
    record(organization, report(amount="3", at=datetime(2026, 5, 20, tzinfo=UTC)))
    record(organization, report(amount="99", at=datetime(2026, 4, 20, tzinfo=UTC)))
    with django_assert_num_queries(1):
        answer = answer_numbers(organization=organization, period=JUNE)
    assert (answer.now.number, answer.now.amount) == (3, Decimal("19.75"))
    assert (answer.now.social_number, answer.now.social_amount) == (2, Decimal("12.50"))
    assert (answer.before.number, answer.before.amount, answer.other_currencies) == (1, Decimal(3), 1)


def test_without_a_goal_orders_are_counted() -> None:
    assert what_counts(None) == Counted(Kind.ORDER)


@pytest.mark.parametrize(
    ("language", "target", "means"),
    [
        ("en", "1,234", 1234),
        ("de", "1.234", 1234),
        ("en", "3000.50", Decimal("3000.50")),
        ("de", "3.000,50", Decimal("3000.50")),
    ],
)
def test_a_target_is_read_in_the_readers_way(language: str, target: str, means: Decimal) -> None:
    with translation.override(language):
        data = {
            "counts": "order",
            "measure": "amount",
            "target": target,
            "currency": "EUR",
            "cadence": "week",
        }
        form = GoalForm(data | {"scope": "social"})
        assert form.is_valid(), form.errors
        assert (form.aim().target, form.aim().channels) == (means, SOCIAL)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"target": "0"}, "target"),
        ({"target": "-5"}, "target"),
        ({"target": "many"}, "target"),
        ({"target": "1.5"}, "target"),
        ({"counts": "visit", "measure": "amount"}, "measure"),
        ({"cadence": "year"}, "cadence"),
    ],
)
def test_a_goal_that_cannot_be_is_explained(change: dict[str, str], field: str) -> None:
    data = {
        "counts": "order",
        "measure": "number",
        "target": "40",
        "currency": "EUR",
        "cadence": "month",
        "scope": "all",
    }
    assert GoalForm(data).is_valid()
    form = GoalForm(data | change)
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_a_goal_is_said_in_a_sentence() -> None:
    goal = Goal(
        counts=Kind.ORDER, measure=Measure.AMOUNT, target=Decimal(3000), currency="EUR", cadence=Cadence.MONTH
    )
    assert say_goal(goal) == "€3,000 of sales every month"
    orders = Goal(counts=Kind.ORDER, target=Decimal(1), cadence=Cadence.WEEK, channels=["x"])
    assert say_goal(orders) == "1 order every week, from X only"
    orders.channels = list(SOCIAL)
    assert say_goal(orders) == "1 order every week, from social media only"
    orders.channels = ["instagram", "friend"]
    assert say_goal(orders) == "1 order every week, from Instagram and A friend only"
    calls = Goal(counts="table_reserved", target=Decimal(20), cadence=Cadence.ONCE)
    calls.first_day, calls.last_day = date(2026, 6, 1), date(2026, 6, 14)
    assert say_goal(calls) == "20 × table_reserved from June 1, 2026 to June 14, 2026"
