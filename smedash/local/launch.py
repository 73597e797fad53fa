"""Start one supervised program, after ending what a killed predecessor of it has left behind.

When a web server or a worker is killed with -9, its children live on and hold its port and its tasks.
The supervisor sees only the program that it started, so each program begins here: end what is left of the
last one, wait until its gate is open (the database is migrated), then become the program.

Runs as a script, because importing the package would import Celery: the standard library, and psutil, which
knows how Linux and macOS tell of processes.
"""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

STATE_MARK = "SMEDASH_STATE"  # names the state folder in the environment of everything we start
PROGRAM_MARK = "SUPERVISOR_PROCESS_NAME"  # set by supervisor for each of its programs
PROGRAMS = "programs.json"  # in the state folder: how each program is started
WEB_GATE, WORK_GATE = "open-for-web", "open-for-work"  # files in the state folder
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Process:
    pid: int
    program: str  # web, postgres …; empty for the supervisor itself


def of_state(state: Path) -> list[Process]:
    """Every living process that belongs to the state folder, except ourselves."""
    living = (entry.info for entry in psutil.process_iter(["pid", "environ", "cwd", "status"]))
    found = (_of(info, state) for info in living if info["status"] != psutil.STATUS_ZOMBIE)
    return [process for process in found if process is not None and process.pid != os.getpid()]


def _of(info: dict[str, Any], state: Path) -> Process | None:
    """What cannot be read of somebody else's process is None."""
    environment = info["environ"] or {}
    if environment.get(STATE_MARK) == str(state):
        return Process(info["pid"], environment.get(PROGRAM_MARK, ""))
    # PostgreSQL's children overwrite their environment with a title; they stand in the data folder.
    if info["cwd"] == str(state / "postgres"):
        return Process(info["pid"], "postgres")
    return None


def end(processes: list[Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            continue


def end_remains(state: Path, program: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        remains = [process for process in of_state(state) if process.program == program]
        if not remains:
            return
        end(remains, signal.SIGKILL)
        time.sleep(0.05)


def wait_for_gate(gate: Path) -> None:
    while not gate.exists():
        time.sleep(0.05)


def main() -> None:
    state = Path(os.environ[STATE_MARK])
    name = os.environ[PROGRAM_MARK]
    program = json.loads((state / PROGRAMS).read_text(encoding="utf-8"))[name]
    end_remains(state, name)
    if program["gate"]:
        wait_for_gate(state / program["gate"])
    os.chdir(CHECKOUT)
    os.execvp(program["command"][0], program["command"])  # noqa: S606  # becoming the program is the purpose


if __name__ == "__main__":
    main()
