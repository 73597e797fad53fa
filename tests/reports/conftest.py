"""A mail server on this machine that keeps what arrives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email.message import Message as Mail

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from accounts.models import Organization, SetupStep


class Inbox(Message):
    """`refuses`: everybody, as a server that has no room."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Mail] = []
        self.refuses = False

    def handle_message(self, message: Mail) -> None:
        self.mails.append(message)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return "452 no room"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [str(mail["To"]) for mail in self.mails]

    def text_of(self, place: int = -1, subtype: str = "plain") -> str:
        parts = [part for part in self.mails[place].walk() if part.get_content_subtype() == subtype]
        content = parts[0].get_payload(decode=True)
        assert isinstance(content, bytes)
        return content.decode()


@pytest.fixture
def inbox(settings: Settings) -> Iterator[Inbox]:
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Controller(inbox, "127.0.0.1", port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.PUBLIC_URL = "https://smedash.example"
    yield inbox
    server.stop()


@pytest.fixture
def business(organization: Organization) -> Organization:
    """The organization, set up long ago."""
    Organization.objects.filter(pk=organization.pk).update(setup_step=SetupStep.DONE)
    organization.refresh_from_db()
    organization.memberships.update(created_at="2020-01-01T00:00Z")
    return organization
