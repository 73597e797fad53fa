"""`bin/manage …`: Django's commands against the embedded state, such as `bin/manage probe bluesky coffee`."""

from __future__ import annotations

import os
import sys

from smedash.local.checkout import ROOT
from smedash.local.instance import given, surroundings
from smedash.local.sentences import CannotStart
from smedash.local.state import state_from_environment
from smedash.local.up import port_from_environment

NOT_STARTED = "SMEdash has not been started with {folder} yet. Start it with bin/up first."


def run_manage(arguments: list[str]) -> int:
    state = state_from_environment()
    if not given("DATABASE_URL") and not state.secret_file("DATABASE_URL").exists():
        raise CannotStart(NOT_STARTED.format(folder=state.folder))
    environment = surroundings(state, port_from_environment())
    words = [sys.executable, str(ROOT / "manage.py"), *arguments]
    os.execve(sys.executable, words, environment)  # noqa: S606  # becoming the command is the purpose
