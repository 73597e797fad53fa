from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from accounts.models import Organization
from monitoring.platforms.errors import AccessDenied, Unavailable
from monitoring.platforms.models import ConnectedAccount, Spending
from monitoring.platforms.spending import AccountMeter, SpendLimitReached

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> ConnectedAccount:
    organization = Organization.objects.create(name="Acme", slug="acme")
    return ConnectedAccount.objects.create(
        organization=organization, platform="x", handle="acme", monthly_spend_limit=Decimal(1)
    )


def _spent() -> Decimal:
    return Spending.objects.get().amount


def test_settles_down_to_what_was_delivered(account: ConnectedAccount) -> None:
    with AccountMeter(account).spending(Decimal("0.5")) as bill:
        assert _spent() == Decimal("0.5")
        bill.settle(Decimal("0.125"))
    assert _spent() == Decimal("0.125")


def test_what_is_not_settled_is_spent_whole(account: ConnectedAccount) -> None:
    with AccountMeter(account).spending(Decimal("0.5")):
        pass
    assert _spent() == Decimal("0.5")


def test_refuses_before_the_request_when_the_limit_would_be_passed(account: ConnectedAccount) -> None:
    meter = AccountMeter(account)
    with meter.spending(Decimal("0.75")):
        pass
    asked = False
    with pytest.raises(SpendLimitReached), meter.spending(Decimal("0.26")):
        asked = True
    assert not asked
    assert _spent() == Decimal("0.75")


def test_the_very_first_request_may_not_pass_the_limit_either(account: ConnectedAccount) -> None:
    with pytest.raises(SpendLimitReached), AccountMeter(account).spending(Decimal("1.01")):
        pass
    assert not Spending.objects.exists()


def test_without_a_limit_nothing_is_spent(account: ConnectedAccount) -> None:
    ConnectedAccount.objects.update(monthly_spend_limit=None)
    with pytest.raises(SpendLimitReached), AccountMeter(account).spending(Decimal("0.01")):
        pass


def test_a_refused_request_costs_nothing(account: ConnectedAccount) -> None:
    with pytest.raises(AccessDenied), AccountMeter(account).spending(Decimal("0.5")):
        raise AccessDenied("no")
    assert _spent() == 0


def test_a_request_that_was_lost_on_the_way_may_have_cost(account: ConnectedAccount) -> None:
    with pytest.raises(Unavailable), AccountMeter(account).spending(Decimal("0.5")):
        raise Unavailable("time-out")
    assert _spent() == Decimal("0.5")


def test_a_month_ends_in_utc(account: ConnectedAccount) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 20, tzinfo=ZoneInfo("America/New_York")), tick=False):
        with AccountMeter(account).spending(Decimal(1)):
            pass
        assert Spending.objects.get().month == date(2027, 1, 1)


def test_a_new_month_brings_new_money(account: ConnectedAccount) -> None:
    for month in (11, 12):
        with (
            time_machine.travel(datetime(2026, month, 15, tzinfo=ZoneInfo("UTC")), tick=False),
            AccountMeter(account).spending(Decimal(1)),
        ):
            pass
    assert Spending.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_workers_together_never_pass_the_limit(account: ConnectedAccount) -> None:
    meter = AccountMeter(account)

    def _try(spend: Callable[[], None]) -> bool:
        try:
            spend()
        except SpendLimitReached:
            return False
        finally:
            connection.close()
        return True

    def spend() -> None:
        with meter.spending(Decimal("0.1")):
            pass

    with ThreadPoolExecutor(6) as workers:
        assert sum(workers.map(_try, [spend] * 30)) == 10
    assert _spent() == Decimal(1)


def test_the_cost_stays_when_the_account_goes(account: ConnectedAccount) -> None:
    with AccountMeter(account).spending(Decimal("0.5")):
        pass
    account.delete()
    assert _spent() == Decimal("0.5")
