"""kill -9 of the web server, the worker and Valkey while pages tell of orders: each order is counted once."""

from __future__ import annotations

import random

import pytest

from tests.conversions.followers import IN_TURN
from tests.conversions.visits.tellers import Tellers
from tests.machine import own_machine

pytestmark = [pytest.mark.processes, pytest.mark.long]

ORDERS = 150  # within the limit of the one address that they come from, with all that is asked again
PATIENCE = 120


def test_kill_9_of_every_process_in_turn_counts_each_order_once() -> None:
    with own_machine() as machine:
        tellers = Tellers(machine, ORDERS)
        tellers.start()
        tellers.follow_while_killed(IN_TURN, random.Random())
        state = tellers.settled(PATIENCE)

    assert sorted(state["numbers"]) == sorted(tellers.led)
    assert state["counted"] == len(set(tellers.led)) == ORDERS
    assert (state["waiting"], state["miscounted"]) == (0, 0)
