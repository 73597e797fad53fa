"""What is usual where a clock hangs."""

from __future__ import annotations

import pytest

from accounts.choices import currency_choices, time_zone_choices
from accounts.places import usual_currency, usual_week_start, zones_by_currency


@pytest.mark.parametrize(
    ("time_zone", "currency"),
    [
        ("Europe/Zurich", "CHF"),
        ("America/New_York", "USD"),
        ("Asia/Kolkata", "INR"),
        ("Asia/Calcutta", "INR"),
        ("Europe/Vienna", "EUR"),
        ("UTC", None),
        ("Etc/GMT+5", None),
        ("Nowhere/Town", None),
    ],
)
def test_a_country_has_its_money(time_zone: str, currency: str | None) -> None:
    assert usual_currency(time_zone) == currency


def test_every_time_zone_that_can_be_chosen_is_answered() -> None:
    for _continent, zones in time_zone_choices():
        for zone, _place in zones:
            usual_week_start(zone)


def test_what_is_proposed_can_be_chosen() -> None:
    assert zones_by_currency().keys() <= dict(currency_choices()).keys()
    for currency, zones in zones_by_currency().items():
        assert {usual_currency(zone) for zone in zones} == {currency}
