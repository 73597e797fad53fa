"""Work on the calls that were stored, the oldest first, each in one transaction with what it brings.

Whoever dies in the middle leaves the call waiting as it was. Several workers take different calls. What cannot be
read is kept as such and does not stop the others: collecting orders brings them all the same.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from django.utils import timezone

from monitoring.conversions.models import Delivery, ShopConnection
from monitoring.conversions.services.shop_orders import Applied, apply_news
from monitoring.conversions.shops.registry import connector_class
from monitoring.platforms.reading import Unreadable

logger = logging.getLogger(__name__)

BATCH = 500  # calls a run; the next one follows soon
_LONGEST_REASON = 300
NOT_UNDERSTOOD = "This message cannot be read ({}). Collecting orders brings what it told."
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


def work_on_deliveries(*, limit: int = BATCH) -> int:
    """Work on the calls that wait. Returns how many there were."""
    worked = 0
    while worked < limit and _work_on_next():
        worked += 1
    return worked


@transaction.atomic
def _work_on_next() -> bool:
    waiting = Delivery.objects.filter(outcome=Delivery.Outcome.WAITING)
    delivery = (
        waiting.select_for_update(skip_locked=True, of=("self",))
        .select_related("connection__organization")
        .order_by("received_at", "pk")
        .first()
    )
    if delivery is None:
        return False
    applied = _apply(delivery)
    delivery.outcome = applied.outcome
    delivery.reason = applied.reason[:_LONGEST_REASON]
    delivery.processed_at = timezone.now()
    delivery.save(update_fields=["outcome", "reason", "processed_at"])
    return True


def _apply(delivery: Delivery) -> Applied:
    connection: ShopConnection = delivery.connection
    try:
        with transaction.atomic():
            news = connector_class(connection.shop).read_news(
                delivery.topic, bytes(delivery.body), received_at=delivery.received_at
            )
            return apply_news(connection=connection, news=news)
    except DatabaseError:
        raise  # the database's trouble is not the message's: it waits
    except Unreadable as error:
        return Applied(Delivery.Outcome.FAILED, NOT_UNDERSTOOD.format(error))
    except _UNREADABLE:
        logger.exception("A webhook call could not be read: delivery %s", delivery.pk)
        return Applied(Delivery.Outcome.FAILED, NOT_UNDERSTOOD.format("it is not as documented"))
