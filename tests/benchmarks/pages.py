"""How long pages take with a million mentions of 200 brands, or more, beside the framework's emptiest page.

    python -m tests.benchmarks pages [--mentions N] [--requests N]

A tenth of the mentions belong to the largest brand; they lie within 90 days. Requests go through the whole application
in this process, so the figures hold no network. Those of the processor are this process's and its database session's,
which can be compared on a busy machine; the clock's cannot. Ten million mentions take about an hour to make, and 12 GB.
A database that is there already is measured by `python -m tests.with_django tests.benchmarks.pages`.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Organization
from monitoring.listening.models import Brand, Mention
from monitoring.listening.rollups import miscounted_rows
from tests.benchmarks.many_mentions import COMMON, RARE, UNSPACED, make_world


class Session:
    """The database's process that serves us, where it runs on this machine."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            self.times = Path("/proc", str(cursor.fetchone()[0]), "schedstat")

    def seconds(self) -> float:
        """How long it has had a processor."""
        return int(self.times.read_text("ascii").split()[0]) / 1e9 if self.times.exists() else 0.0


class Queries:
    """Counts them."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.asked += 1
        return execute(*arguments)


def measure(name: str, client: Client, address: str, requests: int, empty: float) -> float:
    """Prints one page's figures; returns its median of our processor's seconds."""
    client.get(address)
    queries = Queries()
    with connection.execute_wrapper(queries):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    clock, processor, database, session = [], [], [], Session()
    for _ in range(requests):
        began, spent, asked = time.perf_counter(), time.process_time(), session.seconds()
        client.get(address)
        processor.append(time.process_time() - spent)
        database.append(session.seconds() - asked)
        clock.append(time.perf_counter() - began)
    ratio = f"{median(processor) / empty:3.0f} empty pages" if empty else ""
    print(
        f"{name:34} {queries.asked:3} queries   clock {_said(clock)}   processor {_said(processor)}, "
        f"database's {_said(database)} {ratio}",
        flush=True,
    )
    return median(processor)


def _said(seconds: Sequence[float]) -> str:
    p95 = quantiles(seconds, n=20)[-1]
    return f"p50 {median(seconds) * 1000:5.1f} p95 {p95 * 1000:6.1f} ms"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--mentions", type=int, default=1_000_000)
    options.add_argument("--requests", type=int, default=40)
    arguments = options.parse_args()
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    logging.disable(logging.WARNING)
    if not Mention.objects.exists():
        make_world(arguments.mentions)
        first = Organization.objects.order_by("pk")[0]
        print(f"miscounted rows of the largest organization: {miscounted_rows(organization=first)}")
    organization = Organization.objects.order_by("pk")[0]
    print(f"{Mention.objects.count():,} mentions")
    client = Client()
    client.force_login(organization.memberships.get().user)
    empty = measure("the framework's emptiest page", client, "/healthz", arguments.requests, 0)
    for name, address in _pages(organization):
        measure(name, client, address, arguments.requests, empty)


def _pages(organization: Organization) -> Iterator[tuple[str, str]]:
    overview = reverse("dashboard:overview", args=[organization.slug])
    mentions = reverse("listening:mentions", args=[organization.slug])
    brands = list(Brand.objects.filter(organization=organization).order_by("pk"))
    keywords = list(brands[0].keywords.order_by("pk"))
    yield "overview, largest brand", overview
    yield "overview, 90 days", f"{overview}?period=90d"
    yield "overview, tenth brand", f"{overview}?brand={brands[-1].pk}"
    yield "overview, what was said", f"{overview}more/"
    yield "overview, the people", f"{overview}more/people/"
    yield "overview, the market", f"{overview}more/market/"
    yield "mentions, largest brand", mentions
    yield "mentions, negative on Lemmy", f"{mentions}?tone=negative&platform=lemmy"
    lists: dict[str, dict[str, str | int]] = {
        "all": {},
        "a common keyword": {"keyword": keywords[0].pk},
        "a rare keyword": {"keyword": keywords[2].pk},
        "with a link": {"has": "link"},
        "hardly any": {"language": "th", "tone": "negative", "has": "media", "min_followers": 100_000},
        "none at all": {"min_followers": 999_999_999},
        "a muted author's": {"status": "muted"},
        "a tag": {"tag": 1},
        "a community": {"community": "c/150"},
        "a link": {"link": "https://news.example.com/5"},
        "an author": {"author": "bluesky:48"},
        "a term": {"term": "halden"},
        "by reach": {"sort": "reach"},
        "by engagement": {"sort": "engagement"},
        "a common word": {"q": COMMON},
        "a word of every text": {"q": "halden"},
        "a rare word": {"q": RARE},
        "tenth brand, a rare word": {"q": RARE, "brand": brands[-1].pk},
        "NEAR, OR, a language": {"q": "(coffee NEAR/8 good) OR (kuchen lang:de -unfreundlich)"},
        "an exclusion": {"q": f"-{COMMON}"},
        **{f"{script}, common": {"q": words[0]} for script, words in UNSPACED.items()},
        **{f"{script}, rare": {"q": words[1]} for script, words in UNSPACED.items()},
    }
    for name, parameters in lists.items():
        yield f"90 days, {name}", f"{mentions}?{urlencode({**parameters, 'period': '90d'})}"


if __name__ == "__main__":
    main()
