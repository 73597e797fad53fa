"""Seals what must not lie open in the database: platforms' credentials and log-ins.

The first of the ENCRYPTION_KEYS seals, every one of them opens: a key is replaced by putting a new one first.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_MAKE_ONE = (
    "Make a key with: python3 -c "
    "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)


class WrongKey(Exception):
    """What was sealed cannot be opened with the keys this instance has."""


def seal(value: Mapping[str, str]) -> str:
    return _fernet().encrypt(json.dumps(dict(value)).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """What was sealed; an empty text holds nothing."""
    if not sealed:
        return {}
    try:
        value: dict[str, str] = json.loads(_fernet().decrypt(sealed.encode()))
    except InvalidToken:
        raise WrongKey(
            "This was encrypted with a key that is not among the ENCRYPTION_KEYS of this instance. Add that "
            "key at the end of ENCRYPTION_KEYS, or connect the account again."
        ) from None
    return value


def _fernet() -> MultiFernet:
    keys = tuple(settings.ENCRYPTION_KEYS)
    if not keys and not (settings.DEBUG or settings.TESTING):
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS is empty. {_MAKE_ONE}")
    return _fernet_of(keys, settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _fernet_of(keys: Sequence[str], secret: str) -> MultiFernet:
    if not keys:
        return MultiFernet([_from_secret(secret)])
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS holds something that is no key. {_MAKE_ONE}") from None


def _from_secret(secret: str) -> Fernet:
    """While developing and testing there is no key to lose; production refuses to start without one."""
    derived = hashlib.sha256(b"smedash credentials:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
