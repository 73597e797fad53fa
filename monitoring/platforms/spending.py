"""Money for paid platforms: set aside before a request, settled down afterwards to what was delivered.

Setting aside is one statement, so the monthly limit holds however many workers ask at once. A worker that
dies in between leaves its money set aside: the limit is reached too early rather than too late. Do not call a
connector inside a transaction: a rollback would forget what was spent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from monitoring.platforms.connector import Bill
from monitoring.platforms.errors import RateLimited, Unavailable
from monitoring.platforms.models import ConnectedAccount, Spending
from monitoring.platforms.statuses import clamped

_SET_ASIDE = """
INSERT INTO platforms_spending (organization_id, account_id, platform, month, amount)
SELECT organization_id, id, platform, %(month)s, %(amount)s FROM platforms_connectedaccount
WHERE id = %(account)s AND monthly_spend_limit >= %(amount)s
ON CONFLICT (account_id, month) DO UPDATE SET amount = platforms_spending.amount + EXCLUDED.amount
WHERE platforms_spending.amount + EXCLUDED.amount <= (
    SELECT monthly_spend_limit FROM platforms_connectedaccount WHERE id = EXCLUDED.account_id
)
"""


class SpendLimitReached(RateLimited):
    """The month's money is spent, or no limit was set. It goes on when the limit rises or the month ends."""


class TrialMeter:
    """For credentials that are not stored yet: what trying them cost, and never more than they may cost."""

    def __init__(self, allowance: Decimal) -> None:
        self.allowance = allowance
        self.spent = Decimal(0)

    @contextmanager
    def spending(self, at_most: Decimal) -> Iterator[Bill]:
        if self.spent + at_most > self.allowance:
            raise SpendLimitReached(
                "The monthly limit does not allow to try this account.", timedelta(days=1)
            )
        self.spent += at_most
        bill = Bill()
        yield bill
        self.spent += (at_most if bill.amount is None else bill.amount) - at_most


def spent_this_month(account: ConnectedAccount) -> Decimal:
    spent = Spending.objects.filter(account=account, month=current_month()).values_list("amount", flat=True)
    return spent.first() or Decimal(0)


def record_spending(*, account: ConnectedAccount, amount: Decimal) -> None:
    """Add what was spent before the account was there to be asked. No limit holds: the money is gone."""
    spending, _created = Spending.objects.get_or_create(
        account=account,
        month=current_month(),
        defaults={"organization_id": account.organization_id, "platform": account.platform, "amount": 0},
    )
    Spending.objects.filter(pk=spending.pk).update(amount=F("amount") + amount)


def current_month() -> date:
    return datetime.now(UTC).date().replace(day=1)


class AccountMeter:
    """What one account may spend. Without a limit it may spend nothing: money is never spent unasked."""

    def __init__(self, account: ConnectedAccount) -> None:
        self._account = account

    @contextmanager
    def spending(self, at_most: Decimal) -> Iterator[Bill]:
        now = datetime.now(UTC)
        month = now.date().replace(day=1)
        self._set_aside(at_most, month, now)
        bill = Bill()
        try:
            yield bill
        except Unavailable:
            raise  # it may have been delivered, and charged, without reaching us
        except Exception:
            self._give_back(at_most - (bill.amount or 0), month)
            raise
        self._give_back(at_most - (at_most if bill.amount is None else bill.amount), month)

    def _set_aside(self, amount: Decimal, month: date, now: datetime) -> None:
        if amount <= 0:
            return
        with connection.cursor() as cursor:
            cursor.execute(_SET_ASIDE, {"account": self._account.pk, "month": month, "amount": amount})
            if cursor.rowcount == 1:
                return
        next_month = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
        raise SpendLimitReached(
            "The monthly limit for this account does not allow another request.", clamped(next_month - now)
        )

    def _give_back(self, amount: Decimal, month: date) -> None:
        if amount == 0:
            return
        rows = Spending.objects.filter(account_id=self._account.pk, month=month)
        rows.update(amount=Greatest(F("amount") - amount, Value(Decimal(0))))
