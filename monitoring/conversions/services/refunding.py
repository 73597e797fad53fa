"""Take back what a conversion brought: all of it, or some of its money, on the day that happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Min, Sum

from monitoring.conversions.models import Conversion
from monitoring.conversions.rollups import lock_counting
from monitoring.conversions.services.recording import Recorded


@dataclass(frozen=True, kw_only=True)
class Refund:
    """What was given back. A cancellation takes back the conversion itself, and whatever money is left of it."""

    idempotency_key: str
    occurred_at: datetime
    amount: Decimal | None = None  # above zero, in the conversion's currency
    cancels: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.idempotency_key:
            raise ValueError("A refund without an idempotency key could be subtracted twice.")
        if self.amount is not None and self.amount <= 0:
            raise ValueError("A refund gives something back.")
        if self.amount is None and not self.cancels:
            raise ValueError("A refund says how much, or cancels the whole.")


@transaction.atomic
def record_refund(*, conversion: Conversion, refund: Refund) -> Recorded | None:
    """The ledger's entry for it; a repeated one gives the first. None where nothing is left to take back.

    Never more is taken back than there was.
    """
    lock_counting([conversion.organization_id])
    entries = Conversion.objects.filter(organization=conversion.organization_id)
    first = entries.filter(idempotency_key=refund.idempotency_key).first()
    if first is not None:
        return Recorded(first, is_new=False)
    conversion = entries.get(pk=conversion.pk)
    is_taken_back, left = _what_is_left(conversion)
    amount = None if left is None else min(left, left if refund.amount is None else refund.amount)
    number = -1 if refund.cancels and not is_taken_back else 0
    if number == 0 and not amount:
        return None
    return Recorded(_enter(conversion, refund, number, amount), is_new=True)


def _what_is_left(conversion: Conversion) -> tuple[bool, Decimal | None]:
    """Whether it was taken back as a whole, and how much of its money was not."""
    taken = conversion.reversals.aggregate(number=Min("number"), amount=Sum("amount"))
    if conversion.amount is None:
        return taken["number"] == -1, None
    return taken["number"] == -1, conversion.amount + (taken["amount"] or 0)


def _enter(conversion: Conversion, refund: Refund, number: int, amount: Decimal | None) -> Conversion:
    return Conversion.objects.create(
        organization_id=conversion.organization_id,
        reverses=conversion,
        number=number,
        amount=None if amount is None else -amount,
        currency=conversion.currency,
        occurred_at=refund.occurred_at,
        idempotency_key=refund.idempotency_key,
        note=refund.note,
        kind=conversion.kind,
        channel=conversion.channel,
        heard_of_us_from=conversion.heard_of_us_from,
        tracked_link_id=conversion.tracked_link_id,
        origin=conversion.origin,
        connection_id=conversion.connection_id,
        order_number=conversion.order_number,
        voided_at=conversion.voided_at,
    )
