"""API tokens are shown once, kept as a hash, and open one thing only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiToken, Organization, TokenScope, User
from accounts.tokens import authenticate_token, issue_token, revoke_token
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/tokens/"
CONVERSIONS = TokenScope.CONVERSIONS


@pytest.fixture
def secret(organization: Organization) -> str:
    return issue_token(organization=organization, name="Web shop", scope=CONVERSIONS)[1]


def test_a_token_opens_what_it_is_for(secret: str, organization: Organization) -> None:
    found = authenticate_token(f"Bearer {secret}", CONVERSIONS)
    assert found is not None
    assert found.organization == organization


@pytest.mark.parametrize("kind", ["Basic {}", "{}", "Bearer {}x", "Bearer", "", "Bearer sme_"])
def test_anything_else_opens_nothing(secret: str, kind: str) -> None:
    assert authenticate_token(kind.format(secret), CONVERSIONS) is None


def test_a_token_for_something_else_opens_nothing(secret: str) -> None:
    ApiToken.objects.update(scope="reports")
    assert authenticate_token(f"Bearer {secret}", CONVERSIONS) is None


def test_a_revoked_token_opens_nothing(secret: str) -> None:
    revoke_token(token=ApiToken.objects.get())
    assert authenticate_token(f"Bearer {secret}", CONVERSIONS) is None


def test_the_secret_is_not_stored(secret: str) -> None:
    stored = ApiToken.objects.values().get()
    assert not any(secret in str(value) for value in stored.values())
    assert secret.startswith("sme_")
    assert len(secret) > 40


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
    made = client.post(PAGE, {"name": "Web shop", "scope": CONVERSIONS})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert made.headers["Cache-Control"] == "no-store"
    assert authenticate_token(f"Bearer {secret}", CONVERSIONS) is not None
    assert secret not in client.get(PAGE).content.decode()


def test_a_token_without_a_name_is_not_made(sign_in: SignIn, organization: Organization, admin: User) -> None:
    page = sign_in(admin).post(PAGE, {"name": "", "scope": "everything"}).content.decode()
    assert "This field is required" in page
    assert "not one of the available choices" in page
    assert not ApiToken.objects.exists()


def test_an_admin_revokes_a_token(sign_in: SignIn, secret: str, admin: User) -> None:
    client = sign_in(admin)
    client.post(f"{PAGE}{ApiToken.objects.get().pk}/revoke/")
    assert authenticate_token(f"Bearer {secret}", CONVERSIONS) is None
    assert "None yet" in client.get(PAGE).content.decode()


def test_a_token_of_another_organization_cannot_be_revoked(
    sign_in: SignIn, secret: str, stranger: User, strangers_organization: Organization
) -> None:
    answer = sign_in(stranger).post(f"/o/bright-bean/settings/tokens/{ApiToken.objects.get().pk}/revoke/")
    assert answer.status_code == 404
    assert authenticate_token(f"Bearer {secret}", CONVERSIONS) is not None


@pytest.mark.parametrize("page", ["tokens", "mail"])
def test_a_marketer_has_no_business_with_tokens_and_mail(
    sign_in: SignIn, organization: Organization, marketer: User, page: str
) -> None:
    client = sign_in(marketer)
    assert client.get(f"/o/halden-coffee/settings/{page}/").status_code == 403
    assert f"/settings/{page}/" not in client.get("/o/halden-coffee/settings/").content.decode()
