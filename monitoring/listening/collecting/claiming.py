"""Which sources are due, and who works on them: a lease in the table, taken by a conditional update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from monitoring.listening.models import Source, SourceKind, Subscription


@dataclass(frozen=True)
class Claim:
    """The right to work on a source until `lease_until`. Whoever finds another lease in the row has lost it."""

    source_id: int
    lease_until: datetime


def claim_due_sources(*, kinds: Iterable[SourceKind], limit: int = 200) -> list[Claim]:
    """Take the sources that are due, wanted by somebody and not worked on, the longest overdue first.

    A demo wants nothing: no platform is asked about a business that does not exist. Nor about one that is going.
    """
    now = timezone.now()
    wanted = Exists(
        Subscription.objects.filter(
            source=OuterRef("pk"), organization__is_demo=False, organization__delete_at=None
        )
    )
    due = Source.objects.filter(_free(now), wanted, kind__in=list(kinds), due_at__lte=now).order_by("due_at")
    claims = (claim_source(source_id) for source_id in due.values_list("pk", flat=True)[:limit])
    return [claim for claim in claims if claim]


def claim_source(source_id: int) -> Claim | None:
    """Take one source, or None if somebody else works on it."""
    now = timezone.now()
    lease_until = _lease(now)
    taken = Source.objects.filter(_free(now), pk=source_id).update(lease_until=lease_until)
    return Claim(source_id, lease_until) if taken else None


def renew(claim: Claim) -> Claim | None:
    """Prolong a claim, or None if it was lost. Within a transaction this also locks the source's row."""
    lease_until = _lease(timezone.now())
    held = Source.objects.filter(pk=claim.source_id, lease_until=claim.lease_until)
    return Claim(claim.source_id, lease_until) if held.update(lease_until=lease_until) else None


def _free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)


def _lease(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.LEASE_SECONDS)
