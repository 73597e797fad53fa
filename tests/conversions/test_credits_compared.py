"""Two queries say of both periods what one question for each of them says."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.models import CreditModel, Kind
from monitoring.conversions.selectors.credits import CreditedTo, CreditRow, credits_by
from monitoring.conversions.selectors.credits_compared import compare_last_touch
from monitoring.lib.periods import Period, last_days
from tests.filled_business import fill

pytestmark = pytest.mark.django_db


def asked_singly(
    organization: Organization, period: Period, by: CreditedTo, kind: str
) -> dict[object, CreditRow]:
    rows = credits_by(organization=organization, period=period, model=CreditModel.LAST, by=by, kind=kind)
    return {row.key: row for row in rows}


def something(rows: dict[str, CreditRow] | dict[int, CreditRow]) -> dict[object, CreditRow]:
    return {key: row for key, row in rows.items() if row.number or row.amounts or row.visits}


@pytest.mark.parametrize("days", [3, 30])
def test_both_periods_are_what_each_is_alone(organization: Organization, days: int) -> None:
    fill(organization)
    period = last_days(days, now=timezone.now(), zone=ZoneInfo(organization.time_zone))
    compared = compare_last_touch(organization=organization, period=period, kind=Kind.ORDER)

    assert compared[0].channels
    assert any(compared[0].posts)
    for found, each in zip(compared, (period, period.previous()), strict=True):
        channels = asked_singly(organization, each, CreditedTo.CHANNEL, Kind.ORDER)
        posts = asked_singly(organization, each, CreditedTo.POST, Kind.ORDER)
        assert something(found.channels) == channels
        assert something(found.posts) == posts
