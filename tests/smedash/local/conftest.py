"""Commands of bin/, run as a person runs them: in a process, with an environment of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smedash.local.checkout import ROOT
from smedash.local.ports import free_port
from smedash.local.state import State
from smedash.local.supervision import end_left_over

OF_THE_TESTS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEYS", "DEBUG", "PYTEST_XDIST_WORKER")


@dataclass
class Home:
    """An instance of its own: a state folder and a port."""

    folder: Path
    port: int = field(default_factory=free_port)
    # Each imports all pages, three seconds of a core: one is enough to be killed again and again. Empty: as usual.
    web_processes: str = "1"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
        own = {"SMEDASH_HOME": str(self.folder), "PORT": str(self.port), "WEB_PROCESSES": self.web_processes}
        # Else each worker of Celery imports all pages, too, to have Django look over them.
        return {**kept, **own, "CELERY_SKIP_CHECKS": "1", "PYTHONPATH": str(ROOT)}

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [str(ROOT / "bin" / words[0]), *words[1:]]
        environment = {**self.environment, **more}
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as output:
            command = [str(ROOT / "bin" / "up")]
            return subprocess.Popen(
                command, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )


@pytest.fixture
def make_home(tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    homes: list[Home] = []

    def make(name: str) -> Home:
        homes.append(Home(tmp_path / name))
        return homes[-1]

    yield make
    for home in homes:
        end_left_over(State(home.folder))


@pytest.fixture
def home(make_home: Callable[[str], Home]) -> Home:
    return make_home("a state, 100% & #1")
