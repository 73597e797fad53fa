"""Which sources are due, and who works on them: a lease in the table, taken by a conditional update."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from monitoring.lib.leases import is_free, renew_lease, take_lease
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
    due = Source.objects.filter(is_free(now), wanted, kind__in=list(kinds), due_at__lte=now).order_by(
        "due_at"
    )
    claims = (claim_source(source_id) for source_id in due.values_list("pk", flat=True)[:limit])
    return [claim for claim in claims if claim]


def claim_source(source_id: int) -> Claim | None:
    """Take one source, or None if somebody else works on it."""
    lease_until = take_lease(Source.objects.filter(pk=source_id))
    return Claim(source_id, lease_until) if lease_until else None


def renew(claim: Claim) -> Claim | None:
    """Prolong a claim, or None if it was lost. Within a transaction this also locks the source's row."""
    lease_until = renew_lease(Source.objects.filter(pk=claim.source_id), claim.lease_until)
    return Claim(claim.source_id, lease_until) if lease_until else None
