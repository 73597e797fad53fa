"""Background work of the reports."""

from __future__ import annotations

from datetime import date

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.models import Membership
from monitoring.reports.letters.forgetting import forget_letters
from monitoring.reports.letters.sending import send_letter
from monitoring.reports.letters.timing import due_letters

_UNTIL_THE_NEXT_LOOK = 60 * 60


@shared_task(name="mail.send_letters")
def send_letters() -> None:
    """Every hour: hand out one task for each letter that is due and was not sent."""
    if not settings.EMAIL_HOST:
        return
    for membership_id, monday in due_letters(now=timezone.now()):
        send_one_letter.apply_async((membership_id, monday.isoformat()), expires=_UNTIL_THE_NEXT_LOOK)


@shared_task(name="bulk.forget_letters")
def forget_old_letters() -> None:
    while forget_letters(now=timezone.now()):
        continue


@shared_task(name="mail.send_letter")
def send_one_letter(membership_id: int, monday: str) -> None:
    memberships = Membership.objects.select_related("organization", "user")
    membership = memberships.filter(pk=membership_id).first()
    if membership is not None:
        send_letter(membership=membership, monday=date.fromisoformat(monday), now=timezone.now())
