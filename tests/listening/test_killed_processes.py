"""kill -9 of the worker, beat, PostgreSQL and Valkey while they collect: nothing lost, nothing twice."""

from __future__ import annotations

import random

import pytest

from tests.listening.kills import IN_TURN, Collecting
from tests.machine import own_machine

pytestmark = [pytest.mark.processes, pytest.mark.long]

POSTS = 6_000
PATIENCE = 180  # seconds; a rate budget without Valkey waits a whole minute


def test_kill_9_of_every_process_in_turn_loses_nothing_and_repeats_nothing() -> None:
    with own_machine() as machine:
        collecting = Collecting(machine, POSTS)
        collecting.start()
        chance = random.Random()
        for name in IN_TURN:
            collecting.kill(name, chance)
        collecting.finish(PATIENCE)
        state = collecting.state()

    assert state["ids"] == list(range(1, POSTS + 1))
    assert state["mentions"] == state["counted"] == POSTS
    assert state["miscounted_rows"] == 0
    assert state["runs"]["interrupted"] >= 1  # type: ignore[index]  # JSON: a kill did hit a run
