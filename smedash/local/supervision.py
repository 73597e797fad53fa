"""What runs, in which order it starts and stops, and the supervisor's configuration for it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from smedash.local import launch
from smedash.local.ports import HOST
from smedash.local.sentences import CannotStart
from smedash.local.state import State

Supervisor = subprocess.Popen[bytes]
Choice = Callable[[launch.Process], bool]
POSTGRES, VALKEY = "postgres", "valkey"
SERVERS = {POSTGRES, VALKEY}

# No path stands in it, and the supervisor runs in the state folder: a folder may be called anything, and the
# configuration's syntax has its own ideas of what % and # mean. A program that cannot start is tried again for
# as long as the supervisor lives: the disk may have room again, the database may have recovered.
HEAD = """\
[supervisord]
nodaemon = true
silent = true
logfile = logs/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 1
pidfile = supervisord.pid
childlogdir = logs
identifier = smedash
"""
PROGRAM = """
[program:{program.name}]
command = /bin/sh -c 'exec "$SMEDASH_PYTHON" -I "$SMEDASH_LAUNCHER"'
autorestart = true
startsecs = 1
startretries = 1000000
stopsignal = {program.stop_signal}
stopwaitsecs = {program.stop_seconds}
killasgroup = true
redirect_stderr = true
stdout_logfile = logs/{program.name}.log
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 2
"""


@dataclass(frozen=True)
class Program:
    """One long-running program, which waits for its gate to open."""

    name: str
    command: list[str]
    gate: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 20


def server(name: str, command: list[str], *, stop_signal: str = "TERM") -> Program:
    return Program(name, command, stop_signal=stop_signal, stop_seconds=60)


def application_programs(state: State, port: int) -> list[Program]:
    schedule = f"--schedule={state.folder / 'beat-schedule'}"
    return [
        Program("web", web_command(port), launch.WEB_GATE),
        Program("collecting", worker_command("collecting", "fetch,bulk"), launch.WORK_GATE),
        Program("answering", worker_command("answering", "interactive,events,mail"), launch.WORK_GATE),
        Program("beat", [*celery_command(), "beat", "--pidfile=", schedule], launch.WORK_GATE),
    ]


def web_command(port: int) -> list[str]:
    words = [
        "granian",
        "smedash.wsgi:application",
        "--interface",
        "wsgi",
        "--no-ws",
        "--log-level",
        "warning",
    ]
    place = ["--host", HOST, "--port", str(port), "--workers", web_processes(), "--blocking-threads", "4"]
    # Without --respawn-failed-workers the server ends when one of its workers does.
    return [sys.executable, "-m", *words, *place, "--respawn-failed-workers", "--workers-kill-timeout", "10"]


def web_processes() -> str:
    text = os.environ.get("WEB_PROCESSES") or "2"
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 64):
        raise CannotStart(f"WEB_PROCESSES must be a number from 1 to 64, not {text!r}.")
    return text


def worker_command(name: str, queues: str) -> list[str]:
    quiet = ["--without-gossip", "--without-mingle"]  # nobody listens to the workers' talk among themselves
    return [*celery_command(), "worker", *quiet, "-n", f"{name}@%h", "-Q", queues, "-c", "2"]


def celery_command() -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "smedash", "--quiet"]


def write_configuration(programs: list[Program], state: State) -> Path:
    listing = {program.name: asdict(program) for program in programs}
    (state.folder / launch.PROGRAMS).write_text(json.dumps(listing, indent=1), encoding="utf-8")
    path = state.folder / "supervisord.conf"
    sections = [PROGRAM.format(program=program) for program in programs]
    servers = [program.name for program in programs if program.name in SERVERS]
    others = [program.name for program in programs if program.name not in SERVERS]
    groups = [group("servers", servers, 1), group("application", others, 2)]
    path.write_text("".join([HEAD, *sections, *groups]), encoding="utf-8")
    return path


def group(name: str, programs: list[str], priority: int) -> str:
    """Programs that start and stop together; lower priorities start first and stop last."""
    if not programs:
        return ""
    return f"\n[group:{name}]\nprograms = {','.join(programs)}\npriority = {priority}\n"


def start_supervisor(configuration: Path, environment: dict[str, str], state: State) -> Supervisor:
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)]
    marked = {
        **environment,
        launch.STATE_MARK: str(state.folder),
        "SMEDASH_PYTHON": sys.executable,
        "SMEDASH_LAUNCHER": str(Path(launch.__file__)),
    }
    # A session of its own: Ctrl-C reaches only us, and we stop everything in order.
    with (state.logs / "supervisord.start.log").open("wb") as log:
        return subprocess.Popen(
            command, env=marked, cwd=state.folder, stdout=log, stderr=log, start_new_session=True
        )


def end_left_over(state: State) -> bool:
    """End what a killed instance has left running, servers last. Says whether there was anything."""
    if not launch.of_state(state.folder):
        return False
    _end(state, lambda process: process.program == "", signal.SIGTERM, seconds=30)
    _end(state, lambda process: process.program not in SERVERS, signal.SIGTERM, seconds=5)
    _end(state, lambda process: process.program not in SERVERS, signal.SIGKILL, seconds=5)
    _end(state, lambda process: process.program == POSTGRES, signal.SIGINT, seconds=20)
    _end(state, lambda process: True, signal.SIGTERM, seconds=5)
    _end(state, lambda process: True, signal.SIGKILL, seconds=10)
    return True


def _end(state: State, chosen: Choice, number: signal.Signals, *, seconds: int) -> None:
    deadline = time.monotonic() + seconds
    told: set[launch.Process] = set()
    while time.monotonic() < deadline:
        found = {process for process in launch.of_state(state.folder) if chosen(process)}
        if not found:
            return
        launch.end(list(found - told), number)
        told |= found
        time.sleep(0.05)
