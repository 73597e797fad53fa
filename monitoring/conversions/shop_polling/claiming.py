"""Which shops are due, and who works on them: a lease in the table, taken by a conditional update."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from monitoring.conversions.models import ShopConnection


@dataclass(frozen=True)
class Claim:
    """The right to ask a shop until `lease_until`. Whoever finds another lease in the row has lost it."""

    connection_id: int
    lease_until: datetime


def claim_due_shops(*, limit: int = 200) -> list[Claim]:
    """Take the shops that are due and not worked on, the longest overdue first. A demo's shop does not exist."""
    now = timezone.now()
    due = ShopConnection.objects.filter(
        _free(now), due_at__lte=now, organization__is_demo=False, organization__delete_at=None
    )
    ids = due.order_by("due_at").values_list("pk", flat=True)[:limit]
    claims = (claim_shop(connection_id) for connection_id in ids)
    return [claim for claim in claims if claim]


def claim_shop(connection_id: int) -> Claim | None:
    """Take one shop, or None if somebody else works on it."""
    now = timezone.now()
    lease_until = _lease(now)
    free = ShopConnection.objects.filter(_free(now), pk=connection_id).exclude(due_at=None)
    return Claim(connection_id, lease_until) if free.update(lease_until=lease_until) else None


def renew(claim: Claim) -> Claim | None:
    """Prolong a claim, or None if it was lost. Within a transaction this also locks the shop's row."""
    lease_until = _lease(timezone.now())
    held = ShopConnection.objects.filter(pk=claim.connection_id, lease_until=claim.lease_until)
    return Claim(claim.connection_id, lease_until) if held.update(lease_until=lease_until) else None


def _free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)
