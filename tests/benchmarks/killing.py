"""Collect many posts by real processes, while kill -9 hits worker, PostgreSQL, beat and Valkey in turn.

    python -m tests.benchmarks killing [--posts N] [--kills N] [--seed N]

At the end the rows are compared with what there was to find, and the counts with the rows.
"""

from __future__ import annotations

import argparse
import random
import time
from itertools import cycle, islice

from tests.listening.kills import IN_TURN, Collecting
from tests.machine import own_machine

PATIENCE = 3_600


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--posts", type=int, default=200_000)
    options.add_argument("--kills", type=int, default=40)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    chance = random.Random(arguments.seed)
    with own_machine() as machine:
        collecting = Collecting(machine, arguments.posts, lease_seconds=10)
        collecting.start()
        began = time.monotonic()
        for name in islice(cycle(IN_TURN), arguments.kills):
            collecting.kill(name, chance)
        collecting.finish(PATIENCE)
        seconds = time.monotonic() - began
        state = collecting.state()
    ids = state.pop("ids")
    print(f"{arguments.posts:,} posts, {collecting.kills} kills, {seconds:.0f} s: {state}")
    right = ids == list(range(1, arguments.posts + 1)) and state["mentions"] == arguments.posts
    print("none lost, none twice" if right and not state["miscounted_rows"] else "WRONG")
    return 0 if right and not state["miscounted_rows"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
