"""Look for what is new in the views of a brand, and write down which mails follow from it.

Mentions are numbered in the order in which they are written, but those of one page become visible only when its
writer is done. Writers of a brand take turns by a lock, so whoever holds it for a moment knows a number up to which
everything of the brand is there (`settled_until`). An alert steps from one such number to the next. The step and the
mail that tells of it are one transaction: nothing is told twice, and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from monitoring.alerts.mails.timing import alerts_of_readers, next_look, reader_zone
from monitoring.alerts.models import AlertMail, Rhythm, ViewAlert
from monitoring.listening.collecting.storing import lock_brands
from monitoring.listening.models import Mention, SavedView
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions
from monitoring.listening.selectors.mentions import COUNTED_EXACTLY
from monitoring.listening.selectors.saved_views import read_choice

MOST_SHOWN: Final = 20
_AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class News:
    """What came into a view: the newest mentions, and how many in all, bounded as on the pages."""

    mentions: list[int]
    total: int
    has_more: bool


def due_brands(*, now: datetime) -> list[int]:
    """Brands with an alert that is due, each once: its alerts are looked at together.

    Alerts at once are always due; most of the time one number says that there is nothing new for any of them.
    """
    last = Mention.objects.aggregate(last=Max("pk"))["last"] or 0
    due = alerts_of_readers().filter(next_at__lte=now)
    due = due.exclude(rhythm=Rhythm.AT_ONCE, seen_id__gte=last)
    return sorted(set(due.values_list("view__brand_id", flat=True)))


def look_at_brand(*, brand_id: int, now: datetime) -> list[int]:
    """The mails to send that follow from a look at all alerts of a brand that are due."""
    due = alerts_of_readers().filter(next_at__lte=now, view__brand_id=brand_id)
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return []
    until = settled_until(brand_id=brand_id)
    written = (_look(alert_id=alert_id, until=until, now=now) for alert_id in ids)
    return [mail for mail in written if mail is not None]


@transaction.atomic
def settled_until(*, brand_id: int) -> int:
    """A number such that all mentions of the brand up to it can be seen, and every later one gets a larger one."""
    lock_brands([brand_id])
    return Mention.objects.aggregate(last=Max("pk"))["last"] or 0


@transaction.atomic
def _look(*, alert_id: int, until: int, now: datetime) -> int | None:
    """Step on to `until`. The mail that tells of it, where there is something to tell."""
    alerts = ViewAlert.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "view__organization", "view__brand", "membership__user", "membership__organization"
    )
    alert = alerts.filter(pk=alert_id, next_at__lte=now).first()
    if alert is None:
        return None  # another worker has it, or was faster
    news = find_news(view=alert.view, after=alert.seen_id, until=until)
    mail = _write_mail(alert, news, until, now) if news.total else None
    _step_on(alert, until, now)
    return mail.pk if mail else None


def find_news(*, view: SavedView, after: int, until: int) -> News:
    """What was collected in between."""
    wanted = wanted_at_any_time(view)
    found = filter_mentions(brand=view.brand, wanted=wanted).filter(pk__gt=after, pk__lte=until)
    # Without an order: the database then walks the few new rows, not all of the brand from its newest on.
    rows = list(found.order_by().values_list("published_at", "pk")[: COUNTED_EXACTLY + 1])
    newest = [pk for _published_at, pk in sorted(rows, reverse=True)[:MOST_SHOWN]]
    return News(newest, min(len(rows), COUNTED_EXACTLY), has_more=len(rows) > COUNTED_EXACTLY)


def wanted_at_any_time(view: SavedView) -> MentionFilter:
    """Fixed days of a view hold; by "the last seven days" nothing may be lost that comes late."""
    choice = read_choice(view)
    has_fixed_days = bool({"from", "to"} & choice.parameters.keys())
    return choice.wanted if has_fixed_days else replace(choice.wanted, period=None)


def _write_mail(alert: ViewAlert, news: News, until: int, now: datetime) -> AlertMail:
    return AlertMail.objects.create(
        alert=alert,
        until_id=until,
        mentions=news.mentions,
        total=news.total,
        has_more=news.has_more,
        created_at=now,
        try_at=now,
    )


def _step_on(alert: ViewAlert, until: int, now: datetime) -> None:
    lately = AlertMail.objects.filter(alert=alert, created_at__gt=now - _AN_HOUR).count()
    next_at = next_look(
        rhythm=alert.rhythm, now=now, zone=reader_zone(alert.membership), mails_this_hour=lately
    )
    ViewAlert.objects.filter(pk=alert.pk).update(seen_id=max(until, alert.seen_id), next_at=next_at)


def unsent_mails(*, now: datetime) -> Iterable[int]:
    waiting = AlertMail.objects.filter(sent_at=None, try_at__lte=now, alert__in=alerts_of_readers())
    return waiting.order_by("pk").values_list("pk", flat=True)
