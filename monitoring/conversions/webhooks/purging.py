"""Forget the bodies of old calls, which name customers, and after some months the lines, too. In small batches."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from monitoring.conversions.models import Delivery

BATCH = 1_000
BODIES_KEPT_FOR = timedelta(days=30)
LINES_KEPT_FOR = timedelta(days=180)  # longer than any shop sends a message again


def purge_deliveries() -> int:
    """Forget one batch of each. Returns how many rows were touched: zero means that all is done."""
    now = timezone.now()
    bodies = Delivery.objects.filter(received_at__lt=now - BODIES_KEPT_FOR).exclude(body=b"")
    emptied = Delivery.objects.filter(pk__in=list(bodies.values_list("pk", flat=True)[:BATCH])).update(
        body=b""
    )
    lines = Delivery.objects.filter(received_at__lt=now - LINES_KEPT_FOR)
    return (
        emptied + Delivery.objects.filter(pk__in=list(lines.values_list("pk", flat=True)[:BATCH])).delete()[0]
    )
