"""Tasks of the installation itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.audit import purge_before
from accounts.signing_in import forget_ended_sessions
from smedash.broker import record_heartbeat

_PURGED_AT_ONCE: Final = 1_000


@shared_task(name="interactive.heartbeat")
def heartbeat() -> None:
    """Proves at once that beat sends, that the broker passes on, and that a worker takes."""
    record_heartbeat()


@shared_task(name="bulk.forget_old_sessions")
def forget_old_sessions() -> None:
    """Sessions that ended are of no use, and would pile up."""
    call_command("clearsessions")
    forget_ended_sessions()


@shared_task(name="bulk.purge_audit_log")
def purge_audit_log() -> int:
    """Forget what the audit log need not keep any longer, in small transactions. Returns how many events went."""
    forgotten = 0
    if settings.AUDIT_KEPT_DAYS > 0:
        moment = timezone.now() - timedelta(days=settings.AUDIT_KEPT_DAYS)
        while purged := purge_before(moment, at_most=_PURGED_AT_ONCE):
            forgotten += purged
    return forgotten
