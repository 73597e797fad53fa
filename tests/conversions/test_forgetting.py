"""Old clicks and visits are forgotten one by one, and not one of them is lost from the counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F, Sum

from accounts.models import Organization
from monitoring.conversions import forgetting
from monitoring.conversions.clicks.storing import store_clicks
from monitoring.conversions.forgetting import LEAST_DAYS, forget_details
from monitoring.conversions.models import Click, ClickDay, TrackedLink, Visit, VisitDay
from monitoring.conversions.rollups import miscounted_days, rebuild_conversion_days
from monitoring.privacy.facts import WhatIsStored
from tests.conversions.conftest import NOON, click

pytestmark = pytest.mark.django_db
KEPT = 500
Counts = dict[str, Any]


def counts() -> Counts:
    clicks = ClickDay.objects.filter(visits__gt=0) | ClickDay.objects.filter(bots__gt=0)
    return {
        "clicks": sorted(clicks.values_list("day", "link_id", "visits", "repeats", "bots")),
        "visits": sorted(VisitDay.objects.filter(visits__gt=0).values_list("day", "channel", "visits")),
    }


@pytest.fixture
def years(link: TrackedLink, organization: Organization) -> None:
    """Three years of clicks and visits, one of each every week, some by robots and some again."""

    def visit(at: datetime, number: int) -> Visit:
        return Visit(
            visit_id=uuid4(),
            organization=organization,
            occurred_at=at,
            visitor="v",
            channel="instagram",
            is_bot=number % 5 == 0,
        )

    moments = [NOON - timedelta(weeks=week) for week in range(160)]
    store_clicks(
        [click(link, at=at, visitor=f"{number}", is_bot=number % 7 == 0) for number, at in enumerate(moments)]
        + [
            click(link, at=at + timedelta(minutes=5), visitor=f"{number}")
            for number, at in enumerate(moments)
        ]
    )
    Visit.objects.bulk_create([visit(at, number) for number, at in enumerate(moments)])


def forget_all() -> int:
    forgotten = 0
    while batch := forget_details(now=NOON, kept_days=KEPT):
        forgotten += batch
    return forgotten


def test_old_ones_go_in_batches_and_their_numbers_stay(
    years: None, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 40)
    before = counts()
    assert forget_details(now=NOON, kept_days=KEPT) == 80
    assert counts() == before
    assert miscounted_days(organization=organization) == 0
    assert forget_all() > 100
    oldest = NOON - timedelta(days=KEPT + 1)
    assert not Click.objects.filter(clicked_at__lt=oldest).exists()
    assert not Visit.objects.filter(occurred_at__lt=oldest).exists()
    assert Click.objects.count() == 2 * Visit.objects.count() == 2 * len(range(0, KEPT + 1, 7))
    assert counts() == before
    assert miscounted_days(organization=organization) == 0


def test_the_page_that_tells_what_is_stored_counts_those_that_still_are(
    years: None, organization: Organization
) -> None:
    def told() -> int | None:
        (clicks,) = (each for each in WhatIsStored(organization).of_others if "Clicks" in each.what)
        return clicks.number

    before = told()
    assert before == Click.objects.count() + Visit.objects.filter(is_bot=False, click_id=None).count()
    forget_all()
    after = Click.objects.count() + Visit.objects.filter(is_bot=False, click_id=None).count()
    assert told() == after < before


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Europe/Berlin"])
def test_counting_anew_in_another_zone_loses_nothing(
    years: None, organization: Organization, zone: str
) -> None:
    forget_all()
    before = ClickDay.objects.aggregate(total=Sum(F("visits") + F("repeats") + F("bots")))
    frozen = [row for row in counts()["clicks"] if row[0] < (NOON - timedelta(days=KEPT + 1)).date()]
    organization.time_zone = zone
    organization.save(update_fields=["time_zone"])
    rebuild_conversion_days(organization=organization)
    assert ClickDay.objects.aggregate(total=Sum(F("visits") + F("repeats") + F("bots"))) == before
    assert [row for row in counts()["clicks"] if row in frozen] == frozen
    assert miscounted_days(organization=organization) == 0


def test_what_is_within_the_longest_window_stays_whatever_is_set(
    years: None, organization: Organization
) -> None:
    while forget_details(now=NOON, kept_days=1):
        continue
    assert Visit.objects.count() == len(range(0, LEAST_DAYS + 1, 7))


def test_nothing_is_forgotten_where_the_operator_wants_it_so(years: None) -> None:
    assert forget_details(now=NOON, kept_days=0) == 0
    assert Visit.objects.count() == 160
