from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Organization, Role, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

PAGE = "/account/delete/"


def signed_in(person: User) -> Client:
    """By password, just now: what cannot be undone is not done by a session that was left open."""
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def test_a_person_deletes_their_account_and_leaves_every_business(
    organization: Organization, marketer: User
) -> None:
    client = signed_in(marketer)
    assert client.post(PAGE, {"email": "another@example.com"}).status_code == 422
    client.post(PAGE, {"email": marketer.email.upper()})

    assert not User.objects.filter(email=marketer.email).exists()
    assert not Membership.objects.filter(role=Role.MARKETER).exists()
    assert AuditEvent.objects.get(action="left").organization == organization
    assert client.get(organization.get_absolute_url()).status_code == 302


def test_the_last_owner_stays_until_somebody_else_owns_the_business(
    organization: Organization, owner: User, admin: User
) -> None:
    client = signed_in(owner)
    assert organization.name in client.get(PAGE).content.decode()
    client.post(PAGE, {"email": owner.email})
    assert User.objects.filter(pk=owner.pk).exists()

    Membership.objects.filter(user=admin).update(role=Role.OWNER)
    client.post(PAGE, {"email": owner.email})
    assert not User.objects.filter(pk=owner.pk).exists()


def test_a_session_that_was_left_open_is_asked_for_the_password(
    organization: Organization, viewer: User
) -> None:
    client = Client()
    client.force_login(viewer)
    answer = client.post(PAGE, {"email": viewer.email})

    assert "reauthenticate" in answer.headers["Location"]
    assert User.objects.filter(pk=viewer.pk).exists()
