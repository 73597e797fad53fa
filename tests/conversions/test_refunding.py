"""Refunds and cancellations: subtracted once, on their own day, never more than there was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import Organization
from monitoring.conversions.models import Conversion, ConversionDay, Kind, Origin
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.services.recording import (
    Report,
    record_conversion,
    restore_conversion,
    void_conversion,
)
from monitoring.conversions.services.refunding import Refund, record_refund

SOLD_AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def sell(organization: Organization, amount: str | None = "30") -> Conversion:
    report = Report(
        kind=Kind.ORDER,
        origin=Origin.API,
        idempotency_key="order-1",
        occurred_at=SOLD_AT,
        amount=None if amount is None else Decimal(amount),
        currency="EUR" if amount else "",
    )
    return record_conversion(organization=organization, report=report).conversion


def give_back(
    conversion: Conversion, amount: str | None, *, key: str = "refund-1", cancels: bool = False
) -> None:
    refund = Refund(
        idempotency_key=key,
        occurred_at=SOLD_AT + timedelta(days=3),
        amount=None if amount is None else Decimal(amount),
        cancels=cancels,
    )
    record_refund(conversion=conversion, refund=refund)


def days(organization: Organization) -> dict[date, tuple[int, Decimal]]:
    rows = ConversionDay.objects.filter(organization_id=organization.pk)
    counted = {row.day: (row.number, row.amount) for row in rows if row.number or row.amount}
    assert miscounted_days(organization=organization) == 0
    return counted


def test_a_refund_subtracts_money_on_its_own_day(organization: Organization) -> None:
    give_back(sell(organization), "12.50")
    assert days(organization) == {
        date(2026, 6, 1): (1, Decimal(30)),
        date(2026, 6, 4): (0, Decimal("-12.50")),
    }


def test_a_cancellation_subtracts_the_order_and_the_rest_of_its_money(organization: Organization) -> None:
    order = sell(organization)
    give_back(order, "10")
    give_back(order, None, key="cancelled", cancels=True)
    assert days(organization)[date(2026, 6, 4)] == (-1, Decimal(-30))


def test_the_same_refund_counts_once_and_two_cancellations_do_too(organization: Organization) -> None:
    order = sell(organization)
    for key in ("a", "a", "b"):
        give_back(order, None, key=key, cancels=True)
    assert days(organization)[date(2026, 6, 4)] == (-1, Decimal(-30))


def test_an_order_without_an_amount_can_be_cancelled(organization: Organization) -> None:
    give_back(sell(organization, None), None, cancels=True)
    assert days(organization)[date(2026, 6, 4)] == (-1, Decimal(0))


def test_a_voided_order_takes_its_refunds_along_and_brings_them_back(organization: Organization) -> None:
    order = sell(organization)
    give_back(order, "5")
    void_conversion(conversion=order)
    assert days(organization) == {}
    restore_conversion(conversion=order)
    assert days(organization)[date(2026, 6, 4)] == (0, Decimal(-5))


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1), None])
def test_a_refund_of_nothing_is_refused(amount: Decimal | None) -> None:
    with pytest.raises(ValueError, match="refund"):
        Refund(idempotency_key="x", occurred_at=SOLD_AT, amount=amount)


class NeverMoreThanThereWas(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        refunds=st.lists(
            st.tuples(st.decimals("0.01", "40", places=2), st.booleans(), st.sampled_from("abcd")), max_size=8
        )
    )
    def test_whatever_is_given_back(self, refunds: list[tuple[Decimal, bool, str]]) -> None:
        organization = Organization.objects.create(name="Halden", slug="halden-refunds")
        order = sell(organization)
        for amount, cancels, key in refunds:
            give_back(order, str(amount), key=key, cancels=cancels)
        counted = days(organization).values()
        assert 0 <= sum(amount for _number, amount in counted) <= 30
        assert sum(number for number, _amount in counted) in (0, 1)
