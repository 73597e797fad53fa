"""Old installations go on where they are, and new ones begin with few migrations."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db

# They came after those that were squashed.
LATER = {("conversions", "0007_details_kept"), ("listening", "0013_one_author_in_128")}


def replaced() -> dict[tuple[str, str], list[tuple[str, str]]]:
    loader = MigrationLoader(connection, replace_migrations=False)
    return {
        key: list(migration.replaces) for key, migration in loader.graph.nodes.items() if migration.replaces
    }


def as_it_was_before() -> None:
    """What an installation has noted that made its tables with the migrations of that time."""
    recorder = MigrationRecorder(connection)
    for key, older in replaced().items():
        recorder.record_unapplied(*key)
        for migration in older:
            recorder.record_applied(*migration)
    for key in LATER:
        recorder.record_unapplied(*key)


def planned() -> set[tuple[str, str]]:
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {(migration.app_label, migration.name) for migration, _backwards in plan}


def test_a_database_made_by_the_squashed_migrations_is_up_to_date() -> None:
    assert planned() == set()


def test_an_older_database_gets_only_what_came_later() -> None:
    as_it_was_before()
    assert planned() == LATER


def test_an_older_database_notes_what_took_the_place_of_its_migrations() -> None:
    as_it_was_before()
    for key in LATER:
        MigrationRecorder(connection).record_applied(*key)

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    assert replaced().keys() <= MigrationRecorder(connection).applied_migrations().keys()
