"""Somebody does not want to wait for the next poll."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Organization
from monitoring.listening.models import Outcome, Source

# Sources are shared and platforms have limits: what was read so recently is not read again.
FRESH_FOR = timedelta(minutes=1)


def collect_now(*, organization: Organization) -> int:
    """Make an organization's sources due. Returns how many; a platform's own waiting time is respected."""
    now = timezone.now()
    waiting = Source.objects.filter(
        subscriptions__organization=organization, due_at__gt=now, lease_until=None
    )
    stale = waiting.exclude(outcome=Outcome.RATE_LIMITED).exclude(covered_until__gt=now - FRESH_FOR)
    return Source.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).update(due_at=now)
