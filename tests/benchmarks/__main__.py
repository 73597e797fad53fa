"""Measure on a PostgreSQL and a Valkey of our own, with the settings that `bin/up` gives them.

    python -m tests.benchmarks NAME [ITS OPTIONS]

NAME: collecting, exporting, pages, killing, goals, redirects, following, events, webhooks, crediting.

Everything is thrown away afterwards.
"""

from __future__ import annotations

import os
import subprocess
import sys

from smedash.local.checkout import ROOT
from tests.machine import own_machine

MEASUREMENTS = (
    "collecting",
    "exporting",
    "pages",
    "killing",
    "goals",
    "redirects",
    "following",
    "events",
    "webhooks",
    "crediting",
)


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in MEASUREMENTS:
        print(__doc__)
        return 2
    module = f"tests.benchmarks.{sys.argv[1]}"
    if sys.argv[1] in (
        "killing",
        "following",
        "webhooks",
    ):  # these kill the servers too, so they start their own
        command = [sys.executable, "-m", module, *sys.argv[2:]]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    with own_machine() as machine:
        environment = {**os.environ, **machine.environment}
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "tests.with_django", module, *sys.argv[2:]]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
