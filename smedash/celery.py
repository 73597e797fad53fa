"""The Celery application and the whole schedule of periodic work."""

from __future__ import annotations

import os
import time
from typing import Any

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings

from smedash import task_log

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smedash.settings")

# A task's name begins with its queue: fetch.collect, mail.send_letter. What people wait for has its own.
QUEUES = ("fetch", "interactive", "events", "bulk", "mail")
ENQUEUED_AT = "enqueued_at"
HEARTBEAT_SECONDS = 10

app = Celery("smedash")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
task_log.connect()

# A periodic task that nobody took before the next one is due is worthless: it expires, so that hours without
# a worker do not end in a flood.
app.conf.beat_schedule = {
    "heartbeat": {
        "task": "interactive.heartbeat",
        "schedule": HEARTBEAT_SECONDS,
        "options": {"expires": HEARTBEAT_SECONDS},
    },
    # What is due is decided by the tables; these only look. Their interval bounds how late a poll begins.
    "dispatch-due-searches": {
        "task": "fetch.dispatch_due_searches",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "dispatch-due-profiles": {
        "task": "fetch.dispatch_due_profiles",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Posts ask for it at one hour's age and later: minutes do not matter.
    "refresh-mentions": {"task": "fetch.refresh_mentions", "schedule": 60.0, "options": {"expires": 60}},
    # At night by UTC; in small batches, so it disturbs nobody elsewhere either.
    "reckon": {
        "task": "bulk.reckon",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 12 * 60 * 60},
    },
    # Monday at seven comes to each time zone by itself. Whatever could not be sent is due again an hour later.
    "send-letters": {
        "task": "mail.send_letters",
        "schedule": crontab(minute=4),
        "options": {"expires": 60 * 60},
    },
    # As late as an alert "at once" may be. What is due, and what was told already, the tables say.
    "look-for-alerts": {"task": "mail.look_for_alerts", "schedule": 30.0, "options": {"expires": 30}},
    "forget-alert-mails": {
        "task": "bulk.forget_alert_mails",
        "schedule": crontab(hour=3, minute=57),
        "options": {"expires": 12 * 60 * 60},
    },
    "revoke-orphaned-feeds": {
        "task": "bulk.revoke_orphaned_feeds",
        "schedule": crontab(minute=43),
        "options": {"expires": 60 * 60},
    },
    "tend-privacy": {"task": "bulk.tend_privacy", "schedule": 300.0, "options": {"expires": 300}},
    "delete-organizations": {
        "task": "bulk.delete_organizations",
        "schedule": crontab(minute=41),
        "options": {"expires": 60 * 60},
    },
    "tend-files": {"task": "bulk.tend_files", "schedule": 300.0, "options": {"expires": 300}},
    "mark-answered-later": {
        "task": "bulk.mark_answered_later",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "tend-replays": {"task": "bulk.tend_replays", "schedule": 300.0, "options": {"expires": 300}},
    "tend-changes": {"task": "bulk.tend_changes", "schedule": 300.0, "options": {"expires": 300}},
    "tend-imports": {"task": "bulk.tend_imports", "schedule": 300.0, "options": {"expires": 300}},
    # Most lists are made anew once a day; this looks which are due.
    "rank-authors": {"task": "bulk.rank_authors", "schedule": 600.0, "options": {"expires": 600}},
    "purge-expired": {
        "task": "bulk.purge_expired",
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 12 * 60 * 60},
    },
    "purge-audit-log": {
        "task": "bulk.purge_audit_log",
        "schedule": crontab(hour=3, minute=45),
        "options": {"expires": 12 * 60 * 60},
    },
    "forget-old-sessions": {
        "task": "bulk.forget_old_sessions",
        "schedule": crontab(hour=3, minute=50),
        "options": {"expires": 12 * 60 * 60},
    },
    "forget-letters": {
        "task": "bulk.forget_letters",
        "schedule": crontab(hour=3, minute=55),
        "options": {"expires": 12 * 60 * 60},
    },
    # Every local day is over somewhere within a night; a period that ended is closed within 24 hours.
    "close-goal-periods": {
        "task": "bulk.close_goal_periods",
        "schedule": crontab(hour=4, minute=10),
        "options": {"expires": 12 * 60 * 60},
    },
    # Asks once a day; an hourly look finds the bank's file soon after it is out, and tries again after a failure.
    "exchange-rates": {
        "task": "fetch.exchange_rates",
        "schedule": crontab(minute=17),
        "options": {"expires": 60 * 60},
    },
    # Whoever clicked or ordered is on the pages within five seconds.
    # A page of the settings says how often shops are asked; this only looks which are due.
    "dispatch-due-shops": {"task": "fetch.dispatch_due_shops", "schedule": 30.0, "options": {"expires": 30}},
    "work-on-deliveries": {"task": "events.work_on_deliveries", "schedule": 2.0, "options": {"expires": 2}},
    "purge-deliveries": {
        "task": "bulk.purge_deliveries",
        "schedule": crontab(hour=3, minute=35),
        "options": {"expires": 12 * 60 * 60},
    },
    "forget-clicks": {
        "task": "bulk.forget_clicks",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 12 * 60 * 60},
    },
    "credit": {"task": "events.credit", "schedule": 2.0, "options": {"expires": 2}},
    "store-what-waits": {"task": "events.store_what_waits", "schedule": 2.0, "options": {"expires": 2}},
}


@app.on_after_configure.connect
def set_pace(sender: Celery, **_: object) -> None:
    """From the settings, which are not there yet while this module is read."""
    seconds = settings.DISPATCH_SECONDS
    sender.conf.beat_schedule["dispatch-due-searches"] |= {
        "schedule": seconds,
        "options": {"expires": seconds},
    }


@signals.before_task_publish.connect
def note_when(headers: dict[str, Any], **_: object) -> None:
    """The age of a queue is the age of its oldest message, and Celery's messages carry no time."""
    headers[ENQUEUED_AT] = time.time()


@signals.beat_init.connect
def beat_at_once(sender: Any, **_: object) -> None:
    """A fresh start is known to be alive before the first interval is over."""
    sender.app.send_task("interactive.heartbeat", expires=HEARTBEAT_SECONDS)
