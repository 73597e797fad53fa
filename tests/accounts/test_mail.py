"""The mail page tries the real thing and says in plain words what went wrong."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from django.core.mail import get_connection
from django.test import override_settings
from pytest_django import Settings

from accounts.mail import MailFailed, send_test_mail
from accounts.models import Organization, User
from tests.cast import SignIn
from tests.certificates import make_certificate

PAGE = "/o/halden-coffee/settings/mail/"


class Inbox(Message):
    """Keeps what arrives; refuses one recipient."""

    def __init__(self) -> None:
        super().__init__()
        self.subjects: list[str] = []

    def handle_message(self, message: object) -> None:
        self.subjects.append(str(message["Subject"]))  # type: ignore[index]  # an email.message.Message

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("refused"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def refuse(*_arguments: object) -> AuthResult:
    return AuthResult(success=False, handled=False, message="535 wrong name or password")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    """A mail server on this machine that refuses every password."""
    inbox = Inbox()
    port = free_port()
    server = Controller(
        inbox, "127.0.0.1", port, authenticator=refuse, auth_require_tls=False, auth_required=False
    )
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    yield inbox
    server.stop()


def test_a_test_mail_arrives(inbox: Inbox, sign_in: SignIn, organization: Organization, admin: User) -> None:
    page = sign_in(admin).post(f"{PAGE}test/", follow=True).content.decode()
    assert "Sent to admin@example.com." in page
    assert inbox.subjects == ["Mail from SMEdash works"]


def test_a_wrong_password_is_named(
    inbox: Inbox, settings: Settings, sign_in: SignIn, organization: Organization, admin: User
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "halden", "wrong"
    page = sign_in(admin).post(f"{PAGE}test/", follow=True).content.decode()
    assert "refused the name or the password" in page
    assert "wrong" not in page
    assert inbox.subjects == []


def test_a_refused_recipient_is_named(inbox: Inbox) -> None:
    with pytest.raises(MailFailed, match="refused your address"):
        send_test_mail(to="refused@example.com")


def test_missing_encryption_is_named(inbox: Inbox) -> None:
    with override_settings(EMAIL_USE_TLS=True), pytest.raises(MailFailed, match="SMTP_ENCRYPTION"):
        send_test_mail(to="eva@example.com")


@pytest.fixture
def encrypted_inbox(settings: Settings, tmp_path: Path) -> Iterator[Inbox]:
    """A mail server that speaks TLS from the first byte, as on port 465."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate("localhost", tmp_path))
    inbox, port = Inbox(), free_port()
    server = Controller(inbox, "localhost", port, ssl_context=context)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", port
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, True
    yield inbox
    server.stop()


def test_a_server_that_encrypts_from_the_start_is_spoken_to(
    encrypted_inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    send_test_mail(to="eva@example.com")
    assert encrypted_inbox.subjects == ["Mail from SMEdash works"]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(encrypted_inbox: Inbox) -> None:
    with pytest.raises(MailFailed, match="encrypted connection failed"):
        send_test_mail(to="eva@example.com")
    assert encrypted_inbox.subjects == []


@pytest.mark.parametrize(
    ("encryption", "expected"),
    [("", "587 True False"), ("tls", "465 False True"), ("none", "587 False False")],
)
def test_how_the_connection_is_encrypted_is_set_by_one_word(encryption: str, expected: str) -> None:
    environment = {
        **os.environ,
        "SMTP_ENCRYPTION": encryption,
        "DEBUG": "true",
        "SECRET_KEY": "x" * 60,
    }
    shown = "print(settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL)"
    told = subprocess.run(
        [sys.executable, "-c", f"from smedash import settings; {shown}"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == expected


def test_a_server_that_is_not_there_is_named(inbox: Inbox) -> None:
    with override_settings(EMAIL_PORT=free_port()), pytest.raises(MailFailed, match="Nothing listens"):
        send_test_mail(to="eva@example.com")


def test_a_silent_server_is_given_up(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.mail.TEST_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with override_settings(EMAIL_PORT=port), pytest.raises(MailFailed, match="did not answer"):
            send_test_mail(to="eva@example.com")


def test_without_a_server_the_page_says_so_and_sends_nothing(
    settings: Settings, sign_in: SignIn, organization: Organization, admin: User
) -> None:
    settings.EMAIL_HOST = ""
    client = sign_in(admin)
    assert "No mail server is set" in client.get(PAGE).content.decode()
    assert "No mail server is set" in client.post(f"{PAGE}test/", follow=True).content.decode()
    assert not getattr(get_connection(), "messages", [])


@pytest.mark.parametrize(("host", "backend"), [("", "dummy"), ("mail.example.com", "smtp")])
def test_one_time_links_never_go_to_the_log_where_there_is_no_mail_server(host: str, backend: str) -> None:
    environment = {**os.environ, "SMTP_HOST": host, "DEBUG": "true", "SECRET_KEY": "x" * 60}
    told = subprocess.run(
        [sys.executable, "-c", "from smedash.settings import EMAIL_BACKEND; print(EMAIL_BACKEND)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == f"django.core.mail.backends.{backend}.EmailBackend"
