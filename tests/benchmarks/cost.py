"""What work costs: by the clock, in this process, in its database session."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds. Those of the processor are what a busy machine disturbs least."""

    clock: float
    here: float
    database: float

    @property
    def processor(self) -> float:
        return self.here + self.database

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.clock + other.clock, self.here + other.here, self.database + other.database)


def measure(work: Callable[[], object]) -> Cost:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    clock, here, database = time.perf_counter(), time.process_time(), _session_seconds(pid)
    work()
    return Cost(time.perf_counter() - clock, time.process_time() - here, _session_seconds(pid) - database)


def _session_seconds(pid: int) -> float:
    """Linux only: what a session of PostgreSQL has had of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
