"""`python -m smedash.local COMMAND …`, called by the scripts in bin/."""

from __future__ import annotations

import errno
import sys

from smedash.local.backup import run_backup, run_restore
from smedash.local.manage import run_manage
from smedash.local.sentences import CannotStart
from smedash.local.suite import run_suite
from smedash.local.up import run_up

COMMANDS = {
    "up": run_up,
    "test": run_suite,
    "backup": run_backup,
    "restore": run_restore,
    "manage": run_manage,
}


def main() -> int:
    command, *arguments = sys.argv[1:]
    try:
        return COMMANDS[command](arguments)
    except CannotStart as sentence:
        print(sentence, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("The disk is full. Free some room, then start again; nothing is lost.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
