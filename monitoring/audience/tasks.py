"""Background work of the audience. A task loads by id and calls one service."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from monitoring.audience.answering import mark_what_arrived_after_our_answer
from monitoring.audience.collecting import collect_profile
from monitoring.listening.collecting.claiming import Claim, claim_due_sources
from monitoring.listening.collecting.running import ClaimLost
from monitoring.listening.models import SourceKind


@shared_task(name="fetch.dispatch_due_profiles")
def dispatch_due_profiles() -> int:
    """Claim the profiles that are due and hand out one task each. Lost messages cost nothing: the lease runs out."""
    claims = claim_due_sources(kinds=[SourceKind.PROFILE, SourceKind.POSTS])
    for claim in claims:
        collect.delay(claim.source_id, claim.lease_until.isoformat())
    return len(claims)


@shared_task(name="fetch.collect_profile")
def collect(source_id: int, lease_until: str) -> None:
    try:
        collect_profile(Claim(source_id, datetime.fromisoformat(lease_until)))
    except ClaimLost:
        return  # another worker went on where we stopped


@shared_task(name="bulk.mark_answered_later")
def mark_answered_later() -> int:
    """Mentions that arrived after our answer to them."""
    return mark_what_arrived_after_our_answer(now=timezone.now())
