"""A server for the length of a block."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(command: list[str], log: Path, *, stop: signal.Signals) -> Iterator[None]:
    """Run it until the block ends. In a session of its own, so that Ctrl-C does not reach it before us."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
    try:
        yield
    finally:
        process.send_signal(stop)
        process.wait()
