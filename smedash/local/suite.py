"""`bin/test`: pytest against a PostgreSQL and a Valkey that live only as long as it runs."""

from __future__ import annotations

import os
import resource
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from smedash.local.checkout import ROOT
from smedash.local.chromium import find_chromium
from smedash.local.foreground import running
from smedash.local.ports import free_port
from smedash.local.postgres import SETTINGS, THROWAWAY, Postgres
from smedash.local.sentences import CannotStart
from smedash.local.valkey import Valkey

OWN_SETTINGS = {
    "DEBUG", "PUBLIC_URL", "ALLOWED_HOSTS", "SMEDASH_HOME", "PORT", "SENTIMENT_MODEL", "SENTIMENT_TRANSFORMER",
}  # fmt: skip
SLOW = {
    "PYTHONDONTWRITEBYTECODE"
}  # each of the many processes that tests start would compile everything anew
# Databases are made anew and go with their server: nobody waits until the last session of each has ended.
LEFT_TO_THE_SERVER = ["--create-db", "--reuse-db"]
AGAIN = "--again"
FAILED = 1  # pytest's code where it ran and tests failed
AGAIN_ALONE = (
    "\nWhat failed runs once more, alone. Where it passes now, it depends on load or on order: mend it."
)
NO_CHROMIUM = (
    "No Chromium found: tests marked e2e are left out (Debian and Ubuntu: apt install chromium; macOS: brew install "
    "--cask google-chrome)."
)
OPEN_FILES = (
    4096  # macOS grants 256 unless asked, and a worker with a browser, servers and their logs has more
)


@contextmanager
def throwaway_servers() -> Iterator[tuple[Postgres, Valkey]]:
    folder = Path(tempfile.mkdtemp(prefix="smedash-test-"))
    postgres = Postgres(folder, free_port(), secrets.token_hex(16), {**SETTINGS, **THROWAWAY})
    valkey = Valkey(folder, free_port(), secrets.token_hex(16), durable=False)
    try:
        postgres.make_cluster()
        valkey.prepare()
        with (
            running(postgres.command(), folder / "postgres.log", stop=signal.SIGQUIT) as postgres_lives,
            running(valkey.command(), folder / "valkey.log", stop=signal.SIGKILL) as valkey_lives,
        ):
            postgres.wait(postgres_lives)
            valkey.wait(valkey_lives)
            postgres.make_database()
            yield postgres, valkey
    finally:
        shutil.rmtree(postgres.data, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def environment(postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    """What the tests see: nothing of the settings of a person who happens to export some."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS | SLOW}
    return {
        **kept,
        "HOME": kept.get("HOME") or str(postgres.state),  # Chromium needs one
        "DJANGO_SETTINGS_MODULE": "tests.settings",  # our own process has set that of the project
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "PYTHONPATH": str(ROOT),
    }


def arguments(given: list[str], *, with_browser: bool) -> list[str]:
    """pytest's arguments: in parallel, and without what needs more than this machine has."""
    words = [word for word in given if word not in ("--real", "--long", AGAIN)]
    chosen = [f"not {kind}" for kind in ("real", "long") if f"--{kind}" not in given]
    if not with_browser:
        chosen.append("not e2e")
    if chosen and "-m" not in words:
        words += ["-m", " and ".join(chosen)]
    if not any(word == "-n" or word.startswith("--numprocesses") for word in words):
        # One more than two cores: browsers, servers and processes make a test wait now and then.
        words += ["-n", "3", "--dist", "worksteal"]
    return words + LEFT_TO_THE_SERVER


def allow_open_files(wanted: int = OPEN_FILES) -> None:
    """As many as are wanted, or may be had, for us and whatever we start."""
    granted, limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    if granted != resource.RLIM_INFINITY and granted < wanted:
        most = wanted if limit == resource.RLIM_INFINITY else min(wanted, limit)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, limit))


def run_suite(given: list[str]) -> int:
    allow_open_files()
    browser = find_chromium()
    if browser is None:
        print(NO_CHROMIUM, flush=True)
    with throwaway_servers() as (postgres, valkey):
        surroundings = environment(postgres, valkey)
        fetching = [sys.executable, "manage.py", "assets"]
        if subprocess.run(fetching, cwd=ROOT, env=surroundings, check=False).returncode:
            raise CannotStart("Without the browser's libraries the pages cannot be tested.")
        command = [sys.executable, "-m", "pytest", *arguments(given, with_browser=browser is not None)]
        return run_pytest(command, surroundings, again=AGAIN in given)


def run_pytest(command: list[str], surroundings: dict[str, str], *, again: bool, folder: Path = ROOT) -> int:
    """pytest's code. With `again` that of a second run of what failed, without other tests beside it."""
    code = _interruptible(command, surroundings, folder)
    if code != FAILED or not again:
        return code
    print(AGAIN_ALONE, flush=True)
    alone = ["--last-failed", "--last-failed-no-failures", "none", "-n", "0"]
    return _interruptible([*command, *alone], surroundings, folder)


def _interruptible(command: list[str], surroundings: dict[str, str], folder: Path) -> int:
    """Run pytest; Ctrl-C and SIGTERM end it, and then the servers."""
    process = subprocess.Popen(command, cwd=folder, env=surroundings)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal has told pytest already
    return process.wait()
