"""One walk through every page of a filled business, for all tests that look at what the walk has shown.

Filling the business and making some 250 pages takes longer than looking at them, so it happens once for each worker
that has one of these tests; tests/longest_first.py gives them all to one. Every text that came from outside would do
harm, and every row has a number that no row of anybody else has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import redis
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from tests.cast import make_person
from tests.every_address import OF_ORGANIZATIONS, OPEN, PERSONAL, Address
from tests.filled_business import FilledBusiness, fill
from tests.hostile.poisoning import EVIL, EVIL_ADDRESS, poison_every_row
from tests.watching import FIRST, OURS, Watch

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


@dataclass(frozen=True)
class Visit:
    """What came of opening an address twice: the first answer, and how often the second asked the database."""

    address: Address
    answer: Answer
    content: bytes
    watch: Watch
    queries: int


@contextmanager
def distinct_numbers() -> Iterator[None]:
    """Rows made meanwhile are numbered from FIRST on; afterwards the database counts on where it was."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.split(".")[0] in OURS and isinstance(model._meta.pk, models.AutoField)
    ]
    with connection.cursor() as cursor, ExitStack() as restored:
        for table in tables:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
            before = cursor.fetchone()
            restored.callback(cursor.execute, "SELECT setval(%s, %s, %s)", [sequence, *before])
            cursor.execute("SELECT setval(%s, %s, false)", [sequence, FIRST])
        yield


def make_business(owner: User) -> FilledBusiness:
    """Its name and its people are evil from the start, so that what is remembered of them is evil too."""
    organization = create_organization(
        owner=owner, name="Halden Coffee", time_zone="Europe/Berlin", currency="EUR"
    )
    Organization.objects.update(name=EVIL, website=EVIL_ADDRESS)
    User.objects.update(name=EVIL)
    organization.refresh_from_db()
    business = fill(organization)
    poison_every_row()
    return business


def read(answer: Answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def visit(client: Client, business: FilledBusiness, address: Address) -> Visit:
    link, watch = business.link(address), Watch()
    with connection.execute_wrapper(watch):
        answer = client.get(link)
        content = read(answer)
    with CaptureQueriesContext(connection) as queries:  # what is cached is cached now
        read(client.get(link))
    return Visit(address, answer, content, watch, len(queries))


@pytest.fixture(scope="session")
def visits(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, redis_server: redis.Redis
) -> list[Visit]:
    redis_server.flushdb()
    with django_db_blocker.unblock(), distinct_numbers(), transaction.atomic():
        owner, client = make_person("Owner"), Client()
        business = make_business(owner)
        client.force_login(owner)
        walk = [*OF_ORGANIZATIONS, *PERSONAL, *OPEN]
        made = [visit(client, business, address) for address in walk if address.name != "account_logout"]
        transaction.set_rollback(True)
    return made
