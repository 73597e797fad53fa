"""PostgreSQL refuses to run as root. Whom it runs as instead, without opening anybody's folders.

As a plain user nothing is needed. As root, a user namespace in which root's own id has another name is
enough: the files stay root's. Where the kernel or a container forbids that, PostgreSQL runs as a service
user, with a copy of its program and its data in a place that this user can reach.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from smedash.local import as_user
from smedash.local.sentences import CannotStart

SERVICE_USERS = ("smedash", "_postgres")  # ours, and the one that macOS brings for this purpose
SERVICE_ROOT = Path("/var/lib/smedash")
CANNOT_RUN_AS_ROOT = (
    "PostgreSQL does not run as root, and this machine allows neither a user namespace nor a service user. "
    "Start SMEdash as a plain user, or name a server in DATABASE_URL."
)


@dataclass(frozen=True)
class Runner:
    """How a command of PostgreSQL is started, and where its program and data lie."""

    prefix: tuple[str, ...] = ()
    user: str | None = None

    def command(self, *words: str | Path) -> list[str]:
        return [*self.prefix, *map(str, words)]

    def data_folder(self, state: Path) -> Path:
        if self.user is None:
            return state / "postgres"
        return SERVICE_ROOT / sha256(str(state).encode()).hexdigest()[:16] / "postgres"

    def programs(self, installed: Path) -> Path:
        """The folder of PostgreSQL's programs that this runner can reach."""
        if self.user is None:
            return installed / "pginstall" / "bin"
        copy = SERVICE_ROOT / f"programs-{sha256(str(installed).encode()).hexdigest()[:16]}"
        _copy_programs(installed, copy)
        return copy / installed.name / "pginstall" / "bin"

    def give(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.user is not None:
            SERVICE_ROOT.chmod(0o755)
            shutil.chown(folder, self.user, pwd.getpwnam(self.user).pw_gid)


def _copy_programs(installed: Path, copy: Path) -> None:
    if copy.exists():
        return
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o755)
    # The shared libraries that the programs need lie in a folder beside the package (macOS: in the package).
    for folder in (installed, installed.with_name(f"{installed.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, symlinks=True)
    unfinished.rename(copy)


@cache
def runner() -> Runner:
    if os.geteuid() != 0:
        return Runner()
    return _in_user_namespace() or _as_service_user()


def _in_user_namespace() -> Runner | None:
    other = next((entry for entry in pwd.getpwall() if entry.pw_uid not in {0, 65534}), None)
    unshare = shutil.which("unshare")
    if other is None or unshare is None:
        return None
    ids = (f"--map-user={other.pw_uid}", f"--map-group={other.pw_gid or 1}")
    prefix = (unshare, "--user", *ids, "--")
    return Runner(prefix) if _succeeds([*prefix, "true"]) else None


def _as_service_user() -> Runner:
    user = _service_user()
    if user is None:
        raise CannotStart(CANNOT_RUN_AS_ROOT)
    prefix = (sys.executable, "-I", str(Path(as_user.__file__)), user)
    if not _succeeds([*prefix, "true"]):
        raise CannotStart(CANNOT_RUN_AS_ROOT)
    return Runner(prefix, user)


def _service_user() -> str | None:
    return _existing() or (_existing() if _make_service_user() else None)


def _existing() -> str | None:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((user for user in SERVICE_USERS if user in names), None)


def _make_service_user() -> bool:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    shell = "/usr/sbin/nologin"
    return useradd is not None and _succeeds(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", shell, SERVICE_USERS[0]]
    )


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
