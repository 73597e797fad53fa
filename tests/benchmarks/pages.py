"""How long pages take with a million mentions of 200 brands, or more, beside the framework's emptiest page.

    python -m tests.benchmarks pages [--mentions N] [--requests N] [--keep FILE] [--beside FILE]

A tenth of the mentions belong to the largest brand; they lie within 90 days. Requests go through the whole application
in this process, compressed as to a browser, so the figures hold no network. Those of the processor are this process's
and its database session's, which can be compared on a busy machine; the clock's cannot. The session has the settings
that bin/up gives its server. Of 12 requests the 95th percentile is nearly the slowest, of 40 the third.
Ten million mentions take about an hour to make, and 12 GB.
A database that is there already is measured by `python -m tests.with_django tests.benchmarks.pages`: of the first
organization that has a brand. To compare ten million with one million, keep the figures of one run in a file and name
it to the other.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Organization
from monitoring.listening.models import Brand, Mention
from monitoring.listening.rollups import miscounted_rows
from smedash.garbage import set_aside_what_stays
from smedash.local.postgres import SETTINGS
from tests.benchmarks.many_mentions import COMMON, RARE, UNSPACED, make_world

AS_A_BROWSER = {"Accept-Encoding": "gzip"}
# Of what smedash.local.postgres sets, what a session may set for itself: plans hang on it.
_OF_A_SESSION = ("work_mem", "effective_cache_size", "random_page_cost", "jit")


class Session:
    """The database's process that serves us, where it runs on this machine."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            for name in _OF_A_SESSION:
                cursor.execute("select set_config(%s, %s, false)", [name, SETTINGS[name]])
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


@dataclass(frozen=True)
class Cost:
    """Milliseconds: by the clock, of our processor, of the database session's."""

    p50: float
    p95: float
    ours: float
    database: float

    @property
    def work(self) -> float:
        return self.ours + self.database

    def beside(self, other: Mapping[str, float] | None) -> str:
        if other is None:
            return ""
        by_clock, by_work = self.p95 / other["p95"], self.work / (other["ours"] + other["database"])
        return f"{by_clock:5.2f} of the other by the clock, {by_work:4.2f} by the processors"


def measure(
    name: str, client: Client, address: str, requests: int, other: Mapping[str, float] | None = None
) -> Cost:
    """Prints one page's figures, and beside those of the other run."""
    client.get(address, headers=AS_A_BROWSER)
    queries = Queries()
    with connection.execute_wrapper(queries):
        answer = client.get(address, headers=AS_A_BROWSER)
    assert answer.status_code == 200, (address, answer.status_code)
    cost = _cost(client, address, requests)
    print(
        f"{name:34} {queries.asked:3} queries   p50 {cost.p50:6.1f}  p95 {cost.p95:6.1f} ms   processor: ours "
        f"{cost.ours:5.1f}, database's {cost.database:5.1f}   Python {cost.ours / cost.work:4.0%} "
        f"{cost.beside(other)}",
        flush=True,
    )
    return cost


def _cost(client: Client, address: str, requests: int) -> Cost:
    clock, processor, database, session = [], [], [], Session()
    for _ in range(requests):
        began, spent, asked = time.perf_counter(), time.process_time(), session.seconds()
        client.get(address, headers=AS_A_BROWSER)
        processor.append(time.process_time() - spent)
        database.append(session.seconds() - asked)
        clock.append(time.perf_counter() - began)
    p95 = quantiles(clock, n=20, method="inclusive")[-1]
    return Cost(*(1000 * seconds for seconds in (median(clock), p95, median(processor), median(database))))


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--mentions", type=int, default=1_000_000)
    options.add_argument("--requests", type=int, default=40)
    options.add_argument("--keep", type=Path, help="write the figures into this file")
    options.add_argument("--beside", type=Path, help="compare with those of this file")
    arguments = options.parse_args()
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    logging.disable(logging.WARNING)
    if not Mention.objects.exists():
        make_world(arguments.mentions)
        print(f"miscounted rows of the largest organization: {miscounted_rows(organization=_first())}")
    print(f"{Mention.objects.count():,} mentions")
    others = json.loads(arguments.beside.read_text("utf-8")) if arguments.beside else {}
    costs = _measure_all(_first(), arguments.requests, others)
    if arguments.keep:
        arguments.keep.write_text(json.dumps({name: asdict(cost) for name, cost in costs.items()}), "utf-8")


def _first() -> Organization:
    with_brands = Brand.objects.values("organization")
    return Organization.objects.filter(pk__in=with_brands).order_by("pk")[0]


def _measure_all(
    organization: Organization, requests: int, others: Mapping[str, Mapping[str, float]]
) -> dict[str, Cost]:
    client = Client()
    client.force_login(organization.memberships.order_by("pk")[0].user)
    get_resolver().url_patterns  # noqa: B018 - as the web server does before it sets aside what it imported
    set_aside_what_stays()
    pages = [("the framework's emptiest page", "/healthz"), *_pages(organization)]
    return {name: measure(name, client, address, requests, others.get(name)) for name, address in pages}


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
        "a rare keyword": {"keyword": keywords[-1].pk},
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
