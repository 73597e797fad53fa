"""Forget mails of alerts: those long sent, and those that no mail server took. In small batches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from monitoring.alerts.mails.sending import TRIED_FOR
from monitoring.alerts.models import AlertMail

BATCH: Final = 1_000
KEPT_FOR: Final = timedelta(days=30)


def forget_alert_mails(*, now: datetime) -> int:
    """One batch. Returns how many were forgotten: zero means all."""
    is_old = Q(created_at__lt=now - KEPT_FOR) | Q(sent_at=None, created_at__lt=now - TRIED_FOR)
    old = AlertMail.objects.filter(is_old).values_list("pk", flat=True)[:BATCH]
    return AlertMail.objects.filter(pk__in=list(old)).delete()[0]
