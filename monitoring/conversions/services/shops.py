"""Connect shops and leave them. Each is tried with its real credentials before anything is stored.

Shops are asked outside any transaction. What a shop answers instead is raised as a ConnectorError, and then nothing
is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record, record_change
from accounts.encryption import WrongKey, seal
from accounts.models import Organization
from monitoring.conversions.models import ShopConnection
from monitoring.conversions.shop_polling.opening import open_with

_LONGEST_NAME, _LONGEST_ADDRESS = 120, 255


class AnotherShop(Exception):
    """The credentials belong to another shop than the one they should be for."""


def connect_shop(
    *, organization: Organization, shop: str, address: str, credentials: Mapping[str, str]
) -> ShopConnection:
    """The shop these credentials are of; its last sixty days are read at once. Connecting it again renews them.

    A shop that was connected before goes on where it was: its orders keep their keys, so none counts twice.
    """
    found = open_with(shop=shop, address=address, credentials=credentials).check()
    with transaction.atomic():
        connection, _created = ShopConnection.objects.update_or_create(
            organization=organization,
            shop=shop,
            address=found.address[:_LONGEST_ADDRESS],
            defaults={
                "sealed_credentials": seal(credentials),
                "status": ShopConnection.Status.OK,
                "last_error": "",
                "due_at": timezone.now(),
                "lease_until": None,
            },
            create_defaults={
                "name": found.name[:_LONGEST_NAME],
                "key": secrets.token_hex(16),
                "sealed_credentials": seal(credentials),
                "due_at": timezone.now(),
            },
        )
        _note_connected(connection)
    return connection


def reconnect_shop(*, connection: ShopConnection, credentials: Mapping[str, str]) -> None:
    """Try what was typed over what is stored, and keep it if it works. Raises AnotherShop."""
    together = {**_stored(connection), **credentials}
    found = open_with(shop=connection.shop, address=connection.address, credentials=together).check()
    if found.address != connection.address:
        raise AnotherShop
    connection.credentials = together
    connection.status, connection.last_error = ShopConnection.Status.OK, ""
    connection.due_at, connection.lease_until = timezone.now(), None
    with transaction.atomic():
        connection.save(update_fields=["sealed_credentials", "status", "last_error", "due_at", "lease_until"])
        _note_connected(connection)


@transaction.atomic
def keep_webhook_secret(*, connection: ShopConnection, secret: str) -> None:
    connection.webhook_secret = secret
    connection.save(update_fields=["sealed_webhook_secret"])
    after = {"webhooks": "signed with another key"}
    record_change(organization=connection.organization, subject=connection, before={}, after=after)


def collect_shop_now(*, connection: ShopConnection) -> None:
    """Due at once, unless somebody reads it already."""
    ShopConnection.objects.filter(pk=connection.pk).exclude(due_at=None).update(due_at=timezone.now())


@transaction.atomic
def disconnect_shop(*, connection: ShopConnection) -> None:
    """Forget the shop's secrets and ask it no more. What it sold stays, and so does the row that its orders name."""
    record(Action.DISCONNECTED, organization=connection.organization, subject=connection)
    connection.deliveries.all().delete()
    ShopConnection.objects.filter(pk=connection.pk).update(
        sealed_credentials="", sealed_webhook_secret="", due_at=None, lease_until=None, last_error=""
    )


def _note_connected(connection: ShopConnection) -> None:
    """Which shop it is; never what opens it."""
    facts = {"shop": connection.shop, "address": connection.address}
    record(Action.CONNECTED, organization=connection.organization, subject=connection, after=facts)


def _stored(connection: ShopConnection) -> Mapping[str, str]:
    try:
        return connection.credentials
    except WrongKey:
        return {}
