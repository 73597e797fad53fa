"""Every query of a page asks for one customer's rows: its parameters name the organization, or something of it.

All rows of the test get numbers that nothing else has. A query of a customer's table without any such number would
read everybody's rows, even where the page then shows only some of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from accounts.models import Organization, User
from monitoring.listening.models import Mention
from tests.cast import SignIn
from tests.every_address import OF_ORGANIZATIONS
from tests.filled_business import FilledBusiness, fill

OURS = {"accounts", "monitoring", "smedash"}
FIRST, LAST = 7_000_000, 7_999_999

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def models_of_customers() -> list[type[models.Model]]:
    """Those that name the organization, and the counted ones that do so without a foreign key."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in OURS
        and {"organization", "organization_id"} & {field.name for field in model._meta.fields}
    ]


TABLES = {model._meta.db_table for model in models_of_customers()}
NAMES_A_TABLE = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO)\s+"?(\w+)"?', re.IGNORECASE)


def numbers_in(parameters: Any) -> Iterator[int]:
    if isinstance(parameters, bool):
        return
    if isinstance(parameters, int):
        yield parameters
    elif isinstance(parameters, str) and parameters.isdecimal():
        yield int(parameters)
    elif isinstance(parameters, dict):
        yield from numbers_in(list(parameters.values()))
    elif isinstance(parameters, (list, tuple, set, frozenset)):
        for each in parameters:
            yield from numbers_in(each)


class Watch:
    """Notes the queries of customers' tables that name nothing of the customer."""

    def __init__(self) -> None:
        self.seen = 0
        self.unbound: list[str] = []

    def __call__(
        self, execute: Execute, sql: str, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if TABLES & set(NAMES_A_TABLE.findall(sql)):
            self.seen += 1
            if not any(FIRST <= number <= LAST for number in numbers_in(parameters)):
                self.unbound.append(" ".join(sql.split())[:400])
        return execute(sql, parameters, many, context)


@pytest.fixture
def distinct_numbers(db: None) -> Iterator[None]:
    """Rows made by the test are numbered from FIRST on; afterwards the database counts on where it was."""
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


@pytest.fixture
def business(distinct_numbers: None, organization: Organization) -> FilledBusiness:
    return fill(organization)


@pytest.fixture
def client(business: FilledBusiness, owner: User, sign_in: SignIn) -> Client:
    return sign_in(owner)


def test_every_query_of_a_page_names_its_customer(business: FilledBusiness, client: Client) -> None:
    unbound: dict[str, list[str]] = {}
    seen = 0
    for address in OF_ORGANIZATIONS:
        watch, link = Watch(), business.link(address)
        with connection.execute_wrapper(watch):
            answer = client.get(link)
            if answer.streaming:
                b"".join(answer)
        seen += watch.seen
        if watch.unbound:
            unbound[address.name] = watch.unbound
    assert unbound == {}
    assert seen > 2 * len(OF_ORGANIZATIONS)


def test_a_query_of_everybodys_rows_is_noticed(db: None) -> None:
    watch = Watch()
    with connection.execute_wrapper(watch):
        assert not Mention.objects.filter(platform="bluesky").exists()
    assert len(watch.unbound) == 1


def test_every_table_of_a_customer_can_be_read_for_one_customer_alone(db: None) -> None:
    """An index begins with the organization, or with something of it: nothing walks through everybody's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tables.relname FROM pg_index"
            " JOIN pg_class tables ON tables.oid = indrelid"
            " JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
            " WHERE attname IN ('organization_id', 'brand_id', 'profile_id', 'conversion_id')"
        )
        with_index = {table for (table,) in cursor.fetchall()}
    assert with_index >= TABLES
