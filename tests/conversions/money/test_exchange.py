"""What an amount is worth in another currency: the rate's day, whose rate it is, and no rounding before the end."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from monitoring.conversions.models import OwnRate, ReferenceRate
from monitoring.conversions.money.exchange import (
    Converted,
    convert,
    find_rates,
    round_money,
)
from monitoring.lib.money import decimals_of

pytestmark = pytest.mark.django_db

FRIDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 22)


def publish(currency: str, per_euro: str, day: date = FRIDAY) -> None:
    ReferenceRate.objects.create(currency=currency, day=day, per_euro=Decimal(per_euro))


def enter(organization: Organization, currency: str, per_euro: str, day: date = FRIDAY) -> None:
    OwnRate.objects.create(organization=organization, currency=currency, day=day, per_euro=Decimal(per_euro))


def converted(
    organization: Organization, amount: str, currency: str, to: str, day: date = FRIDAY
) -> Converted:
    found = convert(organization=organization, amount=Decimal(amount), currency=currency, to=to, day=day)
    assert found is not None
    return found


def test_on_a_weekend_the_last_rate_holds(organization: Organization) -> None:
    publish("USD", "1.25")

    found = converted(organization, "10", "USD", "EUR", SUNDAY)

    assert found.value == 8
    assert found.rate is not None
    assert (found.rate.day, found.rate.is_own) == (FRIDAY, False)


def test_two_currencies_meet_over_the_euro(organization: Organization) -> None:
    publish("USD", "1.0817")
    publish("JPY", "162.43")

    assert converted(organization, "100", "USD", "JPY").value == 15016  # 100 ÷ 1.0817 × 162.43 = 15,016.1…
    assert converted(organization, "15016", "JPY", "USD").value == Decimal("100.00")


def test_a_cross_rate_is_as_old_as_the_older_one(organization: Organization) -> None:
    publish("USD", "1.0817", FRIDAY - timedelta(days=3))
    publish("JPY", "162.43", FRIDAY)

    rate = converted(organization, "1", "USD", "JPY", SUNDAY).rate

    assert rate is not None
    assert rate.day == FRIDAY - timedelta(days=3)


@pytest.mark.parametrize(
    ("currency", "value"), [("EUR", "0.33"), ("JPY", "1"), ("KWD", "0.333"), ("CLF", "0.3333")]
)
def test_a_value_has_as_many_decimals_as_its_currency(
    organization: Organization, currency: str, value: str
) -> None:
    for each in ("USD", "JPY", "KWD", "CLF"):
        publish(each, "1" if each != "USD" else "3")
    amount = "3" if currency == "JPY" else "1"

    found = converted(organization, amount, "USD", currency)

    assert found.value == Decimal(value)
    assert -int(found.value.as_tuple().exponent) == decimals_of(currency)


def test_halves_go_up() -> None:
    assert round_money(Decimal("0.125"), "EUR") == Decimal("0.13")
    assert round_money(Decimal("-0.125"), "EUR") == Decimal("-0.13")
    assert round_money(Decimal("0.5"), "JPY") == 1


def test_an_own_rate_wins_for_its_organization_alone(
    organization: Organization, strangers_organization: Organization
) -> None:
    publish("USD", "1.25", SUNDAY)
    enter(organization, "USD", "2", FRIDAY)

    assert converted(organization, "10", "USD", "EUR", SUNDAY).value == 5
    assert converted(strangers_organization, "10", "USD", "EUR", SUNDAY).value == 8
    assert (
        convert(
            organization=organization,
            amount=Decimal(1),
            currency="USD",
            to="EUR",
            day=FRIDAY - timedelta(days=1),
        )
        is None
    )


def test_a_rate_that_is_no_longer_published_is_not_used_for_ever(organization: Organization) -> None:
    publish("HRK", "7.5365", FRIDAY - timedelta(days=32))

    assert convert(organization=organization, amount=Decimal(1), currency="HRK", to="EUR", day=FRIDAY) is None

    enter(organization, "HRK", "7.5345", FRIDAY - timedelta(days=3000))
    assert converted(organization, "7.5345", "HRK", "EUR").value == 1


def test_the_same_currency_needs_no_rate(organization: Organization) -> None:
    assert converted(organization, "10.505", "EUR", "EUR") == Converted(Decimal("10.51"), "EUR", None)


def test_without_foreign_money_nothing_is_asked(organization: Organization) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert find_rates(organization=organization, to="EUR", wanted=[("EUR", FRIDAY)]) == {}

    assert not queries
