"""Become a user without privileges, then the program: `python -I as_user.py USER PROGRAM ARGUMENTS`, called as root.

Runs as a script, before a server starts: standard library only.
"""

from __future__ import annotations

import os
import pwd
import sys


def main() -> None:
    user, *command = sys.argv[1:]
    entry = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.execvp(command[0], command)  # noqa: S606  # becoming the program is the purpose


if __name__ == "__main__":
    main()
