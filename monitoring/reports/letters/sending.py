"""Send a letter. A crash may repeat one, as far as its reader's mail program lets it; none is lost.

The row of the letter is written first, and marked as sent only after the mail server took it. In between it is locked,
so that of two workers one sends. If a worker dies after the server took it, the letter goes out once more under the
same Message-ID, by which mail programs know it.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parseaddr
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.mail import choose_language, explain_failure
from accounts.models import Membership
from monitoring.reports.letters.choosing import off_address
from monitoring.reports.letters.content import LetterContent
from monitoring.reports.letters.timing import is_reader, reader_zone
from monitoring.reports.letters.wording import WordedLetter, put_letter_in_words
from monitoring.reports.models import Letter

_log = structlog.get_logger(__name__)
_LONGEST_ERROR: Final = 300


@dataclass(frozen=True, kw_only=True)
class RenderedLetter:
    letter: WordedLetter
    text: str
    html: str


def reader_language(membership: Membership) -> str:
    """The reader's own, or that of the business; the usual one where we do not speak either."""
    return choose_language(membership.user.language, membership.organization.language)


def render_letter(*, membership: Membership, monday: date, now: datetime) -> RenderedLetter:
    """In the reader's language, by their clock, with their way of writing numbers."""
    with translation.override(reader_language(membership)), timezone.override(reader_zone(membership)):
        letter = put_letter_in_words(LetterContent(membership, monday, now))
        context = {
            "letter": letter,
            "language": translation.get_language(),
            "organization": membership.organization,
            "off": off_address(membership),
        }
        text = render_to_string("reports/letter.txt", context)
        return RenderedLetter(letter=letter, text=text, html=render_to_string("reports/letter.html", context))


def send_letter(*, membership: Membership, monday: date, now: datetime) -> bool:
    """Whether it was sent now. What the mail server refused is tried again with the next look."""
    if not settings.EMAIL_HOST or not is_reader(membership):
        return False
    letter, _new = Letter.objects.get_or_create(membership=membership, monday=monday)
    try:
        with transaction.atomic():
            if not _lock_unsent(letter):
                return False
            _compose(membership, monday, now).send()
            Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), error="")
    except (smtplib.SMTPException, OSError) as error:
        Letter.objects.filter(pk=letter.pk).update(error=explain_failure(error)[:_LONGEST_ERROR])
        _log.warning("letter not sent", membership=membership.pk, error=explain_failure(error))
        return False
    return True


def _lock_unsent(letter: Letter) -> bool:
    """Locks the letter until the transaction ends; False where another worker has it, or it was sent."""
    waiting = Letter.objects.filter(pk=letter.pk, sent_at=None)
    return waiting.select_for_update(skip_locked=True).first() is not None


def _compose(membership: Membership, monday: date, now: datetime) -> EmailMultiAlternatives:
    rendered = render_letter(membership=membership, monday=monday, now=now)
    sender_host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        " ".join(rendered.letter.subject.split()),
        rendered.text,
        to=[membership.user.email],
        headers={
            "Message-ID": f"<letter-{membership.pk}-{monday:%Y%m%d}@{sender_host}>",
            "List-Unsubscribe": f"<{off_address(membership)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(rendered.html, "text/html")
    return mail
