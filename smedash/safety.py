"""Values with which an installation must not start."""

from __future__ import annotations

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

KEY_TOO_SHORT = (
    "SECRET_KEY is missing or shorter than 50 characters. bin/up makes one by itself; elsewhere set it to the "
    "output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
)
ANY_HOST = "ALLOWED_HOSTS must name the hosts: with * anybody could forge links in our mails."
DEBUG_IN_PUBLIC = (
    "DEBUG must be false when PUBLIC_URL begins with https: its error pages show data and settings."
)
NO_KEYS = (
    "ENCRYPTION_KEYS is missing: without it credentials of platforms cannot be kept. bin/up makes one by itself; "
    "elsewhere set it to the output of: python3 -c 'import base64, os; "
    "print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)
BAD_KEYS = (
    "ENCRYPTION_KEYS must hold keys of 32 bytes in URL-safe base64, separated by spaces; one of them is not."
)
BAD_URL = "PUBLIC_URL must begin with http:// or https:// and name a host, as in https://social.example.com"


def refuse_unsafe(
    *, debug: bool, secret_key: str, public_url: str, allowed_hosts: list[str], encryption_keys: list[str]
) -> None:
    """Stop the start with a sentence, whether it is a web server, a worker or a command."""
    if not public_url.startswith(("http://", "https://")) or public_url.endswith("://"):
        raise ImproperlyConfigured(BAD_URL)
    if len(secret_key) < 50:
        raise ImproperlyConfigured(KEY_TOO_SHORT)
    if "*" in allowed_hosts:
        raise ImproperlyConfigured(ANY_HOST)
    if debug and public_url.startswith("https://"):
        raise ImproperlyConfigured(DEBUG_IN_PUBLIC)
    if not encryption_keys and not debug:
        raise ImproperlyConfigured(NO_KEYS)
    if not all(_is_key(key) for key in encryption_keys):
        raise ImproperlyConfigured(BAD_KEYS)


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
