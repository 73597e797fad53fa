"""A server for the length of a block."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(command: list[str], log: Path, *, stop: signal.Signals) -> Iterator[Callable[[], bool]]:
    """Run it until the block ends; the block can ask whether it lives.

    It has a session of its own, so that Ctrl-C does not reach it before us.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        yield lambda: process.poll() is None
    finally:
        process.send_signal(stop)
        process.wait()
