"""Processes of a whole SMEdash, each of which can be killed and started again, on servers of their own."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from smedash.local.checkout import ROOT
from smedash.local.ports import HOST, free_port, is_taken
from smedash.local.postgres import SETTINGS, Postgres
from smedash.local.valkey import Valkey


@dataclass
class Program:
    """One program, in a process group of its own."""

    name: str
    command: list[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9, the whole group at once."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep_running(self) -> None:
        """What a supervisor does: start it again if it has ended."""
        if not self.lives():
            self.start()


def new_keys() -> dict[str, str]:
    """Nothing less will do: what is measured runs with the settings of production."""
    return {"SECRET_KEY": secrets.token_urlsafe(64), "ENCRYPTION_KEYS": Fernet.generate_key().decode()}


@dataclass
class Machine:
    """PostgreSQL and Valkey with the settings that `bin/up` gives them: what is committed is on the disk."""

    folder: Path
    postgres: Postgres
    valkey: Valkey
    programs: dict[str, Program] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=new_keys)

    def run(self, name: str, *command: str, **environment: str) -> Program:
        program = Program(name, list(command), self.folder, {**os.environ, **self.environment, **environment})
        self.programs[name] = program
        program.start()
        return program

    def run_platform(self, posts: int, newest: int, *words: str) -> str:
        """A Hacker News of so many posts. Returns the setting that sends its connector there."""
        port = free_port()
        module = "tests.listening.hacker_news_server"
        self.run("platform", sys.executable, "-m", module, str(port), str(posts), str(newest), *words)
        while not is_taken(port):
            time.sleep(0.05)
        return f"hackernews=http://{HOST}:{port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            **self.keys,
            "DEBUG": "false",
            "PUBLIC_URL": "http://localhost:8000",
            "PYTHONPATH": str(ROOT),
        }

    def keep_running(self) -> None:
        for program in self.programs.values():
            program.keep_running()


@contextmanager
def own_machine() -> Iterator[Machine]:
    """Empty servers, which disappear with all that was started beside them."""
    folder = Path(tempfile.mkdtemp(prefix="smedash-machine-"))
    machine = Machine(
        folder,
        Postgres(folder, free_port(), secrets.token_hex(16), dict(SETTINGS)),
        Valkey(folder, free_port(), secrets.token_hex(16)),
    )
    try:
        machine.postgres.make_cluster()
        machine.valkey.prepare()
        postgres = machine.run("postgres", *machine.postgres.command())
        valkey = machine.run("valkey", *machine.valkey.command())
        machine.postgres.wait(postgres.lives)
        machine.valkey.wait(valkey.lives)
        machine.postgres.make_database()
        yield machine
    finally:
        for program in reversed(machine.programs.values()):
            program.kill()
        shutil.rmtree(machine.postgres.data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
