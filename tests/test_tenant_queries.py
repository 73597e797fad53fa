"""Every query of a page asks for one customer's rows: its parameters name the organization, or something of it.

All rows of the test get numbers that nothing else has. A query of a customer's table without any such number would
read everybody's rows, even where the page then shows only some of them.
"""

from __future__ import annotations

from django.db import connection

from monitoring.listening.models import Mention
from tests.every_address import OF_ORGANIZATIONS
from tests.walked_business import Visit
from tests.watching import TABLES, Watch


def test_every_query_of_a_page_names_its_customer(visits: list[Visit]) -> None:
    watches = {visit.address.name: visit.watch for visit in visits if visit.address in OF_ORGANIZATIONS}
    assert {name: watch.unbound for name, watch in watches.items() if watch.unbound} == {}
    assert len(watches) == len(OF_ORGANIZATIONS)
    assert sum(watch.seen for watch in watches.values()) > 2 * len(OF_ORGANIZATIONS)


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
