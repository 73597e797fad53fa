"""The state folder: data, secrets and logs of one instance, and the lock that keeps a second one out."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

from smedash.local import launch
from smedash.local.checkout import ROOT
from smedash.local.sentences import CannotStart

NEEDED_BYTES = 300_000_000
SECOND_INSTANCE = (
    "SMEdash already runs with the state folder {folder} ({who}). Stop it there with Ctrl-C, or start this "
    "one with another SMEDASH_HOME and PORT."
)
FULL_DISK = (
    "The disk that holds {folder} is full: {free} MB are free, and SMEdash needs {needed}. Free some, then "
    "start again; nothing is lost."
)
NOT_WRITABLE = "The state folder {folder} cannot be written ({reason}). Name another one in SMEDASH_HOME."


@dataclass(frozen=True)
class State:
    folder: Path

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def make(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            for folder in (self.logs, self.folder / "secrets"):
                folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise CannotStart(NOT_WRITABLE.format(folder=self.folder, reason=error.strerror)) from None

    def open_gate(self, name: str) -> None:
        (self.folder / name).touch()

    def close_gates(self) -> None:
        for name in (launch.WEB_GATE, launch.WORK_GATE):
            (self.folder / name).unlink(missing_ok=True)

    def secret_file(self, name: str) -> Path:
        return self.folder / "secrets" / name

    def secret(self, name: str) -> str:
        """The secret of this name, made at the first call. Only the owner can read the file."""
        path = self.secret_file(name)
        if not path.exists():
            unfinished = path.with_suffix(".unfinished")
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(new_secret(name))
                os.fsync(file.fileno())
            unfinished.rename(path)
        return path.read_text(encoding="utf-8").strip()

    def keep(self, name: str, value: str) -> None:
        """Write a secret that is made elsewhere, such as an address with a password."""
        descriptor = os.open(self.secret_file(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value)

    @contextmanager
    def locked(self, who: str) -> Iterator[None]:
        """Only one at a time. The lock ends with the process, however it ends."""
        with (self.folder / "lock").open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                other = file.read().strip() or "just starting"
                raise CannotStart(SECOND_INSTANCE.format(folder=self.folder, who=other)) from None
            file.truncate(0)
            file.write(who)
            file.flush()
            yield


def new_secret(name: str) -> str:
    return Fernet.generate_key().decode() if name == "ENCRYPTION_KEYS" else secrets.token_urlsafe(64)


def state_from_environment() -> State:
    return State(Path(os.environ.get("SMEDASH_HOME") or ROOT / ".smedash").expanduser().absolute().resolve())


def ensure_room(folder: Path, needed: int = NEEDED_BYTES) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(FULL_DISK.format(folder=folder, free=free // 1_000_000, needed=needed // 1_000_000))
