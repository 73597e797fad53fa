"""Conversions are taken down once, exactly, and can be voided."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from accounts.models import Organization
from monitoring.conversions.models import Channel, Conversion, ConversionDay, Kind, TrackedLink
from monitoring.conversions.rollups import miscounted_days
from monitoring.conversions.services.recording import (
    KeyReused,
    Report,
    record_conversion,
    record_conversions,
    restore_conversion,
    void_conversion,
)
from tests.conversions.conftest import NOON, record, report

pytestmark = pytest.mark.django_db


def test_a_conversion_keeps_its_amount_and_currency_to_the_last_digit(organization: Organization) -> None:
    told = record(organization, report(amount="12.345", currency="KWD", channel=Channel.FRIEND))
    stored = Conversion.objects.get(pk=told.pk)
    assert (stored.amount, stored.currency, stored.channel) == (Decimal("12.345"), "KWD", "friend")


def test_a_repeated_report_gives_the_first_conversion(organization: Organization) -> None:
    first = record_conversion(organization=organization, report=report(amount="5", key="order-1"))
    again = record_conversion(organization=organization, report=report(amount="5.00", key="order-1"))
    assert (first.is_new, again.is_new) == (True, False)
    assert first.conversion.pk == again.conversion.pk
    assert ConversionDay.objects.get().number == 1


@pytest.mark.parametrize(
    "other",
    [
        report(amount="6", key="order-1"),
        report(Kind.LEAD, amount="5", key="order-1"),
        report(amount="5", currency="USD", key="order-1"),
        report(amount="5", channel=Channel.FRIEND, key="order-1"),
        report(amount="5", at=NOON + timedelta(seconds=1), key="order-1"),
    ],
)
def test_a_key_that_says_something_else_is_refused(organization: Organization, other: Report) -> None:
    first = record(organization, report(amount="5", key="order-1"))
    with pytest.raises(KeyReused) as refused:
        record_conversion(organization=organization, report=other)
    assert refused.value.conversion.pk == first.pk
    assert Conversion.objects.count() == 1


def test_two_organizations_may_use_the_same_key(
    organization: Organization, strangers_organization: Organization
) -> None:
    record(organization, report(key="1"))
    assert record_conversion(organization=strangers_organization, report=report(key="1")).is_new


def test_a_link_lends_its_channel_where_the_customer_said_nothing(
    link: TrackedLink, organization: Organization
) -> None:
    assert record(organization, report(link=link)).channel == Channel.INSTAGRAM
    assert record(organization, report(link=link, channel=Channel.FRIEND)).channel == Channel.FRIEND


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "5", "kind": Kind.VISIT},
        {"amount": "-1"},
        {"amount": "1.001"},
        {"amount": "NaN"},
        {"amount": "5", "currency": ""},
        {"kind": "great applause"},
    ],
)
def test_a_report_that_cannot_be_true_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        report(**{"kind": Kind.ORDER, **wrong})  # type: ignore[arg-type]  # the keywords vary


def test_a_void_conversion_leaves_every_count_and_can_be_restored(organization: Organization) -> None:
    conversion = record(organization, report(amount="12.50"))
    void_conversion(conversion=conversion)
    voided_at = conversion.voided_at
    void_conversion(conversion=conversion)
    day = ConversionDay.objects.get()
    assert (day.number, day.amount, conversion.voided_at) == (0, Decimal(0), voided_at)
    restore_conversion(conversion=conversion)
    restore_conversion(conversion=conversion)
    day.refresh_from_db()
    assert (day.number, day.amount) == (1, Decimal("12.50"))
    assert miscounted_days(organization=organization) == 0


def test_many_at_once_are_recorded_once_each(organization: Organization) -> None:
    reports = [report(key=f"order-{number}", amount="1") for number in range(2500)]
    record_conversions(organization=organization, reports=reports)
    record_conversions(organization=organization, reports=reports[:10])
    assert ConversionDay.objects.get().number == 2500
    assert miscounted_days(organization=organization) == 0


def test_deleting_an_organization_takes_its_conversions_along(
    organization: Organization, link: TrackedLink
) -> None:
    record(organization, report(link=link))
    organization.delete()
    assert (Conversion.objects.count(), ConversionDay.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_the_same_report_from_many_tills_at_once_counts_once(organization: Organization) -> None:
    told = report(amount="5", key="order-1")

    def send(_till: int) -> bool:
        try:
            return record_conversion(organization=organization, report=told).is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as tills:
        assert sorted(tills.map(send, range(16))) == [False] * 15 + [True]
    assert ConversionDay.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_a_report_that_is_rolled_back_is_not_counted(organization: Organization) -> None:
    with transaction.atomic():
        record(organization, report())
        transaction.set_rollback(True)
    assert ConversionDay.objects.count() == 0
