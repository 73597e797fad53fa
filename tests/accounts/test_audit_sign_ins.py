"""Sign-ins, failures and what secures them stand in the log of each organization of the person, with where from."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.audit import Action
from accounts.models import AuditEvent, Membership, Organization, Role, User
from tests.cast import PASSWORD, SignIn

LOGIN = "/account/login/"


@pytest.fixture
def both(organization: Organization, strangers_organization: Organization, owner: User) -> list[Organization]:
    """The owner of one is a viewer of the other."""
    Membership.objects.create(organization=strangers_organization, user=owner, role=Role.VIEWER)
    return sorted([organization, strangers_organization], key=lambda each: each.pk)


def organizations_of(action: Action) -> list[Organization | None]:
    events = AuditEvent.objects.filter(action=action).select_related("organization").order_by("pk")
    return [event.organization for event in events]


def test_each_organization_of_the_person_sees_the_sign_in_and_the_sign_out(
    both: list[Organization], owner: User, client: Client
) -> None:
    client.post(LOGIN, {"login": owner.email, "password": PASSWORD}, headers={"User-Agent": "Firefox/140"})
    client.post("/account/logout/")
    for action in (Action.SIGNED_IN, Action.SIGNED_OUT):
        assert organizations_of(action) == both
    event = AuditEvent.objects.filter(action=Action.SIGNED_IN).earliest("pk")
    assert (event.actor, event.address, event.browser) == (owner, "127.0.0.1", "Firefox/140")


def test_a_failure_names_whose_account_it_was_and_nobody_as_who_did_it(
    both: list[Organization], owner: User, client: Client
) -> None:
    client.post(LOGIN, {"login": owner.email.upper(), "password": "guessed by somebody"})
    assert organizations_of(Action.SIGN_IN_FAILED) == both
    event = AuditEvent.objects.filter(action=Action.SIGN_IN_FAILED).earliest("pk")
    assert (event.actor, event.actor_name) == (None, "")
    assert (event.subject_id, event.subject_name) == (owner.pk, "Owner")


def test_a_failure_for_an_unknown_address_is_the_operators_and_holds_nothing_that_was_typed(
    both: list[Organization], client: Client
) -> None:
    client.post(LOGIN, {"login": "nobody@example.net", "password": "guessed by somebody"})
    event = AuditEvent.objects.get(action=Action.SIGN_IN_FAILED)
    assert event.organization is None
    kept = str({field.name: getattr(event, field.name) for field in event._meta.fields})
    assert "nobody@example.net" not in kept
    assert "guessed" not in kept


@pytest.mark.parametrize(
    ("header", "stored"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was made up by whoever asked
        ("2001:db8::7", "2001:db8::7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", None),
        ("<script>", None),
    ],
)
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    organization: Organization, owner: User, settings: Settings, header: str, stored: str | None
) -> None:
    forwarded = {"X-Forwarded-For": header}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    sign_in = {"login": owner.email, "password": PASSWORD}
    Client(headers=forwarded).post(LOGIN, sign_in)
    assert AuditEvent.objects.get(action=Action.SIGNED_IN).address == stored


def test_without_a_proxy_nobody_can_claim_another_address(organization: Organization, owner: User) -> None:
    Client(headers={"X-Forwarded-For": "203.0.113.7"}).post(
        LOGIN, {"login": owner.email, "password": PASSWORD}
    )
    assert AuditEvent.objects.get(action=Action.SIGNED_IN).address == "127.0.0.1"


def test_whatever_secures_an_account_is_told_to_each_organization(
    both: list[Organization], owner: User, sign_in: SignIn
) -> None:
    """As django-allauth tells it. Its own pages are walked by the tests of signing in."""
    request = RequestFactory().post("/")
    request.user, request.session = owner, sign_in(owner).session
    said = {"sender": User, "request": request, "user": owner}
    old, new = (SimpleNamespace(email=email) for email in ("owner@example.com", "new@example.com"))
    account.password_changed.send(**said)
    account.password_reset.send(**said)
    account.email_changed.send(**said, from_email_address=old, to_email_address=new)
    account.email_added.send(**said, email_address=new)
    account.email_removed.send(**said, email_address=old)
    for signal in (mfa.authenticator_added, mfa.authenticator_reset, mfa.authenticator_removed):
        signal.send(**said, authenticator=SimpleNamespace(type="totp"))
    mfa.authentication_failed.send(**said, authenticator=SimpleNamespace(type="totp"))
    secured = AuditEvent.objects.filter(action=Action.SECURED, organization=both[0]).order_by("pk")
    assert [(event.subject_kind, event.before, event.after) for event in secured] == [
        ("password", {}, {}),
        ("password", {}, {"by": "mail"}),
        ("emailaddress", {"address": "owner@example.com"}, {"address": "new@example.com"}),
        ("emailaddress", {}, {"address": "new@example.com"}),
        ("emailaddress", {"address": "owner@example.com"}, {}),
        ("totp", {}, {"is": "set up"}),
        ("totp", {}, {"is": "made anew"}),
        ("totp", {}, {"is": "removed"}),
    ]
    assert organizations_of(Action.SECURED) == both * len(secured)
    assert organizations_of(Action.SIGN_IN_FAILED) == both
