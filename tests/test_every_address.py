"""Walks every address that the resolver knows, as nobody, as each role, and as a stranger with another
organization. A new page cannot be forgotten: without an entry in tests/addresses.py it fails here.
"""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, Role, User
from accounts.permissions import may
from tests.addresses import EXAMPLES, PLAIN_EXAMPLES, PUBLIC, SIGNED_IN, WITH_TOKEN
from tests.cast import SignIn
from tests.every_address import ADDRESSES, OF_ORGANIZATIONS, OPEN, PERSONAL, Address

WRONG_METHOD = 405
METHODS = ("get", "post")


def each(addresses: list[Address]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("address", addresses, ids=[address.name for address in addresses])


def visit(client: Client, method: str, link: str) -> HttpResponse:
    """As a page does it: what goes wrong in a view becomes a 500 and not the test's exception."""
    client.raise_request_exception = False
    answer: HttpResponse = getattr(client, method)(link)
    return answer


@each(ADDRESSES)
def test_every_address_says_who_may_come(address: Address) -> None:
    kinds = [
        bool(address.needed_role),
        address.needs_sign_in,
        address.name in PUBLIC,
        address.name in WITH_TOKEN,
    ]
    assert sum(kinds) == 1, f"Guard {address.name} with accounts.access, or declare it in tests/addresses.py."


@each(ADDRESSES)
def test_every_address_has_an_example(address: Address) -> None:
    examples = EXAMPLES if address.needed_role else PLAIN_EXAMPLES
    missing = address.arguments - {"slug"} and address.name not in examples
    assert not missing, (
        f"Add an example of {sorted(address.arguments)} for {address.name} to tests/addresses.py."
    )


def test_tests_addresses_names_nothing_that_is_gone() -> None:
    names = {address.name for address in ADDRESSES}
    assert PUBLIC | SIGNED_IN | WITH_TOKEN | EXAMPLES.keys() | PLAIN_EXAMPLES.keys() <= names


@each(OF_ORGANIZATIONS)
def test_nobody_is_sent_to_sign_in(address: Address, organization: Organization, client: Client) -> None:
    link = address.link(organization)
    for method in METHODS:
        answer = visit(client, method, link)
        if answer.status_code != WRONG_METHOD:
            assert answer.headers["Location"].startswith("/account/login/?next=")


@each(OF_ORGANIZATIONS)
def test_a_stranger_finds_nothing(
    address: Address, organization: Organization, strangers_organization: Organization, sign_in: SignIn
) -> None:
    client = sign_in(strangers_organization.memberships.get().user)
    links = [address.link(organization)]
    if address.takes_objects:
        links.append(address.link(strangers_organization, objects_of=organization))
    for link in links:
        answers = [visit(client, method, link).status_code for method in METHODS]
        assert set(answers) <= {404, WRONG_METHOD}, link
        assert 404 in answers, link


@each(OF_ORGANIZATIONS)
def test_each_role_gets_as_far_as_it_may(
    address: Address, organization: Organization, members: dict[Role, User], sign_in: SignIn
) -> None:
    for role, person in members.items():
        client = sign_in(person)
        for method in METHODS:
            status = visit(client, method, address.link(organization)).status_code
            if status == WRONG_METHOD:
                continue
            if may(role, address.act_for(method)):
                assert status < 500, (role, method)
                assert status not in {403, 404}, (role, method)
            else:
                assert status == 403, (role, method)


@each(OF_ORGANIZATIONS)
def test_a_form_of_another_site_is_refused(address: Address, organization: Organization, owner: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    assert visit(client, "post", address.link(organization)).status_code in {403, WRONG_METHOD}


@each(PERSONAL)
def test_a_personal_address_needs_a_person(address: Address, viewer: User, sign_in: SignIn) -> None:
    link = address.plain_link()
    for method in METHODS:
        nobody = visit(Client(), method, link)
        assert nobody.status_code == WRONG_METHOD or "/account/login/" in nobody.headers["Location"]
        assert visit(sign_in(viewer), method, link).status_code < 400


@each(OPEN)
def test_an_open_address_answers_everybody(address: Address, viewer: User, sign_in: SignIn) -> None:
    link = address.plain_link()
    for method in METHODS:
        for client in (Client(), sign_in(viewer)):
            assert visit(client, method, link).status_code < 500 or address.name == "readyz"


@pytest.mark.django_db
def test_a_program_without_a_token_is_refused() -> None:
    for headers in ({}, {"Authorization": "Bearer sme_guessed"}):
        answers = {name: Client().post(reverse(name), headers=headers).status_code for name in WITH_TOKEN}
        assert answers == dict.fromkeys(WITH_TOKEN, 401)


@pytest.fixture
def members(
    organization: Organization, owner: User, admin: User, marketer: User, viewer: User
) -> dict[Role, User]:
    """From the smallest role to the largest."""
    people = {Role.VIEWER: viewer, Role.MARKETER: marketer, Role.ADMIN: admin, Role.OWNER: owner}
    assert {role: Membership.objects.get(user=person).role for role, person in people.items()} == {
        role: role.value for role in people
    }
    return people
