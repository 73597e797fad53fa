"""Tracked links a second, beside an empty page behind the same middleware on the same server.

    python -m tests.benchmarks redirects [--seconds N] [--rounds N]

The web server is started as production starts it, with two workers. Both are asked in turn, round by round. The load
comes from one more process on the same cores; what it takes is printed.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from pathlib import Path
from statistics import median

import redis
from cryptography.fernet import Fernet
from django.conf import settings

from accounts.models import User
from accounts.services.organizations import create_organization
from monitoring.conversions.clicks.waiting import WAITING, store_waiting_clicks
from monitoring.conversions.models import Channel, Click
from monitoring.conversions.services.links import create_link
from smedash.local.ports import free_port, is_taken
from smedash.local.supervision import web_command
from tests.benchmarks.web_load import Load, ask, written_request
from tests.machine import Program

LINKS, AGENTS = 50, 200
Questions = dict[str, tuple[list[bytes], bytes]]  # requests, and the status they expect
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/604.1"


def start_web(port: int, folder: Path) -> Program:
    """The web server with production's settings."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.web_settings",
        "DEBUG": "false",
        "PUBLIC_URL": f"http://localhost:{port}",
        "SECRET_KEY": secrets.token_hex(32),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }
    command = [
        word.replace("smedash.wsgi", "tests.benchmarks.web_with_empty_lane") for word in web_command(port)
    ]
    web = Program("web", command, folder, environment)
    web.start()
    while not is_taken(port):
        if not web.lives():
            raise SystemExit(web.log.read_text())
        time.sleep(0.1)
    return web


def requests_to(port: int, paths: list[str]) -> list[bytes]:
    """What phones send, each a little different."""
    return [
        written_request(
            "GET",
            paths[number % len(paths)],
            {
                "Host": f"localhost:{port}",
                "User-Agent": PHONE.format(number),
                "Accept": "text/html,application/xhtml+xml",
                "Accept-Language": "de-DE,de;q=0.9,en;q=0.8",
                "Accept-Encoding": "gzip, br",
            },
        )
        for number in range(AGENTS)
    ]


def make_links() -> list[str]:
    owner = User.objects.create_user("owner@example.com", "a kettle sings at dawn")
    organization = create_organization(owner=owner, name="Halden", time_zone="Europe/Berlin", currency="EUR")
    links = [
        create_link(
            organization=organization,
            target=f"https://example.com/{number}",
            label=f"Link {number}",
            channel=Channel.INSTAGRAM,
        )
        for number in range(LINKS)
    ]
    return [f"/l/{link.slug}" for link in links]


def describe(name: str, loads: list[Load]) -> str:
    parts = "  ".join(
        f"{part} {median(load.per_answer(part) for load in loads):.0f}" for part in loads[0].processor
    )
    wrong = sum(load.wrong for load in loads)
    speed = median(load.a_second for load in loads)
    return f"{name:18} {speed:7,.0f}/s   microseconds of processor each: {parts}   wrong {wrong}"


def compare(redirects: list[Load], others: list[Load], name: str) -> str:
    pairs = list(zip(redirects, others, strict=True))
    clock = median(ours.a_second / theirs.a_second for ours, theirs in pairs)
    processor = median(theirs.per_answer("web") / ours.per_answer("web") for ours, theirs in pairs)
    return f"redirects to {name}: {clock:.2f} by the clock, {processor:.2f} by the web server's processor"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--seconds", type=float, default=4)
    options.add_argument("--rounds", type=int, default=5)
    arguments = options.parse_args()
    port = free_port()
    questions = {
        "redirects": (requests_to(port, make_links()), b"302"),
        "empty, in the lane": (requests_to(port, ["/empty-lane"]), b"200"),
        "empty page": (requests_to(port, ["/empty"]), b"200"),
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
    groups = {"web": web.process.pid, "valkey": os.getpgid(server.info("server")["process_id"])}
    loads: dict[str, list[Load]] = {name: [] for name in questions}
    for requests, expect in questions.values():
        ask(port, requests, seconds=1, expect=expect, groups={})
    server.delete(WAITING)
    for _round in range(rounds):
        for name, (requests, expect) in questions.items():
            loads[name].append(ask(port, requests, seconds=seconds, expect=expect, groups=groups))
    for name in questions:
        print(describe(name, loads[name]))
    for name in list(questions)[1:]:
        print(compare(loads["redirects"], loads[name], name))
    load = median(each.processor["load"] / each.seconds for each in loads["redirects"])
    print(f"the load itself took {load:.0%} of one core")
    check_that_all_are_counted(sum(each.answers for each in loads["redirects"]))


def check_that_all_are_counted(answers: int) -> None:
    """What was sent when a round ended may be answered afterwards, so a few more may be there."""
    began = time.perf_counter()
    while store_waiting_clicks():
        pass
    seconds = time.perf_counter() - began
    stored = Click.objects.count()
    print(f"{answers:,} answers, {stored:,} clicks stored, {stored / seconds:,.0f}/s by one worker")


if __name__ == "__main__":
    main()
