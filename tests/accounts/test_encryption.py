from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from accounts.encryption import WrongKey, seal, unseal

SECRET = {"token": "très secret 🔑", "empty": ""}


def test_what_was_sealed_opens_again() -> None:
    assert unseal(seal(SECRET)) == SECRET


def test_nothing_of_the_secret_can_be_read() -> None:
    assert "secret" not in seal({"secret": "secret"})
    assert seal(SECRET) != seal(SECRET)


def test_an_older_key_still_opens(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    sealed = seal(SECRET)
    settings.ENCRYPTION_KEYS = [new, old]
    assert unseal(sealed) == SECRET
    resealed = seal(SECRET)
    settings.ENCRYPTION_KEYS = [new]
    assert unseal(resealed) == SECRET


def test_a_wrong_key_says_what_to_do(settings: Settings) -> None:
    sealed = seal(SECRET)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(WrongKey, match="ENCRYPTION_KEYS"):
        unseal(sealed)


def test_something_that_is_no_key_says_how_to_make_one(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = ["too short"]
    with pytest.raises(ImproperlyConfigured, match="Make a key with"):
        seal(SECRET)


def test_production_refuses_to_go_without_a_key(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS, settings.DEBUG, settings.TESTING = [], False, False
    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS is empty"):
        seal(SECRET)
