"""Follow a link many times, while kill -9 hits the web server, the worker and Valkey in turn.

    python -m tests.benchmarks following [--clicks N] [--kills N] [--seed N]

At the end the clicks that people were told of are compared with those that are stored and counted.
"""

from __future__ import annotations

import argparse
import random
import time
from itertools import cycle, islice

from tests.conversions.followers import IN_TURN, Followers
from tests.machine import own_machine

PATIENCE = 600


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--clicks", type=int, default=10_000)
    options.add_argument("--kills", type=int, default=9)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    with own_machine() as machine:
        followers = Followers(machine, arguments.clicks)
        followers.start()
        began = time.monotonic()
        names = tuple(islice(cycle(IN_TURN), arguments.kills))
        followers.follow_while_killed(names, random.Random(arguments.seed))
        state = followers.settled(PATIENCE)
        seconds = time.monotonic() - began
    stored = state.pop("ids")
    lost = set(followers.led) - set(stored)
    extra = len(set(stored)) - len(followers.led)
    print(f"{len(followers.led):,} clicks, {followers.kills} kills, {seconds:.0f} s: {state}")
    print(f"lost {len(lost)}, stored twice {len(stored) - len(set(stored))}, without an answer {extra}")
    print(f"asked and never answered: {followers.unanswered}")
    right = not lost and state["counted"] == len(set(stored)) == len(stored) and not state["miscounted"]
    print("none lost, none twice" if right and extra <= followers.unanswered else "WRONG")
    return 0 if right and extra <= followers.unanswered else 1


if __name__ == "__main__":
    raise SystemExit(main())
