"""API tokens are shown once, kept as a hash, and open one thing only."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiToken, AuditEvent, Organization, TokenScope, User
from accounts.tokens import TokenRefused, authenticate_token, issue_token, revoke_token
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/tokens/"
CONVERSIONS = TokenScope.CONVERSIONS
LONG_AGO = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def secret(organization: Organization) -> str:
    return issue_token(organization=organization, name="Web shop", scope=CONVERSIONS)[1]


def test_a_token_opens_what_it_is_for(secret: str, organization: Organization) -> None:
    assert authenticate_token(f"Bearer {secret}", CONVERSIONS).organization == organization


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", tokens.SEND_ONE),
        ("Bearer", tokens.SEND_ONE),
        ("{}", tokens.SEND_ONE),
        ("Basic {}", tokens.SEND_ONE),
        ("Bearer {}x", tokens.MISTYPED),
        ("Bearer sme_", tokens.MISTYPED),
        (f"Bearer {tokens.PREFIX}{'a' * 40}{tokens.checksum_of('a' * 40)}", tokens.UNKNOWN),
    ],
)
def test_anything_else_opens_nothing_and_is_told_why(secret: str, header: str, why: str) -> None:
    with pytest.raises(TokenRefused, match=f"^{re.escape(why)}$"):
        authenticate_token(header.format(secret), CONVERSIONS)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"scope": "reports"}, "This token is not for this. .* conversions."),
        ({"revoked_at": LONG_AGO}, "This token was revoked on 2026-01-02."),
        ({"expires_at": LONG_AGO}, "This token expired on 2026-01-02."),
        ({"revoked_at": LONG_AGO, "expires_at": LONG_AGO}, "revoked"),
    ],
)
def test_a_token_that_does_not_fit_opens_nothing(secret: str, changes: dict[str, object], why: str) -> None:
    ApiToken.objects.update(**changes)
    with pytest.raises(TokenRefused, match=why):
        authenticate_token(f"Bearer {secret}", CONVERSIONS)
    assert ApiToken.objects.get().last_used_at is None


def test_a_token_works_to_the_end_of_its_time_and_no_longer(organization: Organization) -> None:
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False) as clock:
        _token, secret = issue_token(
            organization=organization, name="Shop", scope=CONVERSIONS, lifetime=timedelta(days=30)
        )
        clock.shift(timedelta(days=30, seconds=-1))
        assert authenticate_token(f"Bearer {secret}", CONVERSIONS).expires_soon
        clock.shift(timedelta(seconds=1))
        with pytest.raises(TokenRefused, match="expired on 2026-05-31"):
            authenticate_token(f"Bearer {secret}", CONVERSIONS)


def test_secret_scanners_recognize_a_token(secret: str) -> None:
    """By the pattern and the checksum that docs/api.md promises, computed here in another way."""
    assert re.fullmatch(r"sme_[0-9A-Za-z]{46}", secret)
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = sum(digits.index(letter) * 62**place for place, letter in enumerate(reversed(secret[-6:])))
    assert number == zlib.crc32(secret[4:-6].encode())


def test_the_secret_is_stored_nowhere(secret: str) -> None:
    stored = [*ApiToken.objects.values(), *AuditEvent.objects.values()]
    assert len(stored) > 2
    assert not any(secret in str(row) for row in stored)


def test_making_and_revoking_is_in_the_audit_log_once_each(secret: str) -> None:
    revoke_token(token=ApiToken.objects.get())
    revoke_token(token=ApiToken.objects.get())
    events = (
        AuditEvent.objects.filter(subject_kind="apitoken").order_by("pk").values_list("action", flat=True)
    )
    assert list(events) == ["created", "deleted"]


def test_the_last_use_is_noted_at_most_once_a_minute(secret: str) -> None:
    authenticate_token(f"Bearer {secret}", CONVERSIONS)
    first = ApiToken.objects.get().last_used_at
    authenticate_token(f"Bearer {secret}", CONVERSIONS)
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    authenticate_token(f"Bearer {secret}", CONVERSIONS)
    assert ApiToken.objects.filter(last_used_at__gt=first).exists()


def test_a_new_token_is_shown_once(sign_in: SignIn, organization: Organization, admin: User) -> None:
    client = sign_in(admin)
    made = client.post(PAGE, {"name": "Web shop", "scope": CONVERSIONS, "lifetime": "90"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert made.headers["Cache-Control"] == "no-store"
    expires_at = authenticate_token(f"Bearer {secret}", CONVERSIONS).expires_at
    assert expires_at is not None
    assert timedelta(days=89) < expires_at - timezone.now() <= timedelta(days=90)
    assert secret not in client.get(PAGE).content.decode()


def test_a_token_without_a_name_is_not_made(sign_in: SignIn, organization: Organization, admin: User) -> None:
    sent = {"name": "", "scope": "everything", "lifetime": "9999999999999"}
    page = sign_in(admin).post(PAGE, sent).content.decode()
    assert "This field is required" in page
    assert page.count("not one of the available choices") == 2
    assert not ApiToken.objects.exists()


def test_the_page_names_expired_tokens_and_those_that_expire_soon(
    sign_in: SignIn, secret: str, admin: User
) -> None:
    client = sign_in(admin)
    assert "It is revoked" in client.get(PAGE).content.decode()
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=13))
    assert "Expires soon" in client.get(PAGE).content.decode()
    ApiToken.objects.update(expires_at=LONG_AGO)
    assert "Expired" in client.get(PAGE).content.decode()


def test_an_admin_revokes_a_token(sign_in: SignIn, secret: str, admin: User) -> None:
    client = sign_in(admin)
    client.post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/")
    assert "None yet" in client.get(PAGE).content.decode()
    with pytest.raises(TokenRefused, match="revoked"):
        authenticate_token(f"Bearer {secret}", CONVERSIONS)


def test_a_token_of_another_organization_cannot_be_revoked(
    sign_in: SignIn, secret: str, stranger: User, strangers_organization: Organization
) -> None:
    answer = sign_in(stranger).post(f"/o/bright-bean/settings/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert answer.status_code == 404
    authenticate_token(f"Bearer {secret}", CONVERSIONS)


@pytest.mark.parametrize("page", ["tokens", "mail"])
def test_a_marketer_has_no_business_with_tokens_and_mail(
    sign_in: SignIn, organization: Organization, marketer: User, page: str
) -> None:
    client = sign_in(marketer)
    assert client.get(f"/o/halden-coffee/settings/{page}/").status_code == 403
    assert f"/settings/{page}/" not in client.get("/o/halden-coffee/settings/").content.decode()
