"""What goals count by day: those that count the same are read once, and none of them notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.models import (
    Cadence,
    Channel,
    ClickDay,
    ConversionDay,
    Goal,
    Kind,
    Measure,
    TrackedLink,
    VisitDay,
)
from monitoring.conversions.selectors.counting import conversions_per_day, what_counts
from monitoring.conversions.selectors.goal_days import days_of_goals
from monitoring.conversions.selectors.goal_history import read_histories
from monitoring.conversions.selectors.goals import read_progresses
from monitoring.conversions.services.goal_results import close_due_periods
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.lib.periods import Period
from tests.conversions.conftest import NOON, click, record, report

pytestmark = pytest.mark.django_db
FIRST = date(2026, 6, 1)
DAYS = st.integers(0, 20).map(lambda number: FIRST + timedelta(days=number))
CHANNELS = st.sampled_from([Channel.X, Channel.INSTAGRAM, ""])
KINDS = st.sampled_from([Kind.ORDER, Kind.BOOKING, Kind.VISIT])
CURRENCIES = st.sampled_from(["EUR", "USD", ""])
GOALS = st.tuples(
    KINDS, CURRENCIES, st.sampled_from([[], [Channel.X], [Channel.X, Channel.INSTAGRAM]]), DAYS, DAYS
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    goals=st.lists(GOALS, min_size=1, max_size=6),
    entries=st.lists(st.tuples(DAYS, KINDS, CHANNELS, CURRENCIES, st.integers(1, 9)), max_size=30),
    visits=st.lists(st.tuples(DAYS, st.booleans(), CHANNELS, st.integers(1, 9)), max_size=15),
)
def test_each_goal_gets_its_own_days(
    organization: Organization,
    link: TrackedLink,
    goals: list[tuple[str, str, list[str], date, date]],
    entries: list[tuple[date, str, str, str, int]],
    visits: list[tuple[date, bool, str, int]],
) -> None:
    for table in (ConversionDay, ClickDay, VisitDay):
        table.objects.all().delete()
    for day, kind, channel, currency, number in entries:
        key: dict[str, Any] = {"day": day, "kind": kind, "channel": channel, "currency": currency}
        facts: dict[str, Any] = {"number": number, "amount": Decimal(7 * number) if currency else Decimal(0)}
        ConversionDay.objects.update_or_create(organization_id=organization.pk, **key, defaults=facts)
    for day, by_link, channel, number in visits:
        owner: dict[str, Any] = {"organization_id": organization.pk, "day": day}
        if by_link:
            ClickDay.objects.update_or_create(**owner, link_id=link.pk, defaults={"visits": number})
        else:
            where: dict[str, Any] = {"channel": channel, "campaign_id": 0}
            VisitDay.objects.update_or_create(**owner, **where, defaults={"visits": number})
    spans = []
    for place, (kind, paid_in, channels, one, other) in enumerate(goals):
        currency = "" if kind == Kind.VISIT else paid_in
        goal = Goal(
            pk=place + 1,
            organization=organization,
            counts=kind,
            measure=Measure.AMOUNT if currency else Measure.NUMBER,
            currency=currency,
            channels=channels,
        )
        spans.append((goal, min(one, other), max(one, other)))

    found = days_of_goals(spans=spans)

    for goal, first, last in spans:
        period = Period(first, last, ZoneInfo("Europe/Berlin"))
        each = conversions_per_day(organization=organization, period=period, counted=what_counts(goal))
        assert {day: brought for day, brought in found[goal.pk].items() if brought} == {
            day: brought for day, brought in each.items() if brought
        }


def test_what_the_closed_period_before_came_to_is_not_counted_again(
    organization: Organization, link: TrackedLink, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    aims = (
        Aim(counts=Kind.VISIT, target=Decimal(10), cadence=Cadence.QUARTER),
        Aim(counts=Kind.ORDER, target=Decimal(10), cadence=Cadence.MONTH),
        Aim(counts=Kind.ORDER, target=Decimal(99), measure="amount", currency="EUR", cadence=Cadence.WEEK),
    )
    goals = [add_goal(organization=organization, aim=aim) for aim in aims]
    Goal.objects.update(created_at=datetime(2026, 1, 2, tzinfo=UTC))
    for days in (1, 8, 20, 100, 150):
        record(organization, report(at=NOON - timedelta(days=days), amount="30"))
        store_clicks([click(link, at=NOON - timedelta(days=days))])
    close_due_periods(now=NOON)
    for days in (9, 21, 101):  # later, of days that are over
        record(organization, report(at=NOON - timedelta(days=days), amount="5"))
        store_clicks([click(link, at=NOON - timedelta(days=days))])

    counted = read_progresses(organization=organization, goals=goals, now=NOON)
    histories = read_histories(goals=goals)
    with django_assert_num_queries(1):
        known = read_progresses(organization=organization, goals=goals, now=NOON, histories=histories)

    assert known == counted
    assert [int(each.before) for each in known] == [3, 2, 35]


def test_a_closed_period_of_other_days_is_not_taken_for_the_one_before(organization: Organization) -> None:
    goal = add_goal(organization=organization, aim=Aim(counts=Kind.ORDER, target=Decimal(10)))
    Goal.objects.update(created_at=datetime(2026, 3, 2, tzinfo=UTC))
    record(organization, report(at=datetime(2026, 4, 20, tzinfo=UTC)))
    close_due_periods(now=datetime(2026, 5, 2, tzinfo=UTC))
    histories = read_histories(goals=[goal])

    (known,) = read_progresses(organization=organization, goals=[goal], now=NOON, histories=histories)

    assert [each.now for each in histories[goal.pk]] == [0, 1]
    assert known.before == 0
