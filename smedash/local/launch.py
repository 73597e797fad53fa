"""Start one supervised program, after ending what a killed predecessor of it has left behind.

When a web server or a worker is killed with -9, its children live on and hold its port and its tasks.
The supervisor sees only the program that it started, so each program begins here: end what is left of the
last one, wait until its gate is open (the database is migrated), then become the program.

Runs as a script, because importing the package would import Celery: standard library only.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

STATE_MARK = "SMEDASH_STATE"  # names the state folder in the environment of everything we start
PROGRAM_MARK = "SUPERVISOR_PROCESS_NAME"  # set by supervisor for each of its programs
PROGRAMS = "programs.json"  # in the state folder: how each program is started
WEB_GATE, WORK_GATE = "open-for-web", "open-for-work"  # files in the state folder
PROC = Path("/proc")
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Process:
    pid: int
    program: str  # web, postgres …; empty for the supervisor itself


def of_state(state: Path) -> list[Process]:
    """Every living process that belongs to the state folder, except ourselves."""
    listing = _from_proc(state) if PROC.is_dir() else _from_ps(state)
    return [process for process in listing if process.pid != os.getpid()]


def _from_proc(state: Path) -> list[Process]:
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            words = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            process = _marked(int(folder.name), words, state)
            # PostgreSQL's children overwrite their environment with a title; they stand in the data folder.
            if process is None and (folder / "cwd").readlink() == state / "postgres":
                process = Process(int(folder.name), "postgres")
            if process is not None and (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
                found.append(process)
        except OSError:  # somebody else's process, or one that has just ended
            continue
    return found


def _from_ps(state: Path) -> list[Process]:
    """macOS has no /proc; its ps prints the environment after the command."""
    command = ["ps", "-axEww", "-o", "pid=,command="]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = []
    for pid, _, text in (line.strip().partition(" ") for line in lines):
        if f" {STATE_MARK}={state} " in f"{text} ":
            program = text.partition(f" {PROGRAM_MARK}=")[2].partition(" ")[0]
            found.append(Process(int(pid), program))
    return found


def _marked(pid: int, words: list[str], state: Path) -> Process | None:
    if f"{STATE_MARK}={state}" not in words:
        return None
    prefix = f"{PROGRAM_MARK}="
    return Process(pid, next((word.removeprefix(prefix) for word in words if word.startswith(prefix)), ""))


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
