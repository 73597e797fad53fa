"""Which shops are due, and who works on them: a lease in the table, taken by a conditional update."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from monitoring.conversions.models import ShopConnection
from monitoring.lib.leases import is_free, renew_lease, take_lease


@dataclass(frozen=True)
class Claim:
    """The right to ask a shop until `lease_until`. Whoever finds another lease in the row has lost it."""

    connection_id: int
    lease_until: datetime


def claim_due_shops(*, limit: int = 200) -> list[Claim]:
    """Take the shops that are due and not worked on, the longest overdue first. A demo's shop does not exist."""
    now = timezone.now()
    due = ShopConnection.objects.filter(
        is_free(now), due_at__lte=now, organization__is_demo=False, organization__delete_at=None
    )
    ids = due.order_by("due_at").values_list("pk", flat=True)[:limit]
    claims = (claim_shop(connection_id) for connection_id in ids)
    return [claim for claim in claims if claim]


def claim_shop(connection_id: int) -> Claim | None:
    """Take one shop, or None if somebody else works on it."""
    lease_until = take_lease(ShopConnection.objects.filter(pk=connection_id).exclude(due_at=None))
    return Claim(connection_id, lease_until) if lease_until else None


def renew(claim: Claim) -> Claim | None:
    """Prolong a claim, or None if it was lost. Within a transaction this also locks the shop's row."""
    lease_until = renew_lease(ShopConnection.objects.filter(pk=claim.connection_id), claim.lease_until)
    return Claim(claim.connection_id, lease_until) if lease_until else None
