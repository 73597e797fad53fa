"""What accounts and further servers on platforms mean for listening: they change where everything is asked."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from monitoring.listening.collecting.subscribing import subscribe_anew
from monitoring.listening.models import Source
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.services import disconnect_account


def listen_through(*, account: ConnectedAccount) -> None:
    """Listen through an account or server that was added, or through one that works again, beginning at once."""
    subscribe_anew(organization=account.organization)
    now = timezone.now()
    Source.objects.filter(account=account, lease_until=None, due_at__gt=now).update(due_at=now)


@transaction.atomic
def stop_listening_through(*, account: ConnectedAccount) -> None:
    """Forget an account with its credentials. What it searched is from now on searched as far as anybody may."""
    organization = account.organization
    disconnect_account(account=account)
    subscribe_anew(organization=organization)
