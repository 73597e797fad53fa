"""What the first screen says of business, read at once, is what each question asked by itself would answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from monitoring.conversions.models import (
    Cadence,
    Channel,
    ClickDay,
    ConversionDay,
    Goal,
    Kind,
    TrackedLink,
    VisitDay,
)
from monitoring.conversions.selectors.counting import answer_numbers, conversions_per_day, what_counts
from monitoring.conversions.selectors.goals import read_progress
from monitoring.conversions.selectors.outcome import Outcome, read_outcome
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.lib.periods import Period
from tests.conversions.conftest import NOON

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
LAST = date(2026, 6, 10)
AGO = st.one_of(st.integers(0, 130), st.integers(360, 460))
CHANNELS = st.sampled_from([Channel.X, Channel.INSTAGRAM, Channel.FRIEND, ""])
KINDS = st.sampled_from([Kind.ORDER, Kind.VISIT])
CURRENCIES = st.sampled_from(["EUR", "USD", ""])
AIMS = st.one_of(
    st.none(),
    st.builds(
        Aim,
        counts=KINDS,
        target=st.just(Decimal(40)),
        cadence=st.sampled_from([Cadence.WEEK, Cadence.QUARTER]),
        channels=st.sampled_from([(), (Channel.X, Channel.INSTAGRAM)]),
    ),
    st.just(Aim(counts=Kind.ORDER, target=Decimal(40), measure="amount", currency="EUR")),
)


def read(organization: Organization, goal: Goal | None, period: Period, compared: Period) -> Outcome:
    return read_outcome(organization=organization, goal=goal, period=period, compared=compared, now=NOON)


def count(organization: Organization, ago: int, kind: str, number: int, **facts: Any) -> None:
    ConversionDay.objects.update_or_create(
        organization_id=organization.pk,
        day=LAST - timedelta(days=ago),
        kind=kind,
        defaults={"number": number, "amount": Decimal(7 * number) if facts["currency"] else Decimal(0)},
        **facts,
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    aim=AIMS,
    entries=st.lists(st.tuples(AGO, KINDS, st.integers(1, 9), CHANNELS, CURRENCIES), max_size=25),
    visits=st.lists(st.tuples(AGO, st.booleans(), CHANNELS, st.integers(1, 9)), max_size=15),
    ended=st.sampled_from([0, 0, 100, 370]),
    days=st.sampled_from([7, 30, 120]),
    a_year_ago=st.booleans(),
)
@example(
    aim=Aim(counts=Kind.VISIT, target=Decimal(5), channels=(Channel.INSTAGRAM,)),
    entries=[(3, Kind.VISIT, 2, Channel.INSTAGRAM, "")],
    visits=[(3, True, "", 4), (4, False, Channel.INSTAGRAM, 5), (401, True, "", 6), (401, False, "", 7)],
    ended=400,
    days=7,
    a_year_ago=False,
)
def test_each_question_is_answered_as_by_itself(
    organization: Organization,
    link: TrackedLink,
    aim: Aim | None,
    entries: list[tuple[int, str, int, str, str]],
    visits: list[tuple[int, bool, str, int]],
    ended: int,
    days: int,
    a_year_ago: bool,
) -> None:
    for table in (Goal, ConversionDay, ClickDay, VisitDay):
        table.objects.all().delete()
    goal = add_goal(organization=organization, aim=aim) if aim else None
    for ago, kind, number, channel, currency in entries:
        count(organization, ago, kind, number, channel=channel, currency=currency)
    for ago, by_link, channel, number in visits:
        key: dict[str, Any] = {"organization_id": organization.pk, "day": LAST - timedelta(days=ago)}
        if by_link:
            ClickDay.objects.update_or_create(**key, link_id=link.pk, defaults={"visits": number})
        else:
            VisitDay.objects.update_or_create(
                **key, channel=channel, campaign_id=0, defaults={"visits": number}
            )
    last = LAST - timedelta(days=ended)
    period = Period(last - timedelta(days=days - 1), last, BERLIN)
    compared = period.year_before() if a_year_ago else period.previous()

    found = read(organization, goal, period, compared)

    counted = what_counts(goal)
    assert found.answer == answer_numbers(
        organization=organization, period=period, kind=counted.kind, before=compared
    )
    assert found.per_day == conversions_per_day(organization=organization, period=period, counted=counted)
    assert found.progress == (goal and read_progress(organization=organization, goal=goal, now=NOON))


def test_it_takes_one_query(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    goal = add_goal(organization=organization, aim=Aim(counts=Kind.VISIT, target=Decimal(40)))
    count(organization, 3, Kind.VISIT, 2, channel=Channel.X, currency="")
    period = Period(LAST - timedelta(days=6), LAST, BERLIN)

    with django_assert_num_queries(1):
        found = read(organization, goal, period, period.previous())

    assert found.answer.now.number == 2
