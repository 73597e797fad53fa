"""Several goals: one is the main one, each has its period, and what was reached stays on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.charts import draw_days, draw_progress
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.models import Cadence, Goal, GoalResult, Kind, TrackedLink
from monitoring.conversions.selectors.goal_history import read_histories
from monitoring.conversions.selectors.goals import (
    Standing,
    goal_period,
    kinds_seen,
    list_goals,
    pace_per_day,
    period_before,
    read_progress,
    read_progresses,
)
from monitoring.conversions.services.goal_results import close_due_periods, close_periods
from monitoring.conversions.services.goals import (
    MOST_GOALS,
    Aim,
    TooManyGoals,
    add_goal,
    change_goal,
    end_goal,
    make_main,
    set_goal,
)
from monitoring.conversions.services.recording import record_conversions
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.conversions.wording import name_period, say_forecast, say_standing
from monitoring.lib.periods import ONE_DAY, Period, local_midnight
from tests.conversions.conftest import NOON, click, record, report

BERLIN = ZoneInfo("Europe/Berlin")
ORDERS = Aim(counts=Kind.ORDER, target=Decimal(40))
CALLS = Aim(counts=Kind.CALL, target=Decimal(5), cadence=Cadence.WEEK)
FAIR = Aim(
    counts="booth_visited",
    target=Decimal(100),
    cadence=Cadence.ONCE,
    first_day=date(2026, 6, 8),
    last_day=date(2026, 6, 14),
)


def goals_of(organization: Organization) -> list[tuple[str, bool]]:
    return [(goal.counts, goal.is_main) for goal in list_goals(organization=organization)]


@pytest.mark.django_db
def test_the_first_goal_is_the_main_one(organization: Organization) -> None:
    add_goal(organization=organization, aim=ORDERS)
    add_goal(organization=organization, aim=CALLS)
    assert goals_of(organization) == [("order", True), ("call", False)]
    add_goal(organization=organization, aim=FAIR, is_main=True)
    assert goals_of(organization) == [("booth_visited", True), ("order", False), ("call", False)]


@pytest.mark.django_db
def test_the_same_goal_is_not_set_twice(organization: Organization) -> None:
    assert add_goal(organization=organization, aim=ORDERS) == add_goal(organization=organization, aim=ORDERS)
    assert Goal.objects.count() == 1


@pytest.mark.django_db
def test_setting_the_main_goal_leaves_the_others(organization: Organization) -> None:
    add_goal(organization=organization, aim=ORDERS)
    add_goal(organization=organization, aim=CALLS)
    set_goal(organization=organization, aim=FAIR)
    assert goals_of(organization) == [("booth_visited", True), ("call", False)]


@pytest.mark.django_db
def test_another_goal_becomes_the_main_one(organization: Organization) -> None:
    add_goal(organization=organization, aim=ORDERS)
    calls = add_goal(organization=organization, aim=CALLS)
    make_main(goal=calls)
    assert goals_of(organization) == [("call", True), ("order", False)]
    end_goal(goal=calls)
    make_main(goal=calls)
    assert goals_of(organization) == [("order", True)]


@pytest.mark.django_db
def test_when_the_last_goal_ends_there_is_none(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=ORDERS)
    end_goal(goal=goal)
    ended = goal.ended_at
    end_goal(goal=goal)
    assert (goals_of(organization), goal.ended_at) == ([], ended)


@pytest.mark.django_db
def test_a_changed_goal_is_a_new_one_and_a_new_name_is_not(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=ORDERS)
    named = change_goal(goal=goal, aim=Aim(counts=Kind.ORDER, target=Decimal(40), name="Coffee"))
    assert (named.pk, named.name) == (goal.pk, "Coffee")
    changed = change_goal(goal=goal, aim=Aim(counts=Kind.ORDER, target=Decimal(50), name="Coffee"))
    goal.refresh_from_db()
    assert changed.pk != goal.pk
    assert goal.ended_at is not None
    assert change_goal(goal=goal, aim=CALLS) == goal
    assert goals_of(organization) == [("order", True)]


@pytest.mark.django_db
def test_a_dozen_goals_are_enough(organization: Organization) -> None:
    for target in range(1, MOST_GOALS + 1):
        add_goal(organization=organization, aim=Aim(counts=Kind.LEAD, target=Decimal(target)))
    with pytest.raises(TooManyGoals):
        add_goal(organization=organization, aim=ORDERS)


@pytest.mark.django_db(transaction=True)
def test_people_who_choose_at_once_leave_one_main_goal(organization: Organization) -> None:
    goals = [
        add_goal(organization=organization, aim=Aim(counts=Kind.LEAD, target=Decimal(target)))
        for target in range(1, 5)
    ]

    def choose(number: int) -> None:
        try:
            (make_main if number % 3 else end_goal)(goal=Goal.objects.get(pk=goals[number % 4].pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        list(people.map(choose, range(1, 9)))
    active = Goal.objects.filter(ended_at=None)
    assert active.filter(is_main=True).count() == min(1, active.count())


@pytest.mark.parametrize(
    "wrong",
    [
        {"cadence": Cadence.ONCE},
        {"cadence": Cadence.ONCE, "first_day": date(2026, 6, 2), "last_day": date(2026, 6, 1)},
        {"cadence": Cadence.ONCE, "first_day": date(2026, 6, 2), "last_day": date(2046, 6, 1)},
        {"cadence": Cadence.ONCE, "first_day": date(1900, 6, 2), "last_day": date(1900, 6, 3)},
        {"first_day": date(2026, 6, 2)},
        {"channels": ("instagram", "tv")},
        {"counts": "Two words"},
    ],
)
def test_a_goal_that_says_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Aim(**{"counts": Kind.ORDER, "target": Decimal(1), **wrong})  # type: ignore[arg-type]  # the keywords vary


@given(
    day=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    cadence=st.sampled_from([Cadence.WEEK, Cadence.MONTH, Cadence.QUARTER]),
    week_start=st.sampled_from([1, 6, 7]),
    zone=st.sampled_from(["Europe/Berlin", "America/Santiago", "Africa/Cairo", "Asia/Tokyo", "UTC"]),
)
def test_periods_follow_each_other_without_gap_or_overlap(
    day: date, cadence: str, week_start: int, zone: str
) -> None:
    goal = Goal(target=Decimal(60), cadence=cadence)
    period = goal_period(goal=goal, day=day, zone=ZoneInfo(zone), week_start=week_start)
    before = period_before(goal=goal, period=period)
    assert before.last + ONE_DAY == period.first
    assert before.ends_at == period.starts_at
    assert period_before(goal=goal, period=before).last + ONE_DAY == before.first
    hours = (period.ends_at - period.starts_at) / timedelta(hours=1)
    assert abs(hours - 24 * period.days) <= 1  # clocks may change once within it
    if cadence == Cadence.WEEK:
        assert (period.first.isoweekday(), period.days) == (week_start, 7)
    elif cadence == Cadence.QUARTER:
        assert (period.first.month % 3, period.first.day, period.days in (90, 91, 92)) == (1, 1, True)
    else:
        assert (period.first.day, (period.last + ONE_DAY).day) == (1, 1)


@given(first=st.dates(date(2000, 1, 1), date(2050, 1, 1)), days=st.integers(1, 400))
def test_before_dates_of_ones_own_lie_as_many_days(first: date, days: int) -> None:
    last = first + timedelta(days=days - 1)
    goal = Goal(target=Decimal(1), cadence=Cadence.ONCE, first_day=first, last_day=last)
    period = goal_period(goal=goal, day=date(2026, 1, 1), zone=BERLIN, week_start=1)
    before = period_before(goal=goal, period=period)
    assert (period.first, period.last) == (first, last)
    assert (before.days, before.last + ONE_DAY) == (days, first)
    around = Period(first - ONE_DAY, last + ONE_DAY, BERLIN)
    pace = pace_per_day(goal=goal, period=around)
    assert [float(pace[around.first]), float(pace[around.last])] == [0, 0]
    assert round(sum(pace.values()), 9) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "orders", "standing", "said"),
    [
        (datetime(2026, 6, 1, 12, tzinfo=UTC), 0, Standing.NOT_BEGUN, "It begins on June 8, 2026."),
        (datetime(2026, 6, 11, 22, 30, tzinfo=UTC), 1, Standing.BEHIND, "behind an even pace."),
        (
            datetime(2026, 6, 20, 12, tzinfo=UTC),
            1,
            Standing.MISSED,
            "The time is over, 99 × booth_visited short.",
        ),
        (datetime(2026, 6, 20, 12, tzinfo=UTC), 100, Standing.REACHED, "You reached your goal."),
    ],
)
def test_a_goal_that_comes_once_begins_and_ends(
    organization: Organization, now: datetime, orders: int, standing: Standing, said: str
) -> None:
    goal = add_goal(organization=organization, aim=FAIR)
    told = [report("booth_visited", at=datetime(2026, 6, 9, 10, tzinfo=UTC)) for _visit in range(orders)]
    record_conversions(organization=organization, reports=told)
    progress = read_progress(organization=organization, goal=goal, now=now)
    assert (progress.standing, int(progress.reached), int(progress.before)) == (standing, orders, 0)
    assert said in say_standing(progress)
    assert progress.needed_a_day >= 0
    chart = draw_progress(progress)
    assert len(chart.data["labels"]) == 7


@pytest.mark.django_db
def test_several_goals_are_read_in_one_query(
    organization: Organization, link: TrackedLink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visits = Aim(counts=Kind.VISIT, target=Decimal(10), cadence=Cadence.QUARTER)
    goals = [
        add_goal(organization=organization, aim=aim)
        for aim in (ORDERS, CALLS, visits, Aim(counts=Kind.VISIT, target=Decimal(9), channels=("x",)))
    ]
    record(organization, report())
    record(organization, report(Kind.CALL, at=NOON - timedelta(days=7)))
    record(organization, report(Kind.VISIT, channel="x"))
    store_clicks([click(link), click(link, visitor="two", at=NOON - timedelta(days=80))])
    with django_assert_num_queries(1):
        found = read_progresses(organization=organization, goals=goals, now=NOON)
    assert [(int(each.reached), int(each.before)) for each in found] == [(1, 0), (0, 1), (2, 1), (1, 0)]


@pytest.mark.django_db
def test_a_forecast_looks_like_an_estimate(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(90)))
    begun = read_progress(organization=organization, goal=goal, now=NOON)
    assert say_forecast(begun) == "Where it will end: too early to say."
    told = [report(at=NOON - timedelta(days=day)) for day in range(1, 60) for _order in range(1 + day % 3)]
    record_conversions(organization=organization, reports=told)
    progress = read_progress(organization=organization, goal=goal, now=NOON)
    assert progress.forecast is not None
    assert progress.forecast.low < progress.forecast.likely < progress.forecast.high
    said = say_forecast(progress)
    assert said.startswith(f"~{progress.forecast.likely} orders by the end; in eight cases of ten between ")
    assert said.endswith("Your goal is unlikely at this pace.")


@pytest.mark.django_db
def test_periods_that_are_over_are_closed_once(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=ORDERS)
    Goal.objects.update(created_at=datetime(2026, 3, 15, tzinfo=UTC))
    orders = [report(at=datetime(2026, month, 20, tzinfo=UTC)) for month in (2, 3, 4, 4, 6)]
    record_conversions(organization=organization, reports=orders)
    assert close_due_periods(now=NOON) == 3
    assert close_due_periods(now=NOON) == 0
    results = GoalResult.objects.order_by("first_day").values_list("first_day", "last_day", "reached")
    assert list(results) == [
        (date(2026, 3, 1), date(2026, 3, 31), Decimal(1)),
        (date(2026, 4, 1), date(2026, 4, 30), Decimal(2)),
        (date(2026, 5, 1), date(2026, 5, 31), Decimal(0)),
    ]
    assert close_due_periods(now=local_midnight(date(2026, 7, 1), BERLIN) - timedelta(seconds=1)) == 0
    assert close_due_periods(now=local_midnight(date(2026, 7, 1), BERLIN)) == 1
    assert goal.results.count() == 4


@pytest.mark.django_db
def test_a_goal_that_was_replaced_is_measured_by_what_it_finished(organization: Organization) -> None:
    first = add_goal(organization=organization, aim=ORDERS)
    Goal.objects.update(created_at=datetime(2026, 4, 2, tzinfo=UTC))
    changed = change_goal(goal=first, aim=Aim(counts=Kind.ORDER, target=Decimal(1)))
    Goal.objects.filter(pk=first.pk).update(ended_at=NOON - timedelta(days=5))
    Goal.objects.filter(pk=changed.pk).update(created_at=NOON - timedelta(days=5))
    close_due_periods(now=NOON + timedelta(days=1))
    record(organization, report())
    close_due_periods(now=datetime(2026, 7, 2, tzinfo=UTC))
    past = read_histories(goals=[changed])[changed.pk]
    assert [(each.result.first_day.month, int(each.target), each.was_reached) for each in past] == [
        (4, 40, False),
        (5, 40, False),
        (6, 1, True),
    ]


@pytest.mark.django_db
def test_a_goal_that_comes_once_is_closed_when_its_dates_are_over(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=FAIR)
    assert close_periods(goal=goal, now=datetime(2026, 6, 14, 12, tzinfo=UTC)) == 0
    assert close_due_periods(now=datetime(2026, 6, 15, 12, tzinfo=UTC)) == 1
    assert close_due_periods(now=datetime(2027, 6, 15, 12, tzinfo=UTC)) == 0


@pytest.mark.django_db
def test_a_later_refund_is_told(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    money = Aim(counts=Kind.ORDER, target=Decimal(100), measure="amount", currency="EUR")
    goal = add_goal(organization=organization, aim=money)
    Goal.objects.update(created_at=datetime(2026, 5, 2, tzinfo=UTC))
    order = record(organization, report(at=datetime(2026, 5, 20, tzinfo=UTC), amount="120"))
    close_due_periods(now=NOON)
    with django_assert_num_queries(2):
        (closed,) = read_histories(goals=[goal])[goal.pk]
    assert (closed.was_reached, closed.changed_since, closed.now) == (True, False, Decimal(120))
    refund = Refund(
        idempotency_key="back", occurred_at=datetime(2026, 5, 30, tzinfo=UTC), amount=Decimal("50.50")
    )
    record_refund(conversion=order, refund=refund)
    (told,) = read_histories(goals=[goal])[goal.pk]
    assert (told.was_reached, told.changed_since, told.now) == (True, True, Decimal("69.5"))


@pytest.mark.django_db
def test_histories_of_nothing_are_empty(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=ORDERS)
    assert read_histories(goals=[]) == {}
    assert read_histories(goals=[goal]) == {goal.pk: []}


@pytest.mark.django_db
def test_kinds_that_were_reported_are_offered(organization: Organization) -> None:
    record(organization, report("newsletter"))
    record(organization, report())
    record(organization, report("long_ago", at=NOON - timedelta(days=900)))
    assert kinds_seen(organization=organization, now=NOON) == ["newsletter", "order"]


def test_a_period_has_a_name() -> None:
    names = [
        name_period(Goal(cadence=cadence), date(2026, 4, 1), date(2026, 4, 30))
        for cadence in (Cadence.WEEK, Cadence.MONTH, Cadence.QUARTER, Cadence.ONCE)
    ]
    assert names == ["Week from Apr 1", "April 2026", "Q2 2026", "April 1, 2026 – April 30, 2026"]


@pytest.mark.parametrize("days", [1, 31, 92, 366, 1500])
def test_charts_of_any_length_have_a_figure_for_each_bucket(days: int) -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=days - 1), BERLIN)
    per_day = dict.fromkeys(period.each_day(), Decimal(2))
    chart = draw_days(Goal(target=Decimal(60)), period, per_day, [Decimal(1)] * (days + 3))
    assert {len(each["values"]) for each in chart.data["series"]} == {len(period.each_bucket())}
    assert sum(chart.data["series"][0]["values"]) == 2 * days
    assert sum(chart.data["series"][2]["values"]) == days
