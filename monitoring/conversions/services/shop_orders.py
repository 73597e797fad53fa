"""What a shop's order means for the ledger: the one path, whether it was polled or came by a webhook.

The order's body says everything, so that any number of deliveries in any order lead to the same entries: an order
counts from when it is paid, refunds and a cancellation are taken back on their own dates, and a version older than
one we know changes nothing. An order whose total was changed in the shop is the same order: its entry is corrected,
on its own day, but never below what was given back of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from monitoring.conversions.models import Conversion, Delivery, Kind, Origin, SeenOrder, ShopConnection
from monitoring.conversions.rollups import lock_counting
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.conversions.services.refunding import Refund, record_refund
from monitoring.conversions.services.site_orders import take_over_site_order
from monitoring.conversions.shops.types import GoneNews, NothingForUs, RefundNews, ShopOrder, ShopRefund

_LONGEST_ID = 80
_LONGEST_NUMBER = 100
_LONGEST_NOTE = 300
Outcome = Delivery.Outcome


@dataclass(frozen=True)
class Applied:
    """What became of it, and why where nothing was written."""

    outcome: str
    reason: str = ""


RECORDED = Applied(Outcome.RECORDED)
KNOWN = Applied(Outcome.NOTHING_NEW, "Everything in it was known.")
OLDER = Applied(Outcome.NOTHING_NEW, "A newer version of this order is known.")
NOT_PAID = Applied(Outcome.IGNORED, "It is not paid yet. It counts once it is.")
NEVER_COUNTED = Applied(Outcome.IGNORED, "It never counted, so nothing is taken back.")
TEST = Applied(Outcome.TEST, "A test order.")
UNKNOWN_ORDER = Applied(Outcome.IGNORED, "Its order is not known yet. Collecting orders brings both.")


@transaction.atomic
def apply_order(*, connection: ShopConnection, order: ShopOrder) -> Applied:
    """Bring the ledger to what this version of an order says."""
    if order.is_test:
        return TEST
    lock_counting([connection.organization_id])
    seen = SeenOrder.objects.filter(connection=connection, external_id=_short(order.external_id)).first()
    if seen and _is_older(seen, order):
        return OLDER
    if seen and seen.digest == _digest(order):
        return KNOWN
    _remember(connection, order)
    conversion = _find(connection, order.external_id)
    if conversion is None:
        if not order.counts:
            return NEVER_COUNTED if order.cancelled_at else NOT_PAID
        conversion = _enter(connection, order)
        _take_back(conversion, order)
        return RECORDED
    changed = _restore(conversion, order) | _correct_total(conversion, order) | _take_back(conversion, order)
    return RECORDED if changed else KNOWN


@transaction.atomic
def apply_refund_news(*, connection: ShopConnection, news: RefundNews) -> Applied:
    """A refund that came without its order. One of an order that is not known waits for the order's own message."""
    lock_counting([connection.organization_id])
    conversion = _find(connection, news.order_id)
    if conversion is None or conversion.currency != news.currency:
        return UNKNOWN_ORDER
    refunds = (news.refund,) if news.refund else ()
    changed = _take_back_refunds(conversion, refunds, news.occurred_at)
    if news.refunded is not None:
        changed |= _take_back_up_to(conversion, news.refunded, news.occurred_at)
    return RECORDED if changed else KNOWN


@transaction.atomic
def apply_gone_news(*, connection: ShopConnection, news: GoneNews) -> Applied:
    """Somebody deleted the order in the shop."""
    lock_counting([connection.organization_id])
    conversion = _find(connection, news.order_id)
    if conversion is None:
        return NEVER_COUNTED
    return RECORDED if _cancel(conversion, news.occurred_at) else KNOWN


def apply_news(
    *, connection: ShopConnection, news: ShopOrder | RefundNews | GoneNews | NothingForUs
) -> Applied:
    if isinstance(news, ShopOrder):
        return apply_order(connection=connection, order=news)
    if isinstance(news, RefundNews):
        return apply_refund_news(connection=connection, news=news)
    if isinstance(news, GoneNews):
        return apply_gone_news(connection=connection, news=news)
    return Applied(Outcome.TEST if news.is_test else Outcome.IGNORED, news.reason)


def order_key(connection: ShopConnection, external_id: str) -> str:
    return f"shop:{connection.pk}:{_short(external_id)}"


def _short(external_id: str) -> str:
    """Ids as long as they may be kept; a longer one by its fingerprint."""
    if len(external_id) <= _LONGEST_ID:
        return external_id
    return hashlib.sha256(external_id.encode()).hexdigest()


def _enter(connection: ShopConnection, order: ShopOrder) -> Conversion:
    """A new entry, unless the site's snippet told of the same order before."""
    report = _report(connection, order)
    told_by_site = take_over_site_order(
        report=report, organization_id=connection.organization_id, at=order.placed_at
    )
    return told_by_site or record_conversion(organization=connection.organization, report=report).conversion


def _find(connection: ShopConnection, external_id: str) -> Conversion | None:
    return Conversion.objects.filter(
        organization_id=connection.organization_id, idempotency_key=order_key(connection, external_id)
    ).first()


def _is_older(seen: SeenOrder, order: ShopOrder) -> bool:
    return seen.told_at is not None and order.updated_at is not None and order.updated_at < seen.told_at


def _digest(order: ShopOrder) -> str:
    """Of everything but the version's date: many changes in a shop are none here."""
    return hashlib.sha256(repr(replace(order, updated_at=None)).encode()).hexdigest()[:32]


def _remember(connection: ShopConnection, order: ShopOrder) -> None:
    seen = SeenOrder(
        connection=connection,
        external_id=_short(order.external_id),
        told_at=order.updated_at,
        digest=_digest(order),
    )
    # What comes without a date is from just now; it leaves the last date that is known.
    fields = ["digest", "told_at"] if order.updated_at else ["digest"]
    SeenOrder.objects.bulk_create(
        [seen], update_conflicts=True, unique_fields=["connection", "external_id"], update_fields=fields
    )


def _report(connection: ShopConnection, order: ShopOrder) -> Report:
    return Report(
        kind=Kind.ORDER,
        origin=Origin.SHOP,
        idempotency_key=order_key(connection, order.external_id),
        occurred_at=order.placed_at,
        amount=order.total,
        currency=order.currency,
        note=order.source[:_LONGEST_NOTE],
        order_number=order.number[:_LONGEST_NUMBER],
        connection=connection,
        evidence=order.evidence,
    )


def _restore(conversion: Conversion, order: ShopOrder) -> bool:
    """The shop took the cancellation back: its entry goes."""
    if order.cancelled_at or not order.counts:
        return False
    cancellation = conversion.reversals.filter(idempotency_key=_cancellation_key(conversion)).first()
    if cancellation is None:
        return False
    cancellation.delete()
    return True


def _correct_total(conversion: Conversion, order: ShopOrder) -> bool:
    if order.total is None or conversion.amount is None or order.currency != conversion.currency:
        return False
    amount = max(order.total, _given_back(conversion))
    if amount == conversion.amount:
        return False
    conversion.amount = amount
    conversion.save(update_fields=["amount"])
    return True


def _given_back(conversion: Conversion) -> Decimal:
    return -(conversion.reversals.aggregate(amount=Sum("amount"))["amount"] or Decimal(0))


def _take_back(conversion: Conversion, order: ShopOrder) -> bool:
    """Refunds in their order, then what a cancellation leaves to take back."""
    otherwise = order.updated_at or order.placed_at
    changed = _take_back_refunds(conversion, order.refunds, otherwise)
    if order.refunded is not None:
        changed |= _take_back_up_to(conversion, order.refunded, otherwise)
    if order.cancelled_at:
        changed |= _cancel(conversion, order.cancelled_at)
    return changed


def _take_back_refunds(conversion: Conversion, refunds: tuple[ShopRefund, ...], otherwise: datetime) -> bool:
    changed = False
    for refund in sorted(refunds, key=lambda each: each.occurred_at or otherwise):
        at = refund.occurred_at or otherwise
        name = f"refund:{_short(refund.external_id)}"
        changed |= refund.amount > 0 and _give_back(conversion, name, refund.amount, at)
    return changed


def _take_back_up_to(conversion: Conversion, refunded: Decimal, at: datetime) -> bool:
    """The shop says how much was given back so far: what is not in the ledger yet is entered as one refund."""
    more = refunded - _given_back(conversion)
    return more > 0 and _give_back(conversion, f"refunded:{refunded.normalize():f}", more, at)


def _give_back(conversion: Conversion, name: str, amount: Decimal, at: datetime) -> bool:
    """Who got everything back did not buy: a refund of all that was left takes the order back, too."""
    left = (conversion.amount or Decimal(0)) - _given_back(conversion)
    refund = Refund(
        idempotency_key=f"{conversion.idempotency_key}:{name}",
        occurred_at=max(at, conversion.occurred_at),
        amount=amount,
        cancels=amount >= left,
    )
    recorded = record_refund(conversion=conversion, refund=refund)
    return recorded is not None and recorded.is_new


def _cancel(conversion: Conversion, at: datetime) -> bool:
    refund = Refund(
        idempotency_key=_cancellation_key(conversion),
        occurred_at=max(at, conversion.occurred_at),
        cancels=True,
    )
    recorded = record_refund(conversion=conversion, refund=refund)
    return recorded is not None and recorded.is_new


def _cancellation_key(conversion: Conversion) -> str:
    return f"{conversion.idempotency_key}:cancelled"
