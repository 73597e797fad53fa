"""One instance: its servers, its programs and the environment in which they run."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import certifi

from smedash.local.ports import free_port
from smedash.local.postgres import Postgres
from smedash.local.state import State
from smedash.local.supervision import POSTGRES, VALKEY, Program, application_programs, server
from smedash.local.valkey import Valkey

OWN_SECRETS = ("SECRET_KEY", "ENCRYPTION_KEYS")


@dataclass(frozen=True)
class Instance:
    """What `bin/up` runs. A server that the person has named in the environment is not ours to start."""

    state: State
    port: int
    postgres: Postgres | None
    valkey: Valkey | None

    def prepare(self) -> None:
        """Make what the servers need, and keep their addresses where only the owner can read them."""
        if self.postgres:
            self.postgres.make_cluster()
            self.postgres.forget_dead_postmaster()
            self.state.keep("DATABASE_URL", self.postgres.url)
        if self.valkey:
            self.valkey.prepare()
            self.state.keep("REDIS_URL", self.valkey.url)

    def wait_for_servers(self, alive: Callable[[], bool]) -> None:
        """Until both answer, or whoever should run them is no longer alive."""
        if self.postgres:
            self.postgres.wait(alive)
            self.postgres.make_database()
        if self.valkey:
            self.valkey.wait(alive)

    def programs(self) -> list[Program]:
        servers = []
        if self.postgres:
            servers.append(server(POSTGRES, self.postgres.command(), stop_signal="INT"))
        if self.valkey:
            servers.append(server(VALKEY, self.valkey.command()))
        return [*servers, *application_programs(self.state, self.port)]


def make_instance(state: State, port: int) -> Instance:
    postgres = Postgres(state.folder, free_port(), state.secret("postgres"))
    valkey = Valkey(state.folder, free_port(), state.secret("valkey"))
    return Instance(
        state,
        port,
        postgres=None if given("DATABASE_URL") else postgres,
        valkey=None if given("REDIS_URL") else valkey,
    )


def given(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def surroundings(state: State, port: int) -> dict[str, str]:
    """The environment of Django's processes. Secrets go by file: a process's environment is easily read."""
    files = {}
    for name in (*OWN_SECRETS, "DATABASE_URL", "REDIS_URL"):
        if not given(name):
            if name in OWN_SECRETS:
                state.secret(name)
            files[f"{name}_FILE"] = str(state.secret_file(name))
    defaults = {
        "PUBLIC_URL": f"http://localhost:{port}",
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",  # `manage.py prepare` has checked already; it takes each worker a second
        "SENTIMENT_MODEL": str(state.folder / "sentiment.model"),
    }
    return {**defaults, **_certificates(), **os.environ, **files, "PATH": _path()}


def _certificates() -> dict[str, str]:
    """Authorities to trust where Python has none: python.org's on macOS, until a script of it was clicked."""
    known = ssl.get_default_verify_paths()
    return {} if known.cafile or known.capath else {"SSL_CERT_FILE": certifi.where()}


def _path() -> str:
    """Tools that a management command calls are found even where PATH is empty."""
    return os.environ.get("PATH") or os.pathsep.join(map(str, (Path("/usr/bin"), Path("/bin"))))
