"""Take a webhook call in: who sent it, store it, and no more. The shop waits for the answer."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

from django.utils import timezone
from redis.exceptions import RedisError

from accounts.encryption import WrongKey
from monitoring.conversions.clicks.connection import quick_redis
from monitoring.conversions.models import Delivery, ShopConnection
from monitoring.conversions.shops.calls import Call, CallRefused, Ping, Received
from monitoring.conversions.shops.registry import connector_class

logger = logging.getLogger(__name__)

REFUSED_KEPT = 50  # of each shop: enough to find a mistake, too little to fill a disk
REFUSED_A_MINUTE = 60  # from one address, then nobody listens to it for the rest of the minute


class NobodyHere(Exception):
    """No shop has this key, or none that sends webhooks."""


class Flooded(Exception):
    """Too many calls from this address were refused."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many calls were refused.")
        self.seconds = seconds


def find_shop(key: str) -> ShopConnection:
    """The connected shop that is called at this key. Raises NobodyHere."""
    shop = ShopConnection.objects.filter(key=key).exclude(sealed_credentials="").first()
    if shop is None or not connector_class(shop.shop).shop.has_webhooks:
        raise NobodyHere
    return shop


def take_in(*, connection: ShopConnection, received: Received, sender: str) -> None:
    """Store a call that may be believed; one that came before stays as it is. Raises CallRefused, having noted
    why, and Flooded."""
    _check_patience(sender)
    connector = connector_class(connection.shop)
    try:
        call = connector.read_call(received, secret=_secret(connection))
    except CallRefused as refusal:
        note_refusal(connection=connection, reason=str(refusal), sender=sender)
        raise
    if isinstance(call, Ping):
        _note(connection, Delivery.Outcome.TEST, call.reason)
    else:
        _store(connection, call, received)


def note_refusal(*, connection: ShopConnection, reason: str, sender: str) -> None:
    """Write down why, for the people who look for the mistake; the last ones only."""
    _count_refusal(sender)
    _note(connection, Delivery.Outcome.REFUSED, reason)


def _secret(connection: ShopConnection) -> str:
    try:
        return connection.webhook_secret
    except WrongKey:
        return ""


def _store(connection: ShopConnection, call: Call, received: Received) -> None:
    delivery = Delivery(
        connection=connection,
        delivery_id=call.delivery_id,
        topic=call.topic,
        received_at=received.at,
        body=received.body,
    )
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)


def _note(connection: ShopConnection, outcome: str, reason: str) -> None:
    now = timezone.now()
    Delivery.objects.create(
        connection=connection,
        delivery_id=f"{outcome}-{uuid4().hex}",
        received_at=now,
        processed_at=now,
        outcome=outcome,
        reason=reason,
    )
    noted = Delivery.objects.filter(
        connection=connection, outcome=outcome, delivery_id__startswith=f"{outcome}-"
    )
    kept = noted.order_by("-received_at", "-pk").values("pk")[:REFUSED_KEPT]
    noted.exclude(pk__in=kept).delete()


def _key(sender: str, minute: int) -> str:
    return f"shops:refused:{sender}:{minute}"


def _check_patience(sender: str) -> None:
    """Without Redis everybody is listened to: losing an order is worse than a busy minute."""
    now = int(time.time())
    try:
        refused = int(quick_redis().get(_key(sender, now // 60)) or 0)
    except RedisError as error:
        logger.warning("Refused calls cannot be counted: %s", type(error).__name__)
        return
    if refused >= REFUSED_A_MINUTE:
        raise Flooded(60 - now % 60)


def _count_refusal(sender: str) -> None:
    key = _key(sender, int(time.time()) // 60)
    try:
        with quick_redis().pipeline() as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, 120)
            pipeline.execute()
    except RedisError as error:
        logger.warning("Refused calls cannot be counted: %s", type(error).__name__)
