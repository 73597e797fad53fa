"""`bin/backup FILE` and `bin/restore FILE`: the whole embedded state, secrets included, in one file."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import redis

from smedash.local.archive import pack, unpack
from smedash.local.foreground import running
from smedash.local.instance import OWN_SECRETS, given
from smedash.local.ports import HOST, free_port
from smedash.local.postgres import DATABASE, ROLE, Postgres
from smedash.local.sentences import CannotStart
from smedash.local.state import State, ensure_room, state_from_environment
from smedash.local.supervision import end_left_over
from smedash.local.valkey import Valkey

DUMP, RDB = "database.dump", "valkey.rdb"
OUTSIDE = (
    "{name} names a server of your own: back it up with its own tools. {command} is for the embedded state."
)
NO_DATA = "There is nothing to back up in {folder}: SMEdash has not been started there yet."
EXISTS = "{file} exists already. Name another file; a backup is never overwritten."
HAS_DATA = (
    "{folder} holds data, which {file} would replace. Call bin/restore with --yes if that is what you want."
)
BASE = "appendonly.aof.1.base.rdb"


def run_backup(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("bin/backup", description="Save everything into one file.")
    parser.add_argument("file", type=Path)
    file = parser.parse_args(arguments).file.absolute()
    state = embedded_state("bin/backup")
    if not (postgres_of(state, 0).data / "PG_VERSION").exists():
        raise CannotStart(NO_DATA.format(folder=state.folder))
    if file.exists():
        raise CannotStart(EXISTS.format(file=file))
    with (
        tempfile.TemporaryDirectory(dir=state.folder, prefix="backup-") as folder,
        servers(state) as addresses,
    ):
        save(*addresses, state, Path(folder))
        pack(Path(folder), file)
    print(
        f"Saved {file} ({file.stat().st_size / 1_000_000:.1f} MB). It holds secrets: keep it where you keep keys."
    )
    return 0


def run_restore(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("bin/restore", description="Bring back what bin/backup has saved.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--yes", action="store_true", help="replace the data that is there")
    wishes = parser.parse_args(arguments)
    state = embedded_state("bin/restore")
    state.make()
    with state.locked("bin/restore"):
        end_left_over(state)
        if has_data(state) and not (wishes.yes or agreed(state)):
            raise CannotStart(HAS_DATA.format(folder=state.folder, file=wishes.file))
        restored = rebuild(wishes.file.absolute(), State(beside(state, "restoring")))
        kept = swap(state, restored)
    print(f"Restored {wishes.file}." + (f" What was there before lies in {kept}." if kept else ""))
    return 0


def embedded_state(command: str) -> State:
    for name in ("DATABASE_URL", "REDIS_URL"):
        if given(name):
            raise CannotStart(OUTSIDE.format(name=name, command=command))
    return state_from_environment()


def beside(state: State, suffix: str) -> Path:
    return state.folder.with_name(f"{state.folder.name}.{suffix}")


def postgres_of(state: State, port: int) -> Postgres:
    return Postgres(state.folder, port, state.secret("postgres") if port else "")


def has_data(state: State) -> bool:
    return (postgres_of(state, 0).data / "PG_VERSION").exists()


def agreed(state: State) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"{state.folder} holds data. Replace it with the backup? [y/N] ").strip().lower() == "y"


@contextmanager
def servers(state: State) -> Iterator[tuple[str, str]]:
    """The addresses of PostgreSQL and Valkey: those that run, or else ours for the length of the block."""
    with ExitStack() as stack:
        try:
            stack.enter_context(state.locked("bin/backup"))
        except CannotStart:
            yield read_secret(state, "DATABASE_URL"), read_secret(state, "REDIS_URL")
            return
        end_left_over(state)
        yield stack.enter_context(temporary_servers(state))


@contextmanager
def temporary_servers(state: State) -> Iterator[tuple[str, str]]:
    postgres = postgres_of(state, free_port())
    valkey = Valkey(state.folder, free_port(), state.secret("valkey"))
    postgres.make_cluster()
    postgres.forget_dead_postmaster()
    valkey.prepare()
    with (
        running(postgres.command(), state.logs / "postgres.log", stop=signal.SIGINT) as postgres_lives,
        running(valkey.command(), state.logs / "valkey.log", stop=signal.SIGTERM) as valkey_lives,
    ):
        postgres.wait(postgres_lives)
        postgres.make_database()
        valkey.wait(valkey_lives)
        yield postgres.url, valkey.url


def read_secret(state: State, name: str) -> str:
    return state.secret_file(name).read_text(encoding="utf-8").strip()


def save(database_url: str, redis_url: str, state: State, folder: Path) -> None:
    postgres_tool("pg_dump", database_url, "--format=custom", f"--file={folder / DUMP}")
    with redis.Redis.from_url(redis_url) as client:
        client.save()
    shutil.copy(state.folder / "valkey" / "dump.rdb", folder / RDB)
    (folder / "secrets").mkdir()
    for name in kept_here(state.folder / "secrets"):
        shutil.copy(state.secret_file(name), folder / "secrets" / name)


def kept_here(secrets: Path) -> list[str]:
    """Which of our secrets lie in the folder: not those that somebody hands over in the environment."""
    return [name for name in OWN_SECRETS if (secrets / name).exists()]


def postgres_tool(name: str, url: str, *words: str) -> None:
    address = urlsplit(url)
    program = Postgres(Path(), 0, "").program(name)
    place = [f"--host={HOST}", f"--port={address.port}", f"--username={ROLE}", f"--dbname={DATABASE}"]
    surroundings = {**os.environ, "PGPASSWORD": address.password or ""}
    command = [str(program), *place, "--no-password", "--no-owner", "--no-privileges", *words]
    outcome = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if outcome.returncode:
        raise CannotStart(f"{name} failed, nothing was changed: {outcome.stderr.strip().splitlines()[-1]}")


def rebuild(file: Path, new: State) -> State:
    """Make a whole new state folder from the backup, beside the one in use."""
    remove(new)
    new.make()
    try:
        with tempfile.TemporaryDirectory(dir=new.folder) as folder:
            unpack(file, Path(folder))
            ensure_room(new.folder)
            for name in kept_here(Path(folder) / "secrets"):
                new.keep(name, (Path(folder) / "secrets" / name).read_text(encoding="utf-8"))
            keep_rdb(Path(folder) / RDB, new.folder / "valkey" / "appendonlydir")
            with temporary_servers(new) as (database_url, _):
                postgres_tool("pg_restore", database_url, "--exit-on-error", str(Path(folder) / DUMP))
    except BaseException:
        remove(new)
        raise
    return new


def keep_rdb(rdb: Path, folder: Path) -> None:
    """Valkey reads no snapshot when it keeps an append-only file, so the snapshot becomes that file's base."""
    folder.mkdir(parents=True, mode=0o700)
    shutil.copy(rdb, folder / BASE)
    (folder / "appendonly.aof.manifest").write_text(f"file {BASE} seq 1 type b\n")


def swap(state: State, restored: State) -> Path | None:
    """Put the restored folder in the place of the one in use, which is kept where it held data."""
    kept = State(beside(state, f"before-{datetime.now(UTC):%Y%m%d-%H%M%S}"))
    had_data = has_data(state)
    move(state, kept)
    move(restored, state)
    if not had_data:
        remove(kept)
    return kept.folder if had_data else None


def move(source: State, target: State) -> None:
    data, goal = postgres_of(source, 0).data, postgres_of(target, 0).data
    source.folder.rename(target.folder)
    if data.exists():  # PostgreSQL's data lies outside the state folder when a service user runs it
        goal.parent.mkdir(parents=True, exist_ok=True)
        data.rename(goal)


def remove(state: State) -> None:
    shutil.rmtree(postgres_of(state, 0).data, ignore_errors=True)
    shutil.rmtree(state.folder, ignore_errors=True)
