"""Django's own, which says beforehand where a database is too old for it."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

_TOO_OLD: Final = (
    "This database was made by SMEdash from before November 22, 2026, and what was to become of it since is no longer "
    "part of this version. Start commit c0a343b once, which brings it that far, and then this version. "
    "Nothing was changed."
)


class Command(migrate.Command):
    def handle(self, *args: Any, database: str, **options: Any) -> None:
        applied = MigrationRecorder(connections[database]).applied_migrations().keys()
        for key, migration in MigrationLoader(None, replace_migrations=False).graph.nodes.items():
            missing = set(migration.replaces) - applied
            if key not in applied and 0 < len(missing) < len(migration.replaces):
                raise CommandError(_TOO_OLD)
        super().handle(*args, database=database, **options)
