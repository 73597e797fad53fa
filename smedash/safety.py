"""Values with which an installation must not start."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

import dj_database_url
from cryptography.fernet import Fernet
from dj_database_url import DBConfig
from django.core.exceptions import ImproperlyConfigured

from smedash.environment import is_address

SHORTEST_KEY: Final = 50
KEY_TOO_SHORT = (
    "SECRET_KEY is missing or shorter than 50 characters. bin/up makes one by itself; elsewhere set it to the "
    "output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
)
KEY_EASY = (
    "{name} looks like an example or like one piece repeated: whoever guesses it can sign in as anybody. Set it to the "
    "output of: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
)
SHORTEST_FOR_METRICS: Final = 16
METRICS_TOO_OPEN = (
    "METRICS_TOKEN is shorter than 16 characters: anybody could guess it. Leave it out, or set it to the output of: "
    "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
)
FALLBACK_TOO_SHORT = "SECRET_KEY_FALLBACKS holds a key shorter than 50 characters. Remove it."
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
KEYS_EASY = (
    "ENCRYPTION_KEYS holds a key that is one piece repeated: anybody could guess it. Put a random one in front, start "
    "again, and run manage.py rotate_keys: python3 -c 'import base64, os; "
    "print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)
OPEN_WITHOUT_MAIL = (
    "SIGN_UP=open needs a mail server (SMTP_HOST): without it nobody could prove that an address is theirs. "
    "Set SMTP_HOST, or leave SIGN_UP at invited."
)
BAD_URL = "PUBLIC_URL must begin with http:// or https:// and name a host, and nothing else, as in https://social.example.com"
BAD_DATABASE = "DATABASE_URL must be as in postgresql://user:password@host:5432/name."
BAD_REDIS = "REDIS_URL must be as in redis://:password@host:6379/0."


# Random keys hold no words of this length; keys from examples, templates and tests do.
_FROM_EXAMPLES: Final = (
    "insecure",
    "changeme",
    "change-me",
    "change_me",
    "secret",
    "example",
    "placeholder",
    "password",
)
_FEWEST_CHARACTERS: Final = 10  # different ones: 50 random hexadecimal digits lack seven of the 16 never


def refuse_unsafe(
    *,
    debug: bool,
    secret_key: str,
    public_url: str,
    allowed_hosts: list[str],
    encryption_keys: list[str],
    secret_key_fallbacks: Sequence[str] = (),
    metrics_token: str = "",
) -> None:
    """Stop the start with a sentence, whether it is a web server, a worker or a command."""
    if not is_address(public_url) or urlsplit(public_url)._replace(scheme="", netloc="").geturl():
        raise ImproperlyConfigured(BAD_URL)
    if "*" in allowed_hosts:
        raise ImproperlyConfigured(ANY_HOST)
    if debug and public_url.startswith("https://"):
        raise ImproperlyConfigured(DEBUG_IN_PUBLIC)
    if metrics_token and len(metrics_token) < SHORTEST_FOR_METRICS:
        raise ImproperlyConfigured(METRICS_TOO_OPEN)
    _refuse_secret_keys(secret_key, secret_key_fallbacks, debug=debug)
    _refuse_encryption_keys(encryption_keys, debug=debug)


def database(url: str) -> DBConfig:
    """What Django takes. The address holds a password, so that no sentence repeats it."""
    try:
        found = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError:
        raise ImproperlyConfigured(BAD_DATABASE) from None
    if found["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(BAD_DATABASE)
    return found


def broker(url: str) -> str:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # it is looked at only when it is asked for
    except ValueError:
        raise ImproperlyConfigured(BAD_REDIS) from None
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(BAD_REDIS)
    return url


def refuse_open_sign_up_without_mail(*, sign_up: str, mail_host: str) -> None:
    """Where everybody may sign up, an address must be proven to be theirs."""
    if sign_up == "open" and not mail_host:
        raise ImproperlyConfigured(OPEN_WITHOUT_MAIL)


def _refuse_secret_keys(secret_key: str, fallbacks: Sequence[str], *, debug: bool) -> None:
    if len(secret_key) < SHORTEST_KEY:
        raise ImproperlyConfigured(KEY_TOO_SHORT)
    if any(len(key) < SHORTEST_KEY for key in fallbacks):
        raise ImproperlyConfigured(FALLBACK_TOO_SHORT)
    if debug:
        return
    if is_easy(secret_key):
        raise ImproperlyConfigured(KEY_EASY.format(name="SECRET_KEY"))
    if any(map(is_easy, fallbacks)):
        raise ImproperlyConfigured(KEY_EASY.format(name="SECRET_KEY_FALLBACKS"))


def _refuse_encryption_keys(keys: Sequence[str], *, debug: bool) -> None:
    if not keys and not debug:
        raise ImproperlyConfigured(NO_KEYS)
    if not all(map(_is_key, keys)):
        raise ImproperlyConfigured(BAD_KEYS)
    if not debug and any(_repeats(urlsafe_b64decode(key).decode("latin-1")) for key in keys):
        raise ImproperlyConfigured(KEYS_EASY)


def is_easy(key: str) -> bool:
    """Whether a key is a well-known example, or one piece again and again."""
    return any(word in key.lower() for word in _FROM_EXAMPLES) or _repeats(key)


def _repeats(key: str) -> bool:
    """Has it few different characters, or is it one piece repeated? A repeated text is found in its double early."""
    return len(set(key)) < _FEWEST_CHARACTERS or (key + key).find(key, 1) < len(key)


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
