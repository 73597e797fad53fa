"""Walks every address that the resolver knows, as nobody, as each role, and as a stranger with another
organization. A new page cannot be forgotten: without an entry in tests/addresses.py it fails here.

The cast is made once; each test goes back to how it was. At the end pytest tells how much was walked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.form_pages import WRONG
from accounts.models import Organization, Role, User
from accounts.permissions import may
from accounts.services.organizations import create_organization
from tests.addresses import EXAMPLES, OF_SECOND_FACTOR, PLAIN_EXAMPLES, PUBLIC, SIGNED_IN, WITH_TOKEN
from tests.cast import make_member, make_person
from tests.every_address import ADDRESSES, OF_ORGANIZATIONS, OPEN, PERSONAL, Address

WRONG_METHOD = 405
METHODS = ("get", "post")
RecordProperty = Callable[[str, object], None]

pytestmark = pytest.mark.django_db


class Visitor:
    """A browser that forgets between tests what happened there: signed in, if it was at first."""

    def __init__(self, person: User | None = None) -> None:
        self.client = Client(
            raise_request_exception=False
        )  # what goes wrong in a view is a 500, as on a page
        if person:
            self.client.force_login(person)
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        self.session = cookie.value if cookie else None

    def visit(self, method: str, link: str) -> HttpResponse:
        self.client.cookies.clear()
        if self.session:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        answer: HttpResponse = getattr(self.client, method)(link)
        return answer


@dataclass(frozen=True)
class Everybody:
    organization: Organization
    strangers_organization: Organization
    nobody: Visitor
    stranger: Visitor
    owner: User
    members: dict[Role, Visitor]

    @property
    def signed_in(self) -> list[Visitor]:
        return [*self.members.values(), self.stranger]


def make_everybody() -> Everybody:
    owner, stranger = make_person("Owner"), make_person("Stranger")
    ours = create_organization(owner=owner, name="Halden Coffee", time_zone="Europe/Berlin", currency="EUR")
    theirs = create_organization(
        owner=stranger, name="Bright Bean", time_zone="America/New_York", currency="USD"
    )
    members = {role: Visitor(make_member(ours, role)) for role in (Role.VIEWER, Role.MARKETER, Role.ADMIN)}
    members[Role.OWNER] = Visitor(owner)
    for visitor in members.values():
        visitor.visit(
            "get", reverse("accounts:house_rules", kwargs={"slug": ours.slug})
        )  # each session remembers it from now on
    return Everybody(ours, theirs, Visitor(), Visitor(stranger), owner, members)


@pytest.fixture(scope="module")
def everybody(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Everybody]:
    """They stand in a transaction around those of the tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_everybody()
        transaction.set_rollback(True)


@pytest.fixture
def walked(record_property: RecordProperty) -> Iterator[list[str]]:
    """Each combination that a test has tried, to be counted."""
    combinations: list[str] = []
    yield combinations
    record_property("combinations", len(combinations))


def each(addresses: list[Address]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("address", addresses, ids=[address.name for address in addresses])


def kinds(address: Address) -> list[bool]:
    return [
        bool(address.needed_role),
        address.needs_sign_in,
        address.name in PUBLIC,
        address.name in WITH_TOKEN,
    ]


def test_every_address_says_who_may_come() -> None:
    unclear = [address.name for address in ADDRESSES if sum(kinds(address)) != 1]
    assert not unclear, "Guard these with accounts.access, or declare them in tests/addresses.py."


def test_every_address_has_an_example() -> None:
    missing = {
        address.name: sorted(address.arguments)
        for address in ADDRESSES
        if address.arguments - {"slug"}
        and address.name not in (EXAMPLES if address.needed_role else PLAIN_EXAMPLES)
    }
    assert not missing, "Add examples of these arguments to tests/addresses.py."


def test_tests_addresses_names_nothing_that_is_gone() -> None:
    names = {address.name for address in ADDRESSES}
    assert PUBLIC | SIGNED_IN | WITH_TOKEN | EXAMPLES.keys() | PLAIN_EXAMPLES.keys() <= names


@each(OF_ORGANIZATIONS)
def test_nobody_is_sent_to_sign_in(address: Address, everybody: Everybody, walked: list[str]) -> None:
    link = address.link(everybody.organization)
    for method in METHODS:
        walked.append(f"{method} as nobody")
        answer = everybody.nobody.visit(method, link)
        if answer.status_code != WRONG_METHOD:
            assert answer.headers["Location"].startswith("/account/login/?next=")


@each(OF_ORGANIZATIONS)
def test_a_stranger_finds_nothing(address: Address, everybody: Everybody, walked: list[str]) -> None:
    """Neither under our name nor, with the ids of what is ours, under their own."""
    links = [address.link(everybody.organization)]
    if address.takes_objects:
        links.append(address.link(everybody.strangers_organization, objects_of=everybody.organization))
    for link in links:
        walked += [f"{method} as a stranger: {link}" for method in METHODS]
        answers = [everybody.stranger.visit(method, link).status_code for method in METHODS]
        assert set(answers) <= {404, WRONG_METHOD}, link
        assert 404 in answers, link


@each(OF_ORGANIZATIONS)
def test_each_role_gets_as_far_as_it_may(address: Address, everybody: Everybody, walked: list[str]) -> None:
    for role, visitor in everybody.members.items():
        link = address.link(everybody.organization)  # its own for each: some posts end what they are sent to
        for method in METHODS:
            walked.append(f"{method} as {role}")
            status = visitor.visit(method, link).status_code
            if status == WRONG_METHOD:
                continue
            if may(role, address.act_for(method)):
                assert status < 500, (role, method)
                assert status not in {403, 404}, (role, method)
            else:
                assert status == 403, (role, method)


@each(OF_ORGANIZATIONS)
def test_a_form_of_another_site_is_refused(address: Address, everybody: Everybody) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = str(everybody.members[Role.OWNER].session)
    assert client.post(address.link(everybody.organization)).status_code in {403, WRONG_METHOD}


@each(PERSONAL)
def test_a_personal_address_needs_a_person(address: Address, everybody: Everybody, walked: list[str]) -> None:
    link = address.plain_link()
    fine = {WRONG_METHOD, WRONG} | ({404} if address.name in OF_SECOND_FACTOR else set())
    for method in METHODS:
        nobody = everybody.nobody.visit(method, link)
        assert nobody.status_code == WRONG_METHOD or "/account/login/" in nobody.headers["Location"]
        answers = [person.visit(method, link).status_code for person in everybody.signed_in]
        assert all(status < 400 or status in fine for status in answers), (method, answers)
        walked += [method] * (1 + len(answers))


@each(OPEN)
def test_an_open_address_answers_everybody(address: Address, everybody: Everybody, walked: list[str]) -> None:
    link = address.plain_link()
    for person, method in product([everybody.nobody, *everybody.signed_in], METHODS):
        walked.append(method)
        assert person.visit(method, link).status_code < 500 or address.name == "readyz"


def test_a_program_without_a_token_is_refused(everybody: Everybody, walked: list[str]) -> None:
    for name, headers in product(WITH_TOKEN, ({}, {"Authorization": "Bearer sme_guessed"})):
        assert Client().post(reverse(name), headers=headers).status_code == 401
    for name, person, method in product(WITH_TOKEN, [everybody.nobody, *everybody.signed_in], METHODS):
        walked.append(f"{method} {name}")
        assert person.visit(method, reverse(name)).status_code in {401, WRONG_METHOD}
