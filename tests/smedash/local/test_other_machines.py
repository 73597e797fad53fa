"""What only some machines lack: a Mac of some version, a Linux without this or that."""

from __future__ import annotations

import os
import pwd
import resource
import secrets
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import certifi
import psutil
import pytest
import redis

from smedash.broker import heartbeat_age
from smedash.local import as_user, chromium, launch, unprivileged
from smedash.local.checkout import ROOT
from smedash.local.foreground import running
from smedash.local.instance import surroundings
from smedash.local.ports import free_port
from smedash.local.postgres import SETTINGS, THROWAWAY, Postgres
from smedash.local.sentences import CannotStart
from smedash.local.state import State
from smedash.local.suite import allow_open_files
from smedash.local.supervision import celery_command
from smedash.tasks import heartbeat
from tests.waiting import wait_until

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.mark.processes
def test_the_database_asks_the_system_for_no_locale_but_c(tmp_path: Path) -> None:
    """macOS before version 15 has no C.UTF-8: initdb would refuse it. Letters beyond ASCII are letters all the same."""
    postgres = Postgres(tmp_path, free_port(), secrets.token_hex(16), {**SETTINGS, **THROWAWAY})
    postgres.make_cluster()
    with running(postgres.command(), tmp_path / "log", stop=signal.SIGQUIT) as alive:
        postgres.wait(alive)
        postgres.make_database()
        door = postgres.connect()
        with door.cursor() as cursor:
            cursor.execute(
                "SELECT datcollate, datctype, datlocale FROM pg_database WHERE datname = 'smedash'"
            )
            assert cursor.fetchone() == ("C", "C", "C.UTF-8")
            cursor.execute("SELECT lower('ÜBUNG ΣΑΣ'), 'é' ~ '\\w', 'Ü' ~* 'ü', 'z' < 'é'")
            assert cursor.fetchone() == ("übung σασ", True, True, True)
        door.close()


def test_the_programs_of_a_state_folder_are_known_from_others(
    start: Callable[..., psutil.Process], tmp_path: Path
) -> None:
    """Also where one folder's name begins with another's, or holds what a listing would escape."""
    ours, longer = tmp_path / "Büro", tmp_path / "Büro zwei"
    web = start(ours, "web")
    start(longer, "web")
    orphan = start(
        None, "", cwd=ours / "postgres"
    )  # a title has replaced the environment of a child of PostgreSQL
    found = {(process.pid, process.program) for process in launch.of_state(ours)}
    assert found == {(web.pid, "web"), (orphan.pid, "postgres")}


@pytest.fixture
def start() -> Iterator[Callable[..., psutil.Process]]:
    started: list[psutil.Popen] = []

    def begin(state: Path | None, program: str, cwd: Path | None = None) -> psutil.Process:
        if cwd is not None:
            cwd.mkdir(parents=True)
        marks = {launch.STATE_MARK: str(state), launch.PROGRAM_MARK: program} if state else {}
        started.append(psutil.Popen(["sleep", "60"], env={"PATH": os.environ["PATH"], **marks}, cwd=cwd))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def test_certificates_are_there_where_python_brings_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """python.org's on macOS, until somebody clicks its script."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    state = State(tmp_path)
    state.make()
    nothing = ssl.get_default_verify_paths()._replace(cafile="", capath="")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nothing)
    assert surroundings(state, 8000)["SSL_CERT_FILE"] == certifi.where()
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nothing._replace(cafile="/there"))
    assert "SSL_CERT_FILE" not in surroundings(state, 8000)


@ROOT_ONLY
def test_a_server_runs_as_somebody_else() -> None:
    """macOS has no setpriv."""
    script = [sys.executable, "-I", as_user.__file__, "nobody"]
    asked = "import os; print(os.getuid(), os.geteuid(), os.getgid(), os.getgroups())"
    answer = subprocess.run(
        [*script, "/usr/bin/env", "python3", "-c", asked], capture_output=True, text=True, check=True
    )
    nobody = pwd.getpwnam("nobody")
    assert answer.stdout.split() == [str(nobody.pw_uid)] * 2 + [str(nobody.pw_gid), "[]"]


@ROOT_ONLY
def test_the_service_user_that_the_system_brings_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS has _postgres, and no useradd."""
    monkeypatch.setattr(unprivileged, "SERVICE_USERS", ("of nobody", "nobody"))
    monkeypatch.setattr(unprivileged, "_make_service_user", lambda: False)
    runner = unprivileged._as_service_user()
    assert runner.user == "nobody"
    assert (
        subprocess.run(runner.command("id", "-un"), capture_output=True, text=True, check=True).stdout
        == "nobody\n"
    )
    monkeypatch.setattr(unprivileged, "SERVICE_USERS", ("of nobody",))
    with pytest.raises(CannotStart, match="Start SMEdash as a plain user"):
        unprivileged._as_service_user()


def test_a_browser_in_somebodys_own_applications_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.find_chromium() == str(program)


def test_tests_may_open_more_files_than_a_shell_grants() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        allow_open_files(400)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (400, before[1])
        allow_open_files(300)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (400, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.long
def test_a_worker_does_its_work_in_processes_that_begin_anew(
    empty_redis: redis.Redis, tmp_path: Path
) -> None:
    """Celery forks them, but on macOS, where a fork may not use the system's libraries."""
    heartbeat.delay()
    words = ["--without-gossip", "--without-mingle", "-c", "1", "-Q", "interactive"]
    command = [*celery_command(), "worker", *words, "--", "worker.pool_start_method=spawn"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "smedash.settings"}  # the tests' own would move on
    with (tmp_path / "log").open("wb") as log:
        worker = psutil.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: heartbeat_age() is not None or worker.poll() is not None, 60)
        assert any("spawn_main" in " ".join(child.cmdline()) for child in worker.children()), (
            tmp_path / "log"
        ).read_text()
        assert heartbeat_age() is not None, (tmp_path / "log").read_text()
    finally:
        worker.terminate()
        worker.wait()
