"""Every address, given what nobody should send: a clear answer, the usual headers, and nothing typed is lost.

Which fields a view takes is found by watching it read (tests/hostile), so a new one cannot be forgotten. Each run sends
a few made-up requests to each address, always the same ones; `bin/test --long` sends every value to every field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random

import pytest
import redis
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Organization, SetupStep, User
from accounts.setup import renew_setup_link
from monitoring.conversions.shops.registry import CONNECTORS as SHOPS
from monitoring.platforms.registry import CONNECTORS
from tests.addresses import EXAMPLES, PLAIN_EXAMPLES
from tests.cast import SignIn
from tests.every_address import ADDRESSES, Address
from tests.hostile.attacking import Attacker
from tests.hostile.attempts import Attempt, all_attempts, some_attempts
from tests.hostile.discovering import Known

UNREACHABLE = "http://127.0.0.1:9"

IMPOSSIBLE = (str(2**63), "9" * 400, "%00", "%ED%A0%80")

Choose = Callable[[Known, Random], Iterable[Attempt]]


def link_of(address: Address, organization: Organization) -> str:
    return address.link(organization) if address.needed_role else address.plain_link()


def find_faults(attacker: Attacker, links: dict[str, str], choose: Choose, empty: redis.Redis) -> list[str]:
    faults = []
    for name, link in links.items():
        empty.flushdb()
        for attempt in choose(attacker.discover(link), Random(name)):
            fault = attacker.find_fault(link, attempt)
            if fault:
                faults.append(f"{name}: {attempt.method}, {attempt.label}: {fault}")
            if attempt.method == "POST":
                empty.flushdb()  # or attempts to sign in would soon be too many
    return faults


@pytest.fixture
def links(organization: Organization, settings: Settings) -> dict[str, str]:
    settings.PLATFORM_URLS = dict.fromkeys([*CONNECTORS, *SHOPS], UNREACHABLE)
    Organization.objects.update(setup_step=SetupStep.DONE)
    return {address.name: link_of(address, organization) for address in ADDRESSES}


@pytest.fixture
def owners(owner: User, organization: Organization, sign_in: SignIn) -> Attacker:
    return Attacker(sign_in(owner))


@pytest.mark.parametrize("half", [0, 1])  # so that two workers share it
def test_bad_input_breaks_nothing_and_what_was_typed_is_kept(
    half: int, owners: Attacker, links: dict[str, str], empty_redis: redis.Redis
) -> None:
    some = dict(list(links.items())[half::2])
    assert find_faults(owners, some, some_attempts, empty_redis) == []
    assert owners.requests > 3 * len(some)


@pytest.mark.long
def test_every_bad_value_in_every_field_breaks_nothing(
    owners: Attacker, links: dict[str, str], empty_redis: redis.Redis
) -> None:
    faults = find_faults(owners, links, lambda known, _chance: all_attempts(known), empty_redis)
    assert faults == []


def test_bad_input_of_nobody_breaks_nothing(links: dict[str, str], empty_redis: redis.Redis) -> None:
    """Most pages send nobody to sign-in, and read little before."""
    nobody = Attacker(Client())
    attempts = [Attempt(kind, method, headers=headers) for kind, method, headers in (
        ("a sender in brackets", "POST", {"Referer": "http://[::1"}),
        ("a sender of nonsense", "GET", {"Referer": "//testserver//evil.example/\x01", "HX-Request": "true"}),
    )]  # fmt: skip
    faults = [f"{name}: {attempt.label}: {fault}" for name, link in links.items() for attempt in attempts
              if (fault := nobody.find_fault(link, attempt))]  # fmt: skip
    assert faults == []


def impossible_links(address: Address, organization: Organization) -> Iterator[str]:
    """The address with each of its arguments replaced by what is nobody's."""
    if not address.arguments - {"slug"}:
        return
    if address.needed_role:
        objects = EXAMPLES[address.name](organization)
        link = reverse(address.name, kwargs={"slug": organization.slug, **objects})
    else:
        objects = PLAIN_EXAMPLES[address.name]
        link = reverse(address.name, kwargs=dict(objects))
    for value in map(str, objects.values()):
        for impossible in IMPOSSIBLE:
            yield impossible.join(link.rsplit(value, 1))


def test_what_cannot_be_is_not_found(
    owners: Attacker, links: dict[str, str], organization: Organization
) -> None:
    asked = [link for address in ADDRESSES for link in impossible_links(address, organization)]
    faults = [
        f"{link}: {fault}"
        for link in asked
        if (fault := owners.find_fault(link, Attempt("an impossible object")))
    ]
    assert faults == []
    assert len(asked) > 50 * len(IMPOSSIBLE)


def test_a_first_owner_who_types_nonsense_is_told(client: Client, db: None, empty_redis: redis.Redis) -> None:
    link = renew_setup_link()
    path = link[link.index("/start/") :]
    attacker = Attacker(client)
    attempts = list(all_attempts(attacker.discover(path)))
    chosen = Random("start").sample(attempts, 60)
    assert [fault for attempt in chosen if (fault := attacker.find_fault(path, attempt))] == []
