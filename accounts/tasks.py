"""Background work about people and organizations."""

from __future__ import annotations

import smtplib

from celery import shared_task

from accounts import team_mail


# The way to a mail server is sometimes blocked for minutes; after some hours somebody should look at it.
@shared_task(
    name="mail.send_invitation",
    autoretry_for=(smtplib.SMTPException, OSError),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=8,
)
def send_invitation(invitation_id: int) -> None:
    team_mail.send_invitation(invitation_id=invitation_id)


@shared_task(name="mail.tell_of_team", max_retries=0)
def tell_of_team(event_id: int) -> None:
    """Not tried again: of several readers some may have been told."""
    team_mail.tell_of_team(event_id=event_id)
