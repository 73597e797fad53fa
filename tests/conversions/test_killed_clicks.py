"""kill -9 of the web server, the worker and Valkey while people follow a link: each click is counted once."""

from __future__ import annotations

import random

import pytest

from tests.conversions.followers import IN_TURN, Followers
from tests.machine import own_machine

pytestmark = [pytest.mark.processes, pytest.mark.long]

CLICKS = 800
PATIENCE = 120


def test_kill_9_of_every_process_in_turn_counts_each_click_once() -> None:
    with own_machine() as machine:
        followers = Followers(machine, CLICKS)
        followers.start()
        followers.follow_while_killed(IN_TURN, random.Random())
        state = followers.settled(PATIENCE)

    stored = set(state["ids"])
    assert len(followers.led) == len(set(followers.led)) == CLICKS
    assert set(followers.led) <= stored
    assert len(stored) <= CLICKS + followers.unanswered  # noted, and killed before it could answer
    assert state["counted"] == len(state["ids"]) == len(stored)
    assert (state["waiting"], state["miscounted"]) == (0, 0)
