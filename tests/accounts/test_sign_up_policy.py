"""Who may make an account, and that no answer tells whether an address has one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import ClassVar

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from smedash.providers import sign_in_providers
from smedash.safety import refuse_open_sign_up_without_mail
from tests.cast import PASSWORD

LOGIN, SIGN_UP, RESET = "/account/login/", "/account/signup/", "/account/password/reset/"
NOBODY = "nobody@example.com"


@pytest.fixture
def open_sign_up(settings: Settings) -> None:
    settings.SIGN_UP, settings.EMAIL_HOST = "open", "mail.example.com"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_up(address: str) -> tuple[int, str]:
    form = {"name": "Eva Halden", "email": address, "password1": PASSWORD}
    answer = Client().post(SIGN_UP, form)
    return answer.status_code, answer.headers["Location"]


@pytest.mark.parametrize("policy", ["invited", "closed"])
def test_nobody_signs_up_alone_unless_everybody_may(
    settings: Settings, client: Client, owner: User, policy: str
) -> None:
    settings.SIGN_UP = policy
    client.post(SIGN_UP, {"name": "Eva", "email": NOBODY, "password1": PASSWORD})
    assert not User.objects.filter(email=NOBODY).exists()
    said = "by invitation" if policy == "invited" else "No new accounts"
    assert said in client.get(SIGN_UP).content.decode()


def test_an_open_sign_up_tells_nobody_who_has_an_account(open_sign_up: None, owner: User) -> None:
    assert sign_up(owner.email) == sign_up("Eva@Halden.example")
    known, new = mail.outbox
    assert (known.to, known.subject) == (["owner@example.com"], "You have an account already")
    assert (new.to, new.subject) == (["eva@halden.example"], "Is this your address?")
    person = User.objects.get(email="eva@halden.example")
    assert person.name == "Eva Halden"
    assert not EmailAddress.objects.get(user=person).verified
    assert User.objects.count() == 2


def test_open_sign_up_without_a_mail_server_refuses_to_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="SMTP_HOST"):
        refuse_open_sign_up_without_mail(sign_up="open", mail_host="")
    refuse_open_sign_up_without_mail(sign_up="open", mail_host="mail.example.com")
    refuse_open_sign_up_without_mail(sign_up="invited", mail_host="")


def test_a_mail_that_cannot_be_sent_gives_nothing_away(settings: Settings, owner: User) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answers = {
        Client().post(RESET, {"email": address}).headers["Location"] for address in (owner.email, NOBODY)
    }
    assert answers == {f"{RESET}done/"}


class CountedHasher(PBKDF2PasswordHasher):
    """What takes time when somebody signs in or up is the hash alone: a hundred times all the rest."""

    iterations = 1
    made: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        self.made.append(f"{iterations or self.iterations} rounds")
        return super().encode(password, salt, iterations)


@pytest.fixture
def hashes(settings: Settings, owner: User) -> Callable[[Callable[[], object]], list[str]]:
    """Those that an act makes. The owner's password is kept with the same hasher."""
    settings.PASSWORD_HASHERS = [f"{__name__}.{CountedHasher.__name__}"]
    owner.set_password(PASSWORD)
    owner.save()

    def made_by(act: Callable[[], object]) -> list[str]:
        CountedHasher.made.clear()
        act()
        return CountedHasher.made.copy()

    return made_by


def test_a_sign_in_takes_as_long_for_an_unknown_address(
    owner: User, hashes: Callable[[Callable[[], object]], list[str]]
) -> None:
    known, unknown = (hashes(partial(_guess, address)) for address in (owner.email, NOBODY))
    assert known == unknown == ["1 rounds"]


def test_a_sign_up_takes_as_long_for_a_known_address(
    open_sign_up: None, owner: User, hashes: Callable[[Callable[[], object]], list[str]]
) -> None:
    known, new = (hashes(partial(sign_up, address)) for address in (owner.email, "eva@halden.example"))
    assert known == new == ["1 rounds"]


def _guess(address: str) -> None:
    Client().post(LOGIN, {"login": address, "password": "not this one"})


def test_wrong_passwords_are_limited_by_the_minute_and_by_the_day(owner: User) -> None:
    """Whatever address is typed; a right password counts for nothing."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [_is_let_try("nobody", number) for number in range(11)] == [True] * 10 + [False]
        for minute in range(9):
            clock.shift(timedelta(minutes=1, seconds=1))
            Client().post(LOGIN, {"login": owner.email, "password": PASSWORD})
            assert all(_is_let_try(f"nobody{minute}", number) for number in range(10))
        clock.shift(timedelta(minutes=10))
        assert not _is_let_try("somebody", 1)
        clock.shift(timedelta(days=1))
        assert _is_let_try("somebody", 1)


def _is_let_try(name: str, number: int) -> bool:
    answer = Client().post(LOGIN, {"login": f"{name}{number}@example.com", "password": "not this one"})
    return "Too many failed attempts" not in answer.content.decode()


def test_resets_are_limited_for_each_address_known_or_not(owner: User) -> None:
    for address in (owner.email, NOBODY):
        statuses = [Client().post(RESET, {"email": address}).status_code for _attempt in range(4)]
        assert statuses == [302, 302, 302, 429]


def test_mails_that_verify_an_address_are_limited(open_sign_up: None, db: None) -> None:
    for _attempt in range(3):
        sign_up("eva@halden.example")
    assert len(mail.outbox) == 1


def test_sign_ups_are_limited_for_each_sender(open_sign_up: None, db: None) -> None:
    form = {"name": "Eva", "password1": PASSWORD}
    statuses = [Client().post(SIGN_UP, form | {"email": f"{n}@example.com"}).status_code for n in range(11)]
    assert statuses == [302] * 10 + [429]


def test_without_redis_nobody_signs_in_and_whoever_is_goes_on(
    settings: Settings, client: Client, owner: User
) -> None:
    client.force_login(owner)
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": away}
    answer = Client().post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert "Nobody can sign in at the moment" in answer.content.decode()
    assert client.get("/account/sessions/").status_code == 200


def test_half_of_a_providers_keys_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="GOOGLE_CLIENT_SECRET"):
        sign_in_providers(google=("id", ""), microsoft=("", ""), microsoft_tenant="common")
    assert sign_in_providers(google=("", ""), microsoft=("", ""), microsoft_tenant="common") == ()
