"""Events of web sites a second, beside an empty page that reads the same body behind the same middleware.

    python -m tests.benchmarks events [--seconds N] [--rounds N]

The web server is started as production starts it, with two workers. All are asked in turn, round by round. Every
request is a visit of its own; afterwards one worker writes what waits, and each must be there once.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

import redis
from django.conf import settings

from accounts.models import User
from accounts.services.organizations import create_organization
from monitoring.conversions.models import Visit
from monitoring.conversions.services.site import save_site
from monitoring.conversions.visits.waiting import EVENTS
from smedash.local.ports import free_port
from tests.benchmarks.redirects import PHONE, describe, start_web
from tests.benchmarks.web_load import Load, ask, written_request
from tests.machine import Program

SITES, VISITORS = 40, 100_000
ORIGIN = "https://shop.example"
Questions = dict[str, tuple[list[bytes], bytes]]  # requests, and the status they expect


def make_sites() -> list[str]:
    """More than one, so that no site's limit is reached."""
    owner = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    keys = []
    for number in range(SITES):
        organization = create_organization(
            owner=owner, name=f"Halden {number}", time_zone="Europe/Berlin", currency="EUR"
        )
        keys.append(save_site(organization=organization, hosts=["shop.example"], asks_how_heard=False).key)
    return keys


def told_by(port: int, number: int, path: str) -> bytes:
    """What the snippet sends from one visitor's phone, through a proxy that adds the address."""
    body = {
        "id": uuid4().hex,
        "referrer": "https://l.instagram.com/",
        "utm_source": "instagram",
        "utm_medium": "social",
        "utm_campaign": "autumn-menu",
        "type": "visit",
        "click": None,
        "page": "/menu",
    }
    headers = {
        "Host": f"localhost:{port}",
        "User-Agent": PHONE.format(number % 200),
        "Accept": "*/*",
        "Accept-Language": "de-DE,de;q=0.9,en;q=0.8",
        "Accept-Encoding": "gzip, br",
        "Origin": ORIGIN,
        "Referer": f"{ORIGIN}/",
        "Content-Type": "text/plain;charset=UTF-8",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        "X-Forwarded-Proto": "http",
    }
    return written_request("POST", path, headers, json.dumps(body).encode())


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seconds", type=float, default=4)
    options.add_argument("--rounds", type=int, default=5)
    arguments = options.parse_args()
    os.environ["BEHIND_PROXY"] = "true"
    port = free_port()
    sites = make_sites()
    events = [f"/api/events?site={sites[number % SITES]}" for number in range(VISITORS)]
    questions = {
        "events": ([told_by(port, *each) for each in enumerate(events)], b"204"),
        "empty, in the lane": ([told_by(port, 0, "/empty-lane")], b"200"),
        "empty page": ([told_by(port, 0, "/empty")], b"200"),
    }
    with tempfile.TemporaryDirectory() as folder:
        web = start_web(port, Path(folder))
        try:
            measure(port, questions, web, arguments.seconds, arguments.rounds)
        finally:
            web.kill()


def measure(port: int, questions: Questions, web: Program, seconds: float, rounds: int) -> None:
    assert web.process is not None
    server = redis.Redis.from_url(settings.REDIS_URL)
    for requests, expect in questions.values():
        ask(port, requests, seconds=1, expect=expect, groups={})
    loads: dict[str, list[Load]] = {name: [] for name in questions}
    for number in range(rounds):
        for name, (requests, expect) in questions.items():
            share = len(requests) // rounds
            mine = requests[number * share : (number + 1) * share] or requests
            loads[name].append(
                ask(port, mine, seconds=seconds, expect=expect, groups={"web": web.process.pid})
            )
    for name in questions:
        print(describe(name, loads[name]))
    for name in list(questions)[1:]:
        print(compare(loads["events"], loads[name], name))
    check_that_all_are_counted(server)


def compare(events: list[Load], others: list[Load], name: str) -> str:
    pairs = list(zip(events, others, strict=True))
    clock = median(ours.a_second / theirs.a_second for ours, theirs in pairs)
    processor = median(theirs.per_answer("web") / ours.per_answer("web") for ours, theirs in pairs)
    return f"events to {name}: {clock:.2f} by the clock, {processor:.2f} by the web server's processor"


def check_that_all_are_counted(server: redis.Redis) -> None:
    """An id that was sent again, when the requests had gone round, is one visit."""
    waiting = [json.loads(event)["visit_id"] for event in server.lrange(EVENTS.waiting, 0, -1)]
    began = time.perf_counter()
    while EVENTS.store_batch():
        pass
    seconds = time.perf_counter() - began
    stored = Visit.objects.count()
    print(
        f"{len(waiting):,} events waited, {stored:,} visits stored of {len(set(waiting)):,} ids, "
        f"{len(waiting) / seconds:,.0f}/s by one worker"
    )


if __name__ == "__main__":
    main()
