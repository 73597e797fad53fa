"""Background work of alerts. A task loads by id and calls one service."""

from __future__ import annotations

from typing import Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from monitoring.alerts.mails.forgetting import forget_alert_mails
from monitoring.alerts.mails.looking import due_brands, look_at_brand, unsent_mails
from monitoring.alerts.mails.sending import send_alert
from monitoring.alerts.outside.feeds import revoke_orphaned_feeds

LOOKED_EVERY: Final = 30  # seconds: beat's interval, and the longest that "at once" waits for a look


@shared_task(name="mail.look_for_alerts")
def look_for_alerts() -> None:
    """Hand out a look at each brand with an alert that is due, and the mails that wait for another try."""
    if not settings.EMAIL_HOST:
        return
    now = timezone.now()
    for brand_id in due_brands(now=now):
        look_at_alerts_of.apply_async((brand_id,), expires=LOOKED_EVERY)
    for mail_id in unsent_mails(now=now):
        send_one_alert.apply_async((mail_id,), expires=LOOKED_EVERY)


@shared_task(name="mail.look_at_alerts_of")
def look_at_alerts_of(brand_id: int) -> None:
    """A message that is lost costs nothing: what is written down is handed out again with the next look."""
    for mail_id in look_at_brand(brand_id=brand_id, now=timezone.now()):
        send_one_alert.apply_async((mail_id,), expires=LOOKED_EVERY)


@shared_task(name="mail.send_alert")
def send_one_alert(mail_id: int) -> None:
    send_alert(mail_id=mail_id, now=timezone.now())


@shared_task(name="bulk.forget_alert_mails")
def forget_old_alert_mails() -> None:
    while forget_alert_mails(now=timezone.now()):
        continue


@shared_task(name="bulk.revoke_orphaned_feeds")
def revoke_feeds_without_an_owner() -> None:
    revoke_orphaned_feeds(now=timezone.now())
