"""Signing somebody in whom no form of ours asked for a password: whoever held a one-time link."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from accounts.models import User


def sign_in(request: HttpRequest, *, user: User, to: str) -> HttpResponse:
    """Begin a session, or ask for the second factor first where they have one. Afterwards they are at `to`."""
    response: HttpResponse = perform_login(request, user, email_verification="none", redirect_url=to)
    return response
