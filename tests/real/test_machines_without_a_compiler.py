"""A fresh machine has no compiler: the package index must have each package of the lock ready for it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from smedash.local.checkout import ROOT

pytestmark = pytest.mark.real

MACHINES = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# Where nothing compiles, these install themselves without their parts in C (tried with CC=/bin/false).
PURE_IF_NEED_BE = ("rcssmin", "rjsmin")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text())
    left = [entry for entry in entries if not entry.startswith(PURE_IF_NEED_BE)]
    assert len(left) == len(entries) - len(PURE_IF_NEED_BE)
    (tmp_path / "requirements.lock").write_text("\n".join(left))
    return tmp_path / "requirements.lock"


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("machine", MACHINES)
def test_nothing_has_to_be_compiled(machine: str, python: str, lock: Path, tmp_path: Path) -> None:
    asked = subprocess.run(
        [find_uv_bin(), "pip", "install", "--dry-run", "--no-deps", "--require-hashes", "--no-build",
         "--python-platform", machine, "--python-version", python,
         "--target", tmp_path / "packages", "-r", lock],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
