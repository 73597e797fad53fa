"""What a closed period of a goal comes to is kept, and counted anew only when a count of its days changed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Organization
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.models import Channel, Goal, Kind, TrackedLink
from monitoring.conversions.rollups import rebuild_conversion_days
from monitoring.conversions.selectors.goal_history import read_histories
from monitoring.conversions.services.goal_results import close_due_periods, recount_closed_periods
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.conversions.services.recording import void_conversion
from tests.conversions.conftest import NOON, click, record, report

IN_MAY = datetime(2026, 5, 20, tzinfo=UTC)
IN_JUNE = datetime(2026, 6, 3, tzinfo=UTC)
ORDERS = Aim(counts=Kind.ORDER, target=Decimal(40))


def closed_in_may(organization: Organization, aim: Aim = ORDERS) -> Goal:
    goal = add_goal(organization=organization, aim=aim)
    Goal.objects.update(created_at=datetime(2026, 5, 2, tzinfo=UTC))
    close_due_periods(now=NOON)
    return goal


def kept(goal: Goal) -> list[Decimal | None]:
    """What the one closed period is known to come to before it is recounted, and after; the page tells the latter at
    once."""
    (before,) = goal.results.values_list("comes_to", flat=True)
    (shown,) = read_histories(goals=[goal])[goal.pk]
    recount_closed_periods()
    (after,) = goal.results.values_list("comes_to", flat=True)
    assert shown.now == after
    return [before, after]


@pytest.mark.django_db
def test_it_is_counted_anew_when_an_entry_of_its_days_comes_or_goes(organization: Organization) -> None:
    goal = closed_in_may(organization)
    assert kept(goal) == [None, 0]
    assert recount_closed_periods() == 0
    record(organization, report(at=IN_JUNE))
    assert kept(goal) == [0, 0]
    order = record(organization, report(at=IN_MAY))
    assert kept(goal) == [None, 1]
    record(organization, report(at=IN_MAY))
    assert kept(goal) == [None, 2]
    void_conversion(conversion=order)
    assert kept(goal) == [None, 1]
    rebuild_conversion_days(organization=organization)
    assert kept(goal) == [None, 1]


@pytest.mark.django_db
def test_visits_are_counted_anew_when_a_click_comes_late_or_its_link_changes(
    organization: Organization, link: TrackedLink
) -> None:
    visits = Aim(counts=Kind.VISIT, target=Decimal(40), channels=(Channel.INSTAGRAM,))
    goal, orders = closed_in_may(organization, visits), closed_in_may(organization)
    assert kept(goal) == [None, 0]
    assert kept(orders) == [0, 0]
    store_clicks([click(link, at=IN_MAY, visitor="one")])
    assert kept(goal) == [None, 1]
    link.label = "Spring menu"
    link.save()
    assert kept(goal) == [1, 1]
    link.channel = Channel.X
    link.save()
    assert list(orders.results.values_list("comes_to", flat=True)) == [0]
    assert kept(goal) == [None, 0]


@pytest.mark.django_db
def test_what_others_count_changes_nothing_of_ours(
    organization: Organization, strangers_organization: Organization
) -> None:
    goal, theirs = closed_in_may(organization), closed_in_may(strangers_organization)
    recount_closed_periods()
    record(strangers_organization, report(at=IN_MAY))
    assert list(theirs.results.values_list("comes_to", flat=True)) == [None]
    assert kept(goal) == [0, 0]
    assert kept(theirs) == [1, 1]


@pytest.mark.django_db
def test_a_day_that_lost_all_it_had_is_counted_anew(organization: Organization) -> None:
    goal = closed_in_may(organization)
    record(organization, report(at=IN_MAY))
    assert kept(goal) == [None, 1]
    with connection.cursor() as cursor:
        cursor.execute("delete from conversions_conversionday where organization_id = %s", [organization.pk])
    assert kept(goal) == [None, 0]
