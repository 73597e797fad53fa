"""Send a mail of an alert. A crash may repeat one, as far as its reader's mail program lets it; none is lost.

As with the weekly letter: the row is locked while its mail is sent and marked afterwards, so that of two workers one
sends. If a worker dies in between, the mail goes out once more under the same Message-ID.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.mail import choose_language, explain_failure
from monitoring.alerts.mails.choosing import off_address
from monitoring.alerts.mails.looking import wanted_at_any_time
from monitoring.alerts.mails.timing import alerts_of_readers, reader_zone
from monitoring.alerts.models import AlertMail
from monitoring.alerts.wording import (
    author_of,
    in_one_line,
    name_platform,
    order_as_asked,
    page_of_mention,
    words_of,
)
from monitoring.lib.figures import format_number
from monitoring.listening.models import Mention
from monitoring.listening.selectors.filtering import filter_mentions
from monitoring.listening.selectors.saved_views import read_choice

TRIED_FOR: Final = timedelta(days=2)
_LONGEST_ERROR: Final = 300
_LONGEST_QUOTE: Final = 280
_MOST_MINUTES: Final = 60
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One mention in a mail."""

    text: str
    about: str
    address: str


@dataclass(frozen=True, kw_only=True)
class RenderedMail:
    subject: str
    text: str
    html: str


def send_alert(*, mail_id: int, now: datetime) -> bool:
    """Whether it was sent now. What the mail server refused is tried again later, for two days."""
    if not settings.EMAIL_HOST:
        return False
    try:
        with transaction.atomic():
            mail = _lock_unsent(mail_id)
            if mail is None:
                return False
            return _send(mail)
    except (smtplib.SMTPException, OSError) as error:
        _put_off(mail_id, explain_failure(error), now)
        return False


def _lock_unsent(mail_id: int) -> AlertMail | None:
    """Locks the mail until the transaction ends; None where another worker has it, or it was sent."""
    mails = AlertMail.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "alert__view__organization",
        "alert__view__brand",
        "alert__membership__user",
        "alert__membership__organization",
    )
    return mails.filter(pk=mail_id, sent_at=None, alert__in=alerts_of_readers()).first()


def _send(mail: AlertMail) -> bool:
    told = _still_there(mail)
    if told:
        _compose(mail, told).send()
    # Where nothing is left to tell, the mail counts as sent.
    AlertMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now(), error="")
    return bool(told)


def _still_there(mail: AlertMail) -> list[Mention]:
    """What was deleted, put aside or changed since it was collected, so that it left the view, is not told."""
    view = mail.alert.view
    found = filter_mentions(brand=view.brand, wanted=wanted_at_any_time(view)).filter(pk__in=mail.mentions)
    return order_as_asked(list(found.defer("search")), mail.mentions)


def _put_off(mail_id: int, reason: str, now: datetime) -> None:
    mail = AlertMail.objects.filter(pk=mail_id, sent_at=None).first()
    if mail is None:
        return
    wait = timedelta(minutes=min(2**mail.tries, _MOST_MINUTES))
    AlertMail.objects.filter(pk=mail_id).update(
        tries=mail.tries + 1, try_at=now + wait, error=reason[:_LONGEST_ERROR]
    )
    _log.warning("alert not sent", mail=mail_id, error=reason)


def _compose(mail: AlertMail, told: list[Mention]) -> EmailMultiAlternatives:
    rendered = render_alert(mail=mail, told=told)
    sender_host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    off = off_address(mail.alert)
    message = EmailMultiAlternatives(
        " ".join(rendered.subject.split()),
        rendered.text,
        to=[mail.alert.membership.user.email],
        headers={
            "Message-ID": f"<alert-{mail.alert_id}-{mail.until_id}@{sender_host}>",
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(rendered.html, "text/html")
    return message


def render_alert(*, mail: AlertMail, told: list[Mention]) -> RenderedMail:
    """In the reader's language, by their clock, with their way of writing numbers."""
    membership, view = mail.alert.membership, mail.alert.view
    language = choose_language(membership.user.language, membership.organization.language)
    with translation.override(language), timezone.override(reader_zone(membership)):
        more = mail.total - len(mail.mentions)
        mentions = reverse("listening:mentions", args=[view.organization.slug])
        context = {
            "subject": _say_subject(mail, len(told) + more),
            "language": translation.get_language(),
            "told": [_tell(mail, mention) for mention in told],
            "more": _say_number(mail, more) if more else "",
            "view": view,
            "business": membership.organization,
            "address": settings.PUBLIC_URL + mentions + read_choice(view).address(),
            "off": off_address(mail.alert),
        }
        return RenderedMail(
            subject=str(context["subject"]),
            text=render_to_string("alerts/mail.txt", context),
            html=render_to_string("alerts/mail.html", context),
        )


def _say_subject(mail: AlertMail, number: int) -> str:
    said = ngettext("%(view)s: %(number)s new mention", "%(view)s: %(number)s new mentions", number)
    return said % {"view": mail.alert.view.name, "number": _say_number(mail, number)}


def _say_number(mail: AlertMail, number: int) -> str:
    return format_number(number) + "+" * mail.has_more


def _tell(mail: AlertMail, mention: Mention) -> Told:
    facts = {
        "who": author_of(mention) or _("Somebody"),
        "platform": name_platform(mention.platform),
        "time": date_format(timezone.localtime(mention.published_at), "DATETIME_FORMAT"),
    }
    return Told(
        text=in_one_line(words_of(mention), _LONGEST_QUOTE) or _("A post without words"),
        about=_("%(who)s on %(platform)s, %(time)s") % facts,
        address=page_of_mention(mail.alert.view.organization, mention),
    )
