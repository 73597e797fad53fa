"""The whole of SMEdash, started as a person starts it, killed in every way, and stopped with Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
import redis

from smedash.local import launch
from tests.smedash.local.conftest import Home
from tests.waiting import wait_until as wait

pytestmark = pytest.mark.processes

PATIENCE = 240  # two cores are shared with the other tests, and looking through all processes takes its time


def wait_until(condition: Callable[[], object]) -> None:
    wait(condition, PATIENCE, every=0.2)


class Running:
    """An instance started by bin/up."""

    def __init__(self, home: Home, log: Path) -> None:
        self.home = home
        self.log = log
        self.up = home.start(log)
        wait_until(lambda: self.says("SMEdash is ready") or self.up.poll() is not None)
        assert self.up.poll() is None, log.read_text()

    def says(self, words: str) -> bool:
        return words in self.log.read_text(encoding="utf-8")

    def ready(self) -> dict[str, Any]:
        door = HTTPConnection("127.0.0.1", self.home.port, timeout=5)
        try:
            door.request("GET", "/readyz", headers={"Host": f"localhost:{self.home.port}"})
            return json.loads(door.getresponse().read())  # type: ignore[no-any-return]  # JSON has no type
        except OSError:
            return {"ready": False}
        finally:
            door.close()

    def processes(self, program: str) -> set[int]:
        return {process.pid for process in launch.of_state(self.home.folder) if process.program == program}

    def secret(self, name: str) -> str:
        return (self.home.folder / "secrets" / name).read_text(encoding="utf-8")

    def kill(self, program: str) -> None:
        """Kill the one that the supervisor started; what it has started itself lives on."""
        before = self.processes(program)
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: self.processes(program) - before)

    def stop(self, number: signal.Signals) -> None:
        self.up.send_signal(number)
        assert self.up.wait(PATIENCE) == 0, self.log.read_text()

    def write(self, number: int) -> None:
        with psycopg2.connect(self.secret("DATABASE_URL")) as door, door.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
            cursor.execute("INSERT INTO kept VALUES (%s)", [number])
        door.close()
        with redis.Redis.from_url(self.secret("REDIS_URL")) as broker:
            broker.rpush("kept", number)

    def written(self) -> tuple[list[int], list[int]]:
        with psycopg2.connect(self.secret("DATABASE_URL")) as door, door.cursor() as cursor:
            cursor.execute("SELECT number FROM kept ORDER BY number")
            rows = [row[0] for row in cursor.fetchall()]
        door.close()
        with redis.Redis.from_url(self.secret("REDIS_URL")) as broker:
            return rows, [int(item) for item in broker.lrange("kept", 0, -1)]


@pytest.fixture
def running(home: Home, tmp_path: Path) -> Iterator[Running]:
    instance = Running(home, tmp_path / "up.log")
    yield instance
    if instance.up.poll() is None:
        instance.stop(signal.SIGTERM)


def test_it_starts_survives_every_kill_and_stops_without_a_trace(running: Running, tmp_path: Path) -> None:
    wait_until(lambda: running.ready()["ready"])
    assert running.says(f"http://localhost:{running.home.port}")
    assert running.says("Open this link once to become its owner: ")
    assert_only_the_owner_reads_secrets(running)
    running.write(1)
    for program in ("web", "postgres", "valkey"):
        running.kill(program)
    wait_until(lambda: running.ready()["ready"])
    running.write(2)

    # Each takes seconds of a core to come back, which are spared where the next end comes at once.
    for program in ("collecting", "answering", "beat"):
        running.kill(program)
    os.kill(min(running.processes("")), signal.SIGKILL)  # the supervisor, and nobody else
    wait_until(lambda: running.says("The supervisor was killed. Starting everything again"))
    wait_until(lambda: running.ready()["ready"])
    assert running.written() == ([1, 2], [1, 2])

    again = start_after_kill_9_of_everything(running, tmp_path / "again.log")
    assert again.written() == ([1, 2], [1, 2])
    again.stop(signal.SIGINT)
    assert launch.of_state(running.home.folder) == []


def start_after_kill_9_of_everything(running: Running, log: Path) -> Running:
    """But of Valkey: an orphan is found and ended. Then with as many web processes as usual."""
    running.up.kill()
    running.up.wait()
    everything = launch.of_state(running.home.folder)
    launch.end([process for process in everything if process.program != "valkey"], signal.SIGKILL)
    running.home.web_processes = ""
    again = Running(running.home, log)
    wait_until(lambda: again.ready()["ready"])
    assert again.says("Ended what an earlier run, killed, had left behind.")
    return again


def assert_only_the_owner_reads_secrets(running: Running) -> None:
    assert running.home.folder.stat().st_mode & 0o077 == 0
    secrets = list((running.home.folder / "secrets").iterdir())
    assert len(secrets) == 6
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in secrets)
    texts = [path.read_text(encoding="utf-8").strip() for path in secrets]
    for process in launch.of_state(running.home.folder):
        shown = shown_to_everybody(process.pid)
        assert not any(text in shown for text in texts), process


def shown_to_everybody(pid: int) -> str:
    try:
        return str(psutil.Process(pid).as_dict(["cmdline", "environ"]))
    except psutil.NoSuchProcess:  # it has just ended
        return ""
