"""What the pages of signing in need to know. `{% load sign_in %}`."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from django import template
from django.conf import settings
from django.utils.translation import gettext

from accounts.models import User

register = template.Library()

# The order matters: each browser also names those it descends from.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@register.filter
def browser_name(user_agent: str) -> str:
    """Enough for a person to know their own device again."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(filter(None, (system, browser))) or user_agent[:60] or gettext("Unknown device")


@register.simple_tag
def sign_up_policy() -> str:
    return str(settings.SIGN_UP)


@register.simple_tag
def mail_works() -> bool:
    return bool(settings.EMAIL_HOST)


@register.simple_tag
def has_app(user: User) -> bool:
    """Whether an authenticator app shows codes to this person."""
    found: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return found
