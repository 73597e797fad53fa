"""Crediting while others report, refund, void and change what it is computed with: nobody blocks for good."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Organization
from monitoring.conversions.crediting.days import credit_due_days, credit_some_days, miscredited_days
from monitoring.conversions.crediting.evidence import Evidence
from monitoring.conversions.crediting.touches import find_touches
from monitoring.conversions.models import Assumptions, Conversion, CreditDue, Touch
from monitoring.conversions.rollups import miscounted_days, rebuild_conversion_days
from monitoring.conversions.services.recording import restore_conversion, void_conversion
from monitoring.conversions.services.refunding import Refund, record_refund
from tests.conversions.conftest import NOON, record, report

SOURCES = ("instagram", "newsletter", "qr", "nobody")


def tell(organization: Organization, chance: random.Random) -> Conversion:
    told = report(amount=f"{chance.randrange(1, 50)}", at=NOON + timedelta(days=chance.randrange(4)))
    return record(organization, replace(told, evidence=Evidence(utm_source=chance.choice(SOURCES))))


@pytest.mark.django_db(transaction=True)
def test_crediting_meets_every_writer(
    organization: Organization, strangers_organization: Organization
) -> None:
    organizations = [organization, strangers_organization]
    for number in range(24):
        tell(organizations[number % 2], random.Random(number))

    def work(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _turn in range(12):
                act(chance)
        finally:
            connection.close()

    def act(chance: random.Random) -> None:
        owner = chance.choice(organizations)
        order = Conversion.objects.filter(organization=owner, reverses=None).order_by("?")[0]
        choice = chance.randrange(9)
        if choice == 0:
            rebuild_conversion_days(organization=owner)
        elif choice == 1:
            refund = Refund(idempotency_key=f"{chance.random()}", occurred_at=NOON, cancels=True)
            record_refund(conversion=order, refund=refund)
        elif choice == 2:
            (restore_conversion if order.voided_at else void_conversion)(conversion=order)
        elif choice == 3:
            window = {"window_days": chance.choice([1, 30])}
            Assumptions.objects.update_or_create(organization=owner, defaults=window)
        elif choice == 4:
            tell(owner, chance)
        elif choice in (5, 6):
            find_touches(now=timezone.now(), batch=5)
        else:
            credit_some_days(organization_id=owner.pk)

    with ThreadPoolExecutor(6) as writers:
        list(writers.map(work, range(6)))
    while find_touches(now=timezone.now()):
        continue
    credit_due_days(seconds=30)
    assert not CreditDue.objects.exists()
    assert not Conversion.objects.exclude(touches_due_at=None).exists()
    assert Touch.objects.count() == Conversion.objects.filter(reverses=None).count()
    for each in organizations:
        assert miscredited_days(organization_id=each.pk) == miscounted_days(organization=each) == 0
