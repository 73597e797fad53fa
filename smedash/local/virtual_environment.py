"""Make `.venv` and install a lock file into it, only when something changed.

Runs as a script under the system's Python, before anything is installed: standard library only.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed-locks"
LOG = FOLDER / "install.log"
RUNTIME_LOCK = "requirements.lock"

NO_VENV = (
    "This Python ({version}) comes without its venv module. Install python3-venv "
    "(Debian and Ubuntu: apt install python{version}-venv), then run this command again."
)
NO_ROOM = "The disk that holds {folder} is full. Free about 1 GB, then run this command again."
NOT_OURS = (
    "{folder} cannot be written: it belongs to somebody else. Give it to the one who starts SMEdash, or clone SMEdash "
    "into a folder of their own, then run this command again."
)
NO_NETWORK = (
    "The packages could not be downloaded: the package index does not answer. Check the network connection "
    "(or the proxy), then run this command again. Details: {log}"
)
INTERRUPTED = "Stopped before everything was installed. The next start begins that again."
BROKEN_INSTALL = "The packages could not be installed. The reason stands at the end of {log}"
NOT_OURS_SIGNS = (os.strerror(errno.EACCES), os.strerror(errno.EPERM), os.strerror(errno.EROFS))
NO_CONNECTION_SIGNS = (
    "Name or service not known",
    "Temporary failure in name resolution",
    "Failed to establish a new connection",
    "Network is unreachable",
    "nodename nor servname",
    "Connection refused",
    "ConnectTimeout",
    "Read timed out",
    "ProxyError",
)


class CannotPrepare(Exception):
    """A sentence for the person at the terminal."""


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def works() -> bool:
    return PYTHON.exists() and run([PYTHON, "-c", "import pip"]).returncode == 0


def installed() -> set[str]:
    return set(STAMP.read_text().split()) if STAMP.exists() else set()


def run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def make_venv() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise CannotPrepare(NO_VENV.format(version=version))
    # A half-made folder is replaced, and so is one that outlived its Python: neither can be repaired.
    outcome = run([sys.executable, "-m", "venv", "--clear", FOLDER])
    if outcome.returncode:
        fail(outcome.stdout + outcome.stderr, otherwise=NO_VENV.format(version=version))


def fail(output: str, *, otherwise: str) -> None:
    if "No space left" in output:
        raise CannotPrepare(NO_ROOM.format(folder=FOLDER))
    # A firewall may say "not permitted", too.
    if any(sign in output for sign in NO_CONNECTION_SIGNS):
        raise CannotPrepare(NO_NETWORK.format(log=LOG))
    if any(sign in output for sign in NOT_OURS_SIGNS):
        raise CannotPrepare(NOT_OURS.format(folder=FOLDER if FOLDER.exists() else ROOT))
    raise CannotPrepare(otherwise)


def install(lock: Path) -> None:
    print(f"Installing the packages named in {lock.name} (about half a minute) …", flush=True)
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    outcome = run([*command, "--require-hashes", "-r", lock])
    LOG.write_text(outcome.stdout + outcome.stderr)
    if outcome.returncode:
        fail(outcome.stdout + outcome.stderr, otherwise=BROKEN_INSTALL.format(log=LOG))


def make_importable() -> None:
    """Let the venv find this checkout from whatever folder a command is called in."""
    found = run([PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).stdout.strip()
    (Path(found) / "smedash.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def prepare(lock_name: str) -> None:
    lock = ROOT / lock_name
    with (ROOT / RUNTIME_LOCK).open() as guard:  # two commands at once: the second waits
        fcntl.flock(guard, fcntl.LOCK_EX)
        if PYTHON.exists() and digest(lock) in installed():
            return
        if not works():
            make_venv()
        install(lock)
        make_importable()
        # The development lock holds every runtime package in the same version.
        STAMP.write_text(" ".join({digest(lock), digest(ROOT / RUNTIME_LOCK)}))


def main() -> None:
    try:
        prepare(sys.argv[1])
    except CannotPrepare as sentence:
        sys.exit(f"{sentence}")
    except KeyboardInterrupt:
        sys.exit(f"\n{INTERRUPTED}")
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            sys.exit(NOT_OURS.format(folder=error.filename))
        if shutil.disk_usage(ROOT).free > 10_000_000:
            raise
        sys.exit(NO_ROOM.format(folder=FOLDER) + f" ({error.strerror})")


if __name__ == "__main__":
    main()
