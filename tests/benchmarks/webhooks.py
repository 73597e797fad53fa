"""A shop calls of its orders; then again, while kill -9 hits web server, worker and broker in turn. Each counts once.

    python -m tests.benchmarks webhooks [--calls N] [--kills N] [--seed N]

Half of the calls are sent twice, and every fifth order is refunded. As shops do, the sender repeats a call until it is
answered with 200. The answer times are those of the undisturbed half: at the sender, with a new connection each, and
at the server.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import cycle
from threading import Event, Thread

import requests
from cryptography.fernet import Fernet

from smedash.local.checkout import ROOT
from smedash.local.ports import free_port, is_taken
from smedash.local.supervision import celery_command, web_command
from tests.conversions.shops.made_up import SECRET, shopify_order, shopify_refund, signed
from tests.machine import Machine, own_machine

KEY = "the-shop-that-calls"
SENDERS = 2
IN_TURN = ("web", "worker", "valkey", "beat")
PATIENCE = 300
AT_MOST = 0.1  # seconds, of 95 in 100 answers


class Sender:
    """Calls until it is answered, and keeps how long the answers took."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/hooks/shops/{KEY}/"
        self.host = f"localhost:{port}"
        self.took: list[float] = []
        self.repeated = 0

    def call(self, number: int) -> None:
        order = shopify_order(number, name=str(number), updated_at=datetime.now(UTC).isoformat())
        self._send(order, f"order-{number}")
        if number % 2:
            self._send(order, f"order-{number}")
        if number % 5 == 0:
            refund = shopify_refund(number, "9.90", at=datetime.now(UTC))
            later = order | {"refunds": [refund], "updated_at": datetime.now(UTC).isoformat()}
            self._send(later, f"refund-{number}")

    def _send(self, told: dict[str, object], name: str) -> None:
        body = json.dumps(told).encode()
        headers = signed("shopify", body, topic="orders/updated", number=name, secret=SECRET)
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at:
            began = time.perf_counter()
            try:
                answer = requests.post(
                    self.address, data=body, headers=headers | {"Host": self.host}, timeout=20
                )
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code == 200:
                self.took.append(time.perf_counter() - began)
                return
            self.repeated += 1
            time.sleep(0.2)
        raise SystemExit(f"{name} was never answered")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--calls", type=int, default=1000)
    options.add_argument("--kills", type=int, default=12)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    with own_machine() as machine:
        port = start(machine)
        half = arguments.calls // 2
        quiet, disturbed = Sender(port), Sender(port)
        call_all(quiet, range(1, half + 1))
        at_server = server_times(machine)
        kills = _while_killing(
            machine, arguments, lambda: call_all(disturbed, range(half + 1, arguments.calls + 1))
        )
        state = wait_for_end(machine)
    say_times("at the sender", quiet.took)
    say_times("at the server", at_server)
    print(
        f"{kills} kills, {disturbed.repeated} calls repeated: {state['outcomes']}, {state['refunds']} refunds"
    )
    right = (
        state["orders"] == list(range(1, arguments.calls + 1))
        and state["refunds"] == arguments.calls // 5
        and not state["miscounted_days"]
    )
    print("each counted once" if right else "WRONG")
    return 0 if right and within(at_server, 0.95) <= AT_MOST else 1


def within(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def say_times(where: str, times: list[float]) -> None:
    figures = [f"{within(times, share) * 1000:.0f} ms" for share in (0.5, 0.95)]
    print(f"{len(times):,} answers, {where}: median {figures[0]}, 95% within {figures[1]}")


def server_times(machine: Machine) -> list[float]:
    """As the server's own log has them, from the first byte read to the answer."""
    lines = machine.programs["web"].log.read_text().splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{") and "hooks/shops" in line]
    return [entry["milliseconds"] / 1000 for entry in entries if entry["status"] == 200]


def start(machine: Machine) -> int:
    """Web server, worker and beat as bin/up starts them."""
    port = free_port()
    machine_wide = {
        "PUBLIC_URL": f"http://localhost:{port}",
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "LOG_LEVEL": "INFO",
    }
    os.environ.update(machine_wide)
    django(machine, "manage.py", "migrate", "-v0")
    django(machine, "-m", "tests.with_django", "tests.benchmarks.calling_shop", "make")
    machine.run("web", *web_command(port))
    words = ["--without-gossip", "--without-mingle", "-c", "1", "-Q", "events,interactive,fetch,bulk,mail"]
    machine.run("worker", *celery_command(), "worker", *words)
    schedule = f"--schedule={machine.folder / 'beat-schedule'}"
    machine.run("beat", *celery_command(), "beat", "--pidfile=", schedule)
    while not is_taken(port):
        time.sleep(0.1)
    return port


def django(machine: Machine, *words: str) -> str:
    environment = {**os.environ, **machine.environment}
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def call_all(sender: Sender, numbers: range) -> None:
    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(sender.call, numbers))


def _while_killing(machine: Machine, arguments: argparse.Namespace, work: Callable[[], None]) -> int:
    """Kill one after the other at random instants while the work goes on, and start it again as a supervisor does."""
    chance = random.Random(arguments.seed)
    over = Event()
    kills = 0

    def disturb() -> None:
        nonlocal kills
        for name in cycle(IN_TURN):
            if over.wait(chance.uniform(0.2, 1.5)) or kills >= arguments.kills:
                return
            machine.programs[name].kill()
            kills += 1
            time.sleep(0.3)
            machine.keep_running()

    disturber = Thread(target=disturb)
    disturber.start()
    work()
    over.set()
    disturber.join()
    machine.keep_running()
    return kills


def wait_for_end(machine: Machine) -> dict[str, object]:
    give_up_at = time.monotonic() + PATIENCE
    while True:
        machine.keep_running()
        words = ("-m", "tests.with_django", "tests.benchmarks.calling_shop", "state")
        state: dict[str, object] = json.loads(django(machine, *words))
        outcomes = state["outcomes"]
        if isinstance(outcomes, dict) and "waiting" not in outcomes:
            return state
        if time.monotonic() > give_up_at:
            raise SystemExit(f"Calls still wait: {outcomes}")
        time.sleep(0.5)


if __name__ == "__main__":
    raise SystemExit(main())
