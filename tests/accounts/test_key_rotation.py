"""A new key takes over while others work, and nobody loses what they entered."""

from __future__ import annotations

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from pytest_django import Settings

from accounts import key_rotation
from accounts.encryption import WrongKey, has_newest_key, seal, seal_text, unseal
from accounts.key_rotation import Place, find_places, rotate
from accounts.models import Organization, User
from monitoring.conversions.models import ShopConnection
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.sessions import AccountSessions
from tests.cast import SignIn

OLD, NEW, LOST = (Fernet.generate_key().decode() for _each in range(3))
CREDENTIALS = {"token": "of Halden"}


@pytest.fixture
def account(organization: Organization, settings: Settings) -> ConnectedAccount:
    settings.ENCRYPTION_KEYS = [OLD]
    return make_account(organization, "halden")


@pytest.fixture
def shop(account: ConnectedAccount) -> ShopConnection:
    shop = ShopConnection(organization=account.organization, shop="shopify", name="Shop", key="k")
    shop.credentials, shop.webhook_secret = CREDENTIALS, "of the hook"
    shop.save()
    return shop


def make_account(organization: Organization, handle: str) -> ConnectedAccount:
    account = ConnectedAccount(organization=organization, platform="mastodon", handle=handle)
    account.credentials = CREDENTIALS
    account.save()
    AccountSessions(account).save({"access": "now"})
    return account


def run(*words: str) -> str:
    told = StringIO()
    call_command("rotate_keys", *words, stdout=told)
    return told.getvalue()


def test_every_secret_opens_with_the_new_key_alone(
    account: ConnectedAccount, shop: ShopConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    for number in range(4):
        make_account(account.organization, f"halden{number}")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match="Do not remove older keys yet"):
        run("--check")
    told = run()
    assert "platforms.ConnectedAccount.sealed_credentials: 5 sealed anew" in told
    assert "conversions.ShopConnection.sealed_webhook_secret: 1 sealed anew" in told
    settings.ENCRYPTION_KEYS = [NEW]
    assert "Older keys may be removed" in run("--check")
    assert " 0 sealed anew, 5 had the newest key" in run()
    for row in ConnectedAccount.objects.all():
        assert row.credentials == CREDENTIALS
        assert AccountSessions(row).load() == {"access": "now"}
    shop.refresh_from_db()
    assert (shop.credentials, shop.webhook_secret) == (CREDENTIALS, "of the hook")


def test_what_no_key_opens_is_left_alone_and_told(account: ConnectedAccount, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="2 of them cannot be opened even now"):
        run()
    account.refresh_from_db()
    with pytest.raises(WrongKey):
        _opened = account.credentials
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert account.credentials == CREDENTIALS


def test_whoever_writes_meanwhile_wins(
    account: ConnectedAccount, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row changes between the moment it was read and the moment it would be written, once with each key."""
    written = [{"token": "typed with the old key"}, {"token": "typed with the new key"}]

    def seal_late(text: str) -> str:
        if written:
            settings.ENCRYPTION_KEYS = [OLD] if len(written) == 2 else [NEW]
            ConnectedAccount.objects.update(sealed_credentials=seal(written.pop(0)))
        settings.ENCRYPTION_KEYS = [NEW, OLD]
        return seal_text(text)

    monkeypatch.setattr(key_rotation, "seal_text", seal_late)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    tally = rotate(place=Place(ConnectedAccount, "sealed_credentials"))
    account.refresh_from_db()
    assert (tally.newest, tally.renewed) == (1, 0)
    assert account.credentials == {"token": "typed with the new key"}
    assert has_newest_key(account.sealed_credentials)


def test_a_log_in_that_began_before_the_rotation_is_kept(
    account: ConnectedAccount, settings: Settings
) -> None:
    before = AccountSessions(account)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    run()
    before.save({"access": "renewed meanwhile"})
    assert AccountSessions(account).load() == {"access": "renewed meanwhile"}


def test_keys_of_a_json_column_are_sealed_anew_and_the_rest_stays(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    stored = {
        "seed": seal({"a": "b"}),
        "used_mask": 5,
        "codes": [seal({}), seal({"c": "d"})],
        "name": "My key",
    }
    place = Place(ConnectedAccount, "data", ("seed", "codes"))
    assert len(place.texts(stored)) == 3
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    renewed = place.replace(stored, lambda text: seal(unseal(text)))
    settings.ENCRYPTION_KEYS = [NEW]
    assert unseal(renewed["seed"]) == {"a": "b"}
    assert [unseal(text) for text in renewed["codes"]] == [{}, {"c": "d"}]
    assert (renewed["used_mask"], renewed["name"]) == (5, "My key")


@pytest.mark.django_db
def test_no_column_named_sealed_is_forgotten() -> None:
    """Whatever the database calls sealed is found, and whatever is found is a text there."""
    found = {(str(place.model._meta.db_table), place.column) for place in find_places() if not place.keys}
    found -= {("django_session", "session_data")}  # signed around what is sealed
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE column_name LIKE 'sealed%' AND table_schema = 'public'"
        )
        assert {(str(table), str(column)) for table, column in cursor.fetchall()} == found


def test_a_secret_that_is_not_sealed_is_never_stored(account: ConnectedAccount) -> None:
    with pytest.raises(ValueError, match="takes sealed text only"):
        ConnectedAccount.objects.update(sealed_credentials='{"token": "open"}')


def test_whoever_is_signed_in_stays_so_with_the_new_key_alone(
    account: ConnectedAccount, settings: Settings, owner: User, sign_in: SignIn
) -> None:
    client = sign_in(owner)
    session = client.session
    session["mfa.totp.secret"] = "JBSWY3DPEHPK3PXP"
    session.save()
    row = Session.objects.get()
    before_sealing = signing.dumps(session.load(), salt=session.key_salt, serializer=JSONSerializer)
    Session.objects.create(
        session_key="older-than-sealing", session_data=before_sealing, expire_date=row.expire_date
    )
    Session.objects.create(session_key="broken", session_data="of nobody", expire_date=row.expire_date)
    assert "JBSWY3DPEHPK3PXP" not in signing.loads(row.session_data, salt=session.key_salt, serializer=AsItIs)

    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert "sessions.Session.session_data: 1 sealed anew" in run()
    settings.ENCRYPTION_KEYS = [NEW]
    assert client.session["mfa.totp.secret"] == "JBSWY3DPEHPK3PXP"
    assert client.get("/o/halden-coffee/settings/you/").status_code == 200
    assert SessionStore("older-than-sealing")["mfa.totp.secret"] == "JBSWY3DPEHPK3PXP"

    settings.ENCRYPTION_KEYS = [LOST]
    assert client.get("/o/halden-coffee/settings/you/").status_code == 302, (
        "without the key nobody is signed in"
    )


class AsItIs:
    def dumps(self, text: str) -> bytes:
        return text.encode()

    def loads(self, stored: bytes) -> str:
        return stored.decode()
