"""The people of all tests: one organization with every role, and a stranger who owns another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Organization, Role, User
from accounts.services.organizations import create_organization

PASSWORD = "a kettle sings at dawn"

SignIn = Callable[[User], Client]


def make_person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)


def make_member(organization: Organization, role: Role) -> User:
    person = make_person(str(role.label))
    Membership.objects.create(organization=organization, user=person, role=role)
    return person


@pytest.fixture
def owner(db: None) -> User:
    return make_person("Owner")


@pytest.fixture
def organization(owner: User) -> Organization:
    return create_organization(owner=owner, name="Halden Coffee", time_zone="Europe/Berlin", currency="EUR")


@pytest.fixture
def admin(organization: Organization) -> User:
    return make_member(organization, Role.ADMIN)


@pytest.fixture
def marketer(organization: Organization) -> User:
    return make_member(organization, Role.MARKETER)


@pytest.fixture
def viewer(organization: Organization) -> User:
    return make_member(organization, Role.VIEWER)


@pytest.fixture
def stranger(db: None) -> User:
    return make_person("Stranger")


@pytest.fixture
def strangers_organization(stranger: User) -> Organization:
    return create_organization(
        owner=stranger, name="Bright Bean", time_zone="America/New_York", currency="USD"
    )


@pytest.fixture
def sign_in() -> SignIn:
    """A browser of somebody who is signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
