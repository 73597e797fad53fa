"""Old installations go on where they are, and new ones begin with few migrations."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db

# The apps of ours; 0001_initial of some was there before the squashing, too.
OURS = {
    app.label for app in apps.get_app_configs() if app.name.partition(".")[0] in {"accounts", "monitoring"}
}


def replaced() -> dict[tuple[str, str], list[tuple[str, str]]]:
    loader = MigrationLoader(connection, replace_migrations=False)
    return {
        key: list(migration.replaces) for key, migration in loader.graph.nodes.items() if migration.replaces
    }


def later() -> set[tuple[str, str]]:
    """What came after those that were squashed."""
    nodes = MigrationLoader(connection).graph.nodes
    before = {key for key, migration in nodes.items() if migration.replaces or key[1] == "0001_initial"}
    return {key for key in nodes if key[0] in OURS} - before


def as_it_was_before() -> None:
    """What an installation has noted that made its tables with the migrations of that time."""
    recorder = MigrationRecorder(connection)
    for key, older in replaced().items():
        recorder.record_unapplied(*key)
        for migration in older:
            recorder.record_applied(*migration)
    for key in later():
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
    assert planned() == later() >= {("listening", "0013_one_author_in_128")}


def test_an_older_database_notes_what_took_the_place_of_its_migrations() -> None:
    as_it_was_before()
    for key in later():
        MigrationRecorder(connection).record_applied(*key)

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    assert replaced().keys() <= MigrationRecorder(connection).applied_migrations().keys()


def test_a_database_from_before_what_was_squashed_is_left_alone() -> None:
    as_it_was_before()
    MigrationRecorder(connection).record_unapplied("listening", "0012_filter_from_an_index")

    with pytest.raises(CommandError, match="Start commit c0a343b once"):
        call_command("migrate")


def test_a_new_database_is_not_taken_for_an_old_one() -> None:
    for key in replaced():
        MigrationRecorder(connection).record_unapplied(*key)

    call_command("migrate", plan=True)
