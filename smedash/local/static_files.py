"""The browser's files: fetched, hashed and compressed once, and again only when something changed."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from smedash.local.checkout import ROOT
from smedash.local.sentences import CannotStart

COLLECTED = ROOT / "var" / "static"
STAMP = COLLECTED / ".stamp"


def fingerprint() -> str:
    """Changes when one of our files does, or a library that brings some."""
    ours = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    ours.append(ROOT / "smedash" / "management" / "commands" / "chart-parts.js")
    facts = [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in ours]
    locks = [(ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "package-lock.json")]
    return sha256("\n".join([*facts, *locks]).encode()).hexdigest()


def build_static_files(surroundings: dict[str, str], log: Path) -> None:
    with (ROOT / "package-lock.json").open() as guard:  # two instances of one checkout: the second waits
        fcntl.flock(guard, fcntl.LOCK_EX)
        wanted = fingerprint()
        if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
            return
        print("Building the static files …", flush=True)
        (ROOT / "var" / "vendor").mkdir(parents=True, exist_ok=True)
        manage(["assets"], surroundings, log)
        manage(["collectstatic", "--noinput", "--clear", "--verbosity", "0"], surroundings, log)
        STAMP.write_text(wanted, encoding="utf-8")


def manage(words: list[str], surroundings: dict[str, str], log: Path) -> str:
    """Run a management command. Its last line, should it fail, is the sentence that the person reads."""
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    outcome = subprocess.run(command, env=surroundings, cwd=ROOT, capture_output=True, text=True, check=False)
    with log.open("a", encoding="utf-8") as file:
        # What a command prints when all is well may be a link that opens the house: only its complaints are kept.
        file.write(f"$ manage.py {' '.join(words)}\n{outcome.stderr}")
    if outcome.returncode:
        lines = outcome.stderr.strip().splitlines() or [f"exit {outcome.returncode}"]
        sentence = lines[-1].removeprefix("CommandError: ")
        raise CannotStart(f"manage.py {words[0]} failed: {sentence} (more in {log})")
    return outcome.stdout.strip()
