"""Is this instance able to send mail? Asked by the settings page, answered in plain words."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

TEST_TIMEOUT = 10  # seconds; somebody is waiting


class MailFailed(Exception):
    """The mail was not sent. The message says why and what to change."""


@dataclass(frozen=True, kw_only=True)
class MailStatus:
    is_configured: bool
    host: str
    port: int
    user: str
    encryption: str
    sender: str


def read_mail_status() -> MailStatus:
    return MailStatus(
        is_configured=bool(settings.EMAIL_HOST),
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        encryption=settings.SMTP_ENCRYPTION,
        sender=settings.DEFAULT_FROM_EMAIL,
    )


# The order matters: the first that fits explains.
_REASONS: tuple[tuple[type[Exception], str | Promise], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        _("The mail server refused the name or the password (SMTP_USER, SMTP_PASSWORD)."),
    ),
    (smtplib.SMTPRecipientsRefused, _("The mail server refused your address as a recipient.")),
    (smtplib.SMTPSenderRefused, _("The mail server refused the sender (MAIL_FROM).")),
    (
        smtplib.SMTPNotSupportedError,
        _("The mail server does not offer what we need. Check SMTP_ENCRYPTION and SMTP_USER."),
    ),
    (smtplib.SMTPServerDisconnected, _("The mail server hung up. Check SMTP_PORT and SMTP_ENCRYPTION.")),
    (smtplib.SMTPException, _("The mail server answered with an error.")),
    (ssl.SSLError, _("The encrypted connection failed. Check SMTP_PORT and SMTP_ENCRYPTION.")),
    (TimeoutError, _("The mail server did not answer within 10 seconds. Check SMTP_HOST and SMTP_PORT.")),
    (socket.gaierror, _("The name of the mail server was not found (SMTP_HOST).")),
    (ConnectionRefusedError, _("Nothing listens at that address. Check SMTP_HOST and SMTP_PORT.")),
    (OSError, _("The mail server could not be reached. Check SMTP_HOST and SMTP_PORT.")),
)


def explain_failure(error: Exception) -> str:
    # smtplib turns a time-out during the conversation into "disconnected".
    cause = error.__context__ if isinstance(error.__context__, TimeoutError) else error
    return str(next(reason for kind, reason in _REASONS if isinstance(cause, kind)))


def choose_language(*wishes: str) -> str:
    """The first of the wishes that is translated, or else the usual one."""
    known = dict(settings.LANGUAGES)
    return next((wish for wish in wishes if wish in known), settings.LANGUAGE_CODE)


def send_test_mail(*, to: str) -> None:
    """Send one mail now and wait for the server's answer."""
    if not settings.EMAIL_HOST:
        raise MailFailed(gettext("No mail server is set (SMTP_HOST)."))
    subject = gettext("Mail from SMEdash works")
    body = gettext("You asked for this test. Reports and alerts can reach you at this address.")
    try:
        with get_connection(timeout=TEST_TIMEOUT) as connection:
            EmailMessage(subject, body, to=[to], connection=connection).send()
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(explain_failure(error)) from error
