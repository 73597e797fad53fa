"""Sessions: how one begins for whoever held a one-time link, and what is left when they ended."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

from accounts.models import User


def sign_in(request: HttpRequest, *, user: User, to: str) -> HttpResponse:
    """Begin a session, or ask for the second factor first where they have one. Afterwards they are at `to`."""
    response: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=to)
    return response


def forget_ended_sessions() -> int:
    """From where somebody was signed in is kept no longer than the session itself. Returns how many there were."""
    ended = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    forgotten: int = ended.delete()[0]
    return forgotten
