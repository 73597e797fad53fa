"""Seals what must not lie open in the database: platforms' credentials and log-ins, shops' secrets, second factors.

The first of the ENCRYPTION_KEYS seals, every one of them opens: a key is replaced by putting a new one first, and
`accounts.key_rotation` then seals everything anew.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_MAKE_ONE = (
    "Make a key with: python3 -c "
    "'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)
# Its version and the high bytes of its time: so begins whatever was sealed, until the year 2106.
_BEGINS_WITH: Final = "gAAAAA"


class WrongKey(Exception):
    """What was sealed cannot be opened with the keys this instance has."""


def seal(value: Mapping[str, str]) -> str:
    return seal_text(json.dumps(dict(value)))


def unseal(sealed: str) -> dict[str, str]:
    """What was sealed; an empty text holds nothing."""
    value: dict[str, str] = json.loads(unseal_text(sealed)) if sealed else {}
    return value


def seal_text(text: str) -> str:
    return MultiFernet(_fernets()).encrypt(text.encode()).decode()


def unseal_text(sealed: str) -> str:
    try:
        return MultiFernet(_fernets()).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise WrongKey(
            "This was encrypted with a key that is not among the ENCRYPTION_KEYS of this instance. Add that "
            "key at the end of ENCRYPTION_KEYS, or connect the account again."
        ) from None


def looks_sealed(text: str) -> bool:
    return text.startswith(_BEGINS_WITH)


def has_newest_key(sealed: str) -> bool:
    """Whether the first key alone opens it: then it does not need the others."""
    try:
        _fernets()[0].decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def same_secret(one: str, other: str) -> bool:
    """Whether two sealed texts hold the same: sealed anew with another key, a text differs and its content does not."""
    try:
        return one == other or bool(one and other and unseal_text(one) == unseal_text(other))
    except WrongKey:
        return False


def _fernets() -> Sequence[Fernet]:
    keys = tuple(settings.ENCRYPTION_KEYS)
    if not keys and not (settings.DEBUG or settings.TESTING):
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS is empty. {_MAKE_ONE}")
    return _fernets_of(keys, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _fernets_of(keys: Sequence[str], secrets: Sequence[str]) -> Sequence[Fernet]:
    if not keys:
        return [_from_secret(secret) for secret in secrets]
    try:
        return [Fernet(key) for key in keys]
    except ValueError:
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS holds something that is no key. {_MAKE_ONE}") from None


def _from_secret(secret: str) -> Fernet:
    """While developing and testing there is no key to lose; production refuses to start without one."""
    derived = hashlib.sha256(b"smedash credentials:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(derived))
