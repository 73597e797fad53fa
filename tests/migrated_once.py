"""One migration for all workers of pytest-xdist: each copies the database that it made.

A process beside the controller migrates while the workers collect. It holds the lock of a file until it is done or
dead, writes the database's name there, and drops the database when the controller closes its standard input, or dies.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TextIO

import pytest
from django.db import connection

MIGRATED = "migrated"


class Migrating:
    """The process, as the controller knows it."""

    def __init__(self, folder: Path) -> None:
        descriptor, self._file = tempfile.mkstemp(prefix="smedash-migrated-")
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # the process inherits it; then nobody else has it
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.with_django", __name__, str(descriptor)],
            cwd=folder,
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
        )
        os.close(descriptor)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: object) -> None:
        node.workerinput[MIGRATED] = self._file  # type: ignore[attr-defined]  # pytest-xdist brings no types

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        self._process.communicate()
        Path(self._file).unlink()


def databases_are_new(config: pytest.Config) -> bool:
    """And not those that an earlier run has left, as `--reuse-db` alone wants it."""
    return bool(config.getoption("create_db") or not config.getoption("reuse_db"))


def start_migrating(config: pytest.Config) -> None:
    """In the controller of several workers, which begin with databases of their own."""
    if config.getoption("numprocesses", None) and databases_are_new(config):
        config.pluginmanager.register(Migrating(config.rootpath))


def copy_what_was_migrated(config: pytest.Config) -> None:
    """In a worker, before its database is made. Where the migration failed, the worker's own says why."""
    path = getattr(config, "workerinput", {}).get(MIGRATED)
    if path:
        with Path(path).open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            connection.settings_dict["TEST"]["TEMPLATE"] = file.read() or None


def migrate(file: TextIO) -> None:
    before = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"test_{before}_{MIGRATED}"
    file.write(connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False))
    connection.close()
    file.close()
    sys.stdin.read()
    connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    migrate(os.fdopen(int(sys.argv[1]), "w", encoding="utf-8"))
