"""People who follow a link, while the processes behind it are killed."""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, ClassVar, Final

from smedash.local.checkout import ROOT
from smedash.local.ports import HOST, free_port, is_taken
from smedash.local.supervision import celery_command, web_command
from tests.machine import Machine

SLUG: Final = "menu"
IN_TURN: Final = ("web", "worker", "valkey")
PEOPLE: Final = 8
_PHONE: Final = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{} like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
_MARK: Final = "sme_click="


@dataclass
class Followers:
    """Each asks until it is led on, as often as it takes; `led` are the clicks that they were told of.

    `unanswered` counts what was asked and never answered: such a click may have been noted.
    """

    module: ClassVar = (
        "tests.conversions.followed_link"  # makes what they ask for, and tells what became of it
    )
    machine: Machine
    clicks: int
    port: int = field(default_factory=free_port)
    led: list[str] = field(default_factory=list)
    unanswered: int = 0
    started: int = 0
    kills: int = 0
    lock: Lock = field(default_factory=Lock)

    def start(self) -> None:
        self.django("manage.py", "migrate", "-v0")
        self.django("-m", "tests.with_django", self.module, "make")
        surroundings = {"LOG_LEVEL": "WARNING", "PUBLIC_URL": f"http://localhost:{self.port}"}
        self.machine.run("web", *web_command(self.port), **surroundings)
        words = ["--without-gossip", "--without-mingle", "-c", "1", "-Q", "events"]
        self.machine.run("worker", *celery_command(), "worker", *words, **surroundings)
        schedule = f"--schedule={self.machine.folder / 'beat-schedule'}"
        self.machine.run("beat", *celery_command(), "beat", "--pidfile=", schedule, **surroundings)
        while not is_taken(self.port):
            time.sleep(0.1)

    def follow_while_killed(self, names: tuple[str, ...], chance: random.Random) -> None:
        """The kills are spread over the clicks, each at some instant."""
        people = [Thread(target=self._follow, args=(number,)) for number in range(PEOPLE)]
        for person in people:
            person.start()
        for number, name in enumerate(names, start=1):
            self._wait_for(self.clicks * number // (len(names) + 1))
            time.sleep(chance.uniform(0, 0.2))
            self.machine.programs[name].kill()
            self.kills += 1
        self._wait_for(self.clicks)
        for person in people:
            person.join()

    def settled(self, patience: float) -> dict[str, Any]:
        """What is stored when nothing waits any more."""
        deadline = time.monotonic() + patience
        while True:
            self.machine.keep_running()
            state: dict[str, Any] = json.loads(self.django("-m", "tests.with_django", self.module, "state"))
            if not state["waiting"] or time.monotonic() > deadline:
                return state
            time.sleep(1)

    def django(self, *words: str) -> str:
        environment = {**os.environ, **self.machine.environment}
        command = [sys.executable, *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def phone(self, number: int) -> str:
        return _PHONE.format(number)

    def _wait_for(self, answers: int) -> None:
        while len(self.led) < answers:
            self.machine.keep_running()
            time.sleep(0.05)

    def _follow(self, number: int) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        while self._is_one_more():
            while not (click := self._ask(connection, number)):
                connection.close()
                time.sleep(0.1)
            self.led.append(click)
        connection.close()

    def _is_one_more(self) -> bool:
        with self.lock:
            self.started += 1
            return self.started <= self.clicks

    def _ask(self, connection: http.client.HTTPConnection, number: int) -> str:
        headers = {"User-Agent": self.phone(number), "Host": f"localhost:{self.port}"}
        if not is_connected(connection):
            return ""
        try:
            connection.request("GET", f"/l/{SLUG}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            return (answer.headers["Location"] or "").partition(_MARK)[2]
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.unanswered += 1
            return ""


def is_connected(connection: http.client.HTTPConnection) -> bool:
    try:
        if connection.sock is None:
            connection.connect()
    except OSError:
        return False
    return True
