"""`python -m smedash.local COMMAND …`, called by the scripts in bin/."""

from __future__ import annotations

import sys

from smedash.local.sentences import CannotStart
from smedash.local.suite import run_suite
from smedash.local.up import run_up

COMMANDS = {"test": run_suite, "up": run_up}


def main() -> int:
    command, *arguments = sys.argv[1:]
    try:
        return COMMANDS[command](arguments)
    except CannotStart as sentence:
        print(sentence, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
