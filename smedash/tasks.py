"""Tasks of the installation itself."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from smedash.broker import record_heartbeat


@shared_task(name="interactive.heartbeat")
def heartbeat() -> None:
    """Proves at once that beat sends, that the broker passes on, and that a worker takes."""
    record_heartbeat()


@shared_task(name="bulk.forget_old_sessions")
def forget_old_sessions() -> None:
    """Sessions that ended are of no use, and would pile up."""
    call_command("clearsessions")
