"""`bin/up`: from a checkout to an address in the browser, and back to nothing at Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import time
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from smedash.local import launch
from smedash.local.instance import Instance, make_instance, surroundings
from smedash.local.ports import is_forbidden, is_taken
from smedash.local.sentences import CannotStart
from smedash.local.state import State, ensure_room, state_from_environment
from smedash.local.static_files import build_static_files, manage
from smedash.local.supervision import end_left_over, start_supervisor, write_configuration

DEFAULT_PORT = "8000"
TAKEN_PORT = "Port {port} is taken by another program. Stop it, or choose another one: PORT={other} bin/up"
FORBIDDEN_PORT = "Port {port} is for root only. Choose a higher one: PORT={other} bin/up"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_up(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("bin/up", description="Start SMEdash on this machine.")
    parser.add_argument("--demo", action="store_true", help="fill in a demo business first")
    wishes = parser.parse_args(arguments)
    port = port_from_environment()
    state = state_from_environment()
    state.make()
    for number in STOPPING:
        signal.signal(number, _interrupt)
    with state.locked(f"process {os.getpid()}, http://localhost:{port}"):
        return Run(state, port, demo=wishes.demo).until_stopped()


def port_from_environment() -> int:
    text = os.environ.get("PORT") or DEFAULT_PORT
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


class Run:
    """One run of an instance, from start to stop."""

    def __init__(self, state: State, port: int, *, demo: bool) -> None:
        self.state = state
        self.port = port
        self.demo = demo
        self.log = state.logs / "manage.log"
        self.supervisor: subprocess.Popen[bytes] | None = None

    def until_stopped(self) -> int:
        try:
            instance, environment, configuration = self.prepare()
            self.supervisor = start_supervisor(configuration, environment, self.state)
            self.open(instance, environment)
            while self.supervisor.wait() < 0:
                print("The supervisor was killed. Starting everything again …", flush=True)
                end_left_over(self.state)
                instance.prepare()
                self.supervisor = start_supervisor(configuration, environment, self.state)
            raise CannotStart(f"The supervisor has stopped. See {self.state.logs / 'supervisord.log'}")
        except KeyboardInterrupt:
            print("\nStopping …", flush=True)
            return 0
        finally:
            self.stop()

    def prepare(self) -> tuple[Instance, dict[str, str], Path]:
        if end_left_over(self.state):
            print("Ended what an earlier run, killed, had left behind.", flush=True)
        if is_taken(self.port):
            raise CannotStart(TAKEN_PORT.format(port=self.port, other=self.port + 1))
        if is_forbidden(self.port):
            raise CannotStart(FORBIDDEN_PORT.format(port=self.port, other=DEFAULT_PORT))
        ensure_room(self.state.folder)
        self.log.write_text("", encoding="utf-8")
        self.state.close_gates()
        environment = surroundings(self.state, self.port)
        instance = make_instance(self.state, self.port)
        instance.prepare()
        return instance, environment, write_configuration(instance.programs(), self.state)

    def open(self, instance: Instance, environment: dict[str, str]) -> None:
        """Bring the database up to date, let the programs in, and say where to go."""
        build_static_files(environment, self.log)
        instance.wait_for_servers(self.supervisor_lives)
        if self.demo:
            print("Filling in the demo business …", flush=True)
        links = manage(["prepare", *(["--demo"] if self.demo else [])], environment, self.log)
        self.state.open_gate(launch.WEB_GATE)
        self.wait_for_page(environment["PUBLIC_URL"])
        self.state.open_gate(launch.WORK_GATE)  # the workers start when the pages no longer need both cores
        print(f"\nSMEdash is ready: http://localhost:{self.port}")
        for link in links.splitlines():
            purpose = "look at the demo business" if "/demo/" in link else "become its owner"
            print(f"Open this link once to {purpose}: {link}")
        print(f"Ctrl-C stops it. Data and logs: {self.state.folder}", flush=True)

    def supervisor_lives(self) -> bool:
        return self.supervisor is not None and self.supervisor.poll() is None

    def wait_for_page(self, public_url: str, seconds: float = 180) -> None:
        host = public_url.split("://")[-1].split("/")[0]
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.supervisor_lives():
            if self.answers(host):
                return
            time.sleep(0.1)
        raise CannotStart(f"The pages do not answer. The reason stands in {self.state.logs / 'web.log'}")

    def answers(self, host: str) -> bool:
        door = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            door.request("GET", "/healthz", headers={"Host": host})
            return door.getresponse().status == HTTPStatus.OK
        except OSError:
            return False
        finally:
            door.close()

    def stop(self) -> None:
        """Web, workers and beat first, the servers last; whatever resists is ended."""
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        if self.supervisor is not None:
            self.supervisor.terminate()
            try:
                self.supervisor.wait(timeout=90)
            except subprocess.TimeoutExpired:
                self.supervisor.kill()
        end_left_over(self.state)
        self.state.close_gates()
