"""Two-factor sign-in: a code counts once, guesses are counted, seeds lie sealed, and passkeys are asked who it is."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pyotp
import pytest
import redis
import time_machine
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts.encryption import unseal_text
from accounts.models import Organization, User
from tests.accounts.second_factors import give_app, recovery_codes
from tests.cast import PASSWORD, SignIn

LOGIN, STEP = "/account/login/", "/account/security/authenticate/"
SET_UP = "/account/security/totp/activate/"
WRONG = "That is not right"


def type_password(client: Client, user: User) -> str:
    """Returns where that leads."""
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return str(answer.headers["Location"])


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_alone_is_not_enough(client: Client, owner: User) -> None:
    app = give_app(owner)
    assert type_password(client, owner) == STEP
    assert not is_signed_in(client)
    assert WRONG in client.post(STEP, {"code": "000000"}).content.decode()
    assert client.post(STEP, {"code": app.now()}).headers["Location"] == "/"
    assert is_signed_in(client)


def test_a_code_counts_once_even_while_slow_clocks_are_tolerated(client: Client, owner: User) -> None:
    app = give_app(owner)
    now = timezone.now().replace(second=15)
    with time_machine.travel(now, tick=False):
        code = app.at(now)
        type_password(client, owner)
        client.post(STEP, {"code": code})
    with time_machine.travel(now + timedelta(seconds=31), tick=False):
        another = Client()
        type_password(another, owner)
        assert WRONG in another.post(STEP, {"code": code}).content.decode()
        assert not is_signed_in(another)


def test_the_code_that_sets_an_app_up_signs_nobody_in(client: Client, owner: User) -> None:
    type_password(client, owner)
    page = BeautifulSoup(client.get(SET_UP).content, "html.parser")
    [seed] = {str(field["value"]) for field in page.select("input[readonly]")}
    code = pyotp.TOTP(seed).now()
    assert client.post(SET_UP, {"code": code}).status_code == 302
    another = Client()
    type_password(another, owner)
    assert WRONG in another.post(STEP, {"code": code}).content.decode()
    assert not is_signed_in(another)


def test_a_recovery_code_signs_in_once(owner: User) -> None:
    give_app(owner)
    code = recovery_codes(owner)[0]
    for expected in (True, False):
        client = Client()
        type_password(client, owner)
        client.post(STEP, {"code": code})
        assert is_signed_in(client) is expected
    assert len(recovery_codes(owner)) == 9


def test_guesses_at_codes_are_counted_per_account_from_wherever_they_come(owner: User) -> None:
    app = give_app(owner)
    for number in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        type_password(client, owner)
        client.post(STEP, {"code": "000000"})
    client = Client(REMOTE_ADDR="192.0.2.99")
    type_password(client, owner)
    assert "Too many failed attempts" in client.post(STEP, {"code": app.now()}).content.decode()
    assert not is_signed_in(client)


def test_slow_guesses_at_codes_end_after_thirty(client: Client, owner: User) -> None:
    app = give_app(owner)
    type_password(client, owner)
    now = timezone.now()
    for number in range(31):
        with time_machine.travel(now + timedelta(seconds=20 * number), tick=False):
            if number % 5 == 0:
                empty_short_limits()
            page = client.post(STEP, {"code": "000000"}).content.decode()
            assert ("Too many failed attempts" in page) is (number == 30)
    empty_short_limits()
    assert "Too many failed attempts" in client.post(STEP, {"code": app.now()}).content.decode()


def empty_short_limits() -> None:
    """As if five minutes had passed: the server that keeps the counts has a clock of its own."""
    with redis.Redis.from_url(settings.REDIS_URL) as server:
        for key in server.scan_iter("*login_failed*"):
            server.delete(key)


def test_seeds_lie_sealed_in_the_database(owner: User) -> None:
    app = give_app(owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data->>'secret' FROM mfa_authenticator WHERE type = 'totp'")
        sealed = cursor.fetchone()[0]
        cursor.execute("SELECT data->>'seed' FROM mfa_authenticator WHERE type = 'recovery_codes'")
        seed = cursor.fetchone()[0]
    assert app.secret not in sealed
    assert unseal_text(sealed) == app.secret
    assert len(unseal_text(seed)) == 80


@pytest.mark.parametrize(
    "sent",
    ["", "5", "null", "[]", '{"response": 1}', '{"id": "x", "rawId": "x", "response": {}}', '"a\\u0000"'],
)
@pytest.mark.parametrize("address", ["/account/security/webauthn/login/", STEP])
def test_what_is_no_passkey_opens_nothing_and_breaks_nothing(
    client: Client, owner: User, address: str, sent: str
) -> None:
    give_app(owner)
    type_password(client, owner)
    client.get("/account/security/webauthn/login/", headers={"Accept": "application/json"})
    assert client.post(address, {"credential": sent}).status_code in {200, 302}
    assert not is_signed_in(client)


@pytest.mark.parametrize("sent", ["", "5", "[]", '{"response": 1}', '{"id": "x", "rawId": "x"}'])
def test_what_is_no_passkey_is_not_added(client: Client, owner: User, sent: str) -> None:
    type_password(client, owner)
    add = "/account/security/webauthn/add/"
    assert client.get(add).status_code == 200
    assert client.post(add, {"name": "a\0b", "credential": sent}).status_code == 200
    assert not Authenticator.objects.exists()


def test_whoever_runs_the_server_lets_somebody_back_in(
    client: Client, owner: User, organization: Organization
) -> None:
    give_app(owner)
    call_command("forget_second_factors", owner.email, stdout=StringIO())
    assert not Authenticator.objects.exists()
    assert type_password(client, owner) == "/"
    assert organization.audit_events.filter(action="secured", subject_id=owner.pk).exists()
    with pytest.raises(CommandError):
        call_command("forget_second_factors", "nobody@example.com")


def test_important_changes_ask_who_it_is(sign_in: SignIn, owner: User) -> None:
    client = sign_in(owner)
    for page in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        answer = client.get(f"/account/security/{page}")
        assert answer.headers["Location"].startswith("/account/reauthenticate/?next="), page


def test_a_server_without_its_key_says_so_instead_of_breaking(
    client: Client, owner: User, organization: Organization, sign_in: SignIn
) -> None:
    give_app(owner)
    with override_settings(ENCRYPTION_KEYS=[Fernet.generate_key().decode()]):
        type_password(client, owner)
        answer = client.post(STEP, {"code": "123456"})
        page = sign_in(owner).get(f"/o/{organization.slug}/settings/security/")
    assert "a key is missing among its ENCRYPTION_KEYS" in answer.content.decode()
    assert not is_signed_in(client)
    assert page.status_code == 200
