"""Collecting by real processes, while they and their servers are killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass

import psycopg2

from smedash.local.checkout import ROOT
from smedash.local.supervision import celery_command
from tests.machine import Machine, Program

QUEUES = "fetch,interactive,events,bulk,mail"
IN_TURN = ("worker", "postgres", "beat", "valkey")
TICK = 0.1  # seconds between two looks at what has ended


@dataclass
class Collecting:
    """A worker and beat on a machine of their own, with something to collect."""

    machine: Machine
    posts: int
    lease_seconds: int = 3
    kills: int = 0

    def start(self) -> None:
        platform = self.machine.run_platform(self.posts, int(time.time()) - 60)
        surroundings = {
            "PLATFORM_URLS": platform,
            "LEASE_SECONDS": str(self.lease_seconds),
            "DISPATCH_SECONDS": "1",
            "LOG_LEVEL": "WARNING",
        }
        self.django("manage.py", "migrate", "-v0")
        self.django("-m", "tests.with_django", "tests.listening.halden", "make")
        words = ["--without-gossip", "--without-mingle", "-c", "1", "-Q", QUEUES]
        self.machine.run("worker", *celery_command(), "worker", *words, **surroundings)
        schedule = f"--schedule={self.machine.folder / 'beat-schedule'}"
        self.machine.run("beat", *celery_command(), "beat", "--pidfile=", schedule, **surroundings)

    def django(self, *words: str) -> str:
        environment = {**os.environ, **self.machine.environment}
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def state(self) -> dict[str, object]:
        return json.loads(self.django("-m", "tests.with_django", "tests.listening.halden", "state"))  # type: ignore[no-any-return]  # JSON has no type

    def stored(self) -> int | None:
        """How many mentions are committed, or None while nobody answers."""
        return self._ask("select count(*) from listening_mention")

    def is_complete(self) -> bool:
        return bool(
            self._ask("select count(*) from listening_source where watermark is not null and cursor is null")
        )

    def _ask(self, question: str) -> int | None:
        try:
            door = self.machine.postgres.connect()
        except psycopg2.OperationalError:
            return None
        try:
            with door.cursor() as cursor:
                cursor.execute(question)
                return int(cursor.fetchone()[0])  # type: ignore[index]  # an aggregate has a row
        except psycopg2.OperationalError:
            return None
        finally:
            door.close()

    def kill(self, name: str, chance: random.Random) -> None:
        """Once something more was stored, kill -9 at some instant of the next page."""
        before = self.stored() or 0
        while not self.is_complete() and (self.stored() or 0) <= before:
            self.supervise()
        time.sleep(chance.uniform(0, 0.5))
        program: Program = self.machine.programs[name]
        program.kill()
        self.kills += 1
        self.supervise()

    def supervise(self) -> None:
        """Start again what has ended, as bin/up's supervisor does."""
        self.machine.keep_running()
        time.sleep(TICK)

    def finish(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_complete():
            self.supervise()
            assert time.monotonic() < deadline, f"{self.stored()} of {self.posts} after {seconds:.0f} s more"
