"""How many mentions a second one worker process collects, matches, understands, stores and counts.

    python -m tests.benchmarks collecting [--posts N] [--texts FOLDER] [--profile]

A server in another process answers as Hacker News' search does; the real connector asks it. Then, in the same run,
rows like those are written in batches into the same table, emptied, with the same indexes: by COPY alone, by COPY with
the triggers that count, and by `store_mentions`.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from monitoring.listening.collecting.claiming import claim_source
from monitoring.listening.collecting.found import Found
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.running import HISTORY, collect_source
from monitoring.listening.collecting.storing import _COLUMNS, _line, lock_brands, store_mentions
from monitoring.listening.models import Brand, Mention, Outcome, Source
from monitoring.listening.rollups import miscounted_rows
from monitoring.platforms.opening import open_connector
from monitoring.platforms.types import SearchRequest
from smedash.local.checkout import ROOT
from smedash.local.ports import HOST, free_port, is_taken
from tests.benchmarks.cost import Cost, measure
from tests.listening.halden import PLATFORM, make_business

ROUNDS = 3
ROUND_OF = 10_000  # rows
BATCH = 1_000
TABLES = "listening_mention, listening_mentionday, listening_mentionhour, listening_termday"
COPY = f"copy listening_mention ({', '.join(_COLUMNS)}) from stdin"


@contextmanager
def platform_of(posts: int, texts: Path | None) -> Iterator[None]:
    port, newest = free_port(), int(time.time()) - 60
    words = [str(port), str(posts), str(newest), *([str(texts)] if texts else [])]
    command = [sys.executable, "-m", "tests.listening.hacker_news_server", *words]
    server = subprocess.Popen(command, cwd=ROOT)
    settings.PLATFORM_URLS = {PLATFORM: f"http://{HOST}:{port}"}
    try:
        while not is_taken(port):
            time.sleep(0.1)
        yield
    finally:
        server.kill()
        server.wait()


def collect_all() -> None:
    """Run after run, as a worker does it."""
    source = Source.objects.get()
    outcome = Outcome.INTERRUPTED
    while outcome == Outcome.INTERRUPTED:
        claim = claim_source(source.pk)
        assert claim
        outcome = collect_source(claim)
    assert outcome == Outcome.COLLECTED, outcome


def read_found(brand: Brand, wanted: int) -> list[Found]:
    """So many posts, matched and understood."""
    connector = open_connector(platform=PLATFORM)
    listeners = listeners_for(platform=PLATFORM, brand_ids=[brand.pk])
    found: dict[str, Found] = {}
    cursor = None
    request = SearchRequest(text='"halden"', since=timezone.now() - HISTORY)
    while len(found) < wanted:
        page = connector.search_posts(request, cursor)
        found |= {item.post.external_id: item for item in listeners.find(page.items)}
        cursor = page.next_cursor
        if cursor is None:
            break
    return list(found.values())[:wanted]


def write_batches(found: Sequence[Found], write: Callable[[Sequence[Found]], object]) -> None:
    for start in range(0, len(found), BATCH):
        with transaction.atomic():
            write(found[start : start + BATCH])


def store(batch: Sequence[Found]) -> None:
    lock_brands(item.brand_id for item in batch)
    store_mentions(platform=PLATFORM, source_id=None, found=batch)


def compare_storing(found: Sequence[Found]) -> None:
    """Storing against COPY of the same rows, in turn."""
    now = timezone.now()
    lines = {item.post.external_id: f"{_line(PLATFORM, None, item, now)}\t0\n" for item in found}  # open

    def copy(batch: Sequence[Found]) -> None:
        with connection.cursor() as cursor:
            text = "".join([lines[item.post.external_id] for item in batch])
            cursor.copy_expert(COPY, io.StringIO(text))

    ways = (
        ("COPY, triggers off", copy, "disable"),
        ("COPY, triggers on", copy, "enable"),
        ("store_mentions", store, "enable"),
    )
    costs: dict[str, list[Cost]] = {name: [] for name, _write, _triggers in ways}
    for _round in range(ROUNDS):
        for name, write, triggers in ways:
            with connection.cursor() as cursor:
                cursor.execute(f"truncate {TABLES} cascade")
                cursor.execute(f"alter table listening_mention {triggers} trigger user")
            costs[name].append(measure(lambda write=write: write_batches(found, write)))  # type: ignore[misc]
    bare = min(cost.clock for cost in costs[ways[0][0]]), min(cost.processor for cost in costs[ways[0][0]])
    print(f"{len(found):,} rows in batches of {BATCH:,}, best of {ROUNDS} rounds in turn:")
    for name, measured in costs.items():
        clock = min(cost.clock for cost in measured)
        processor = min(cost.processor for cost in measured)
        print(
            f"  {name:20} {len(found) / clock:8,.0f} rows/s by the clock ({bare[0] / clock:.2f} of COPY), "
            f"{len(found) / processor:8,.0f} a second of processor ({bare[1] / processor:.2f})"
        )


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--posts", type=int, default=200_000)
    options.add_argument("--texts", type=Path, help="CSV files with a column `text`")
    options.add_argument("--profile", action="store_true")
    arguments = options.parse_args()
    brand = make_business()
    with platform_of(arguments.posts, arguments.texts):
        report_collecting(brand, arguments.posts, profile=arguments.profile)
        found = read_found(brand, min(ROUND_OF, arguments.posts))
    compare_storing(found)


def report_collecting(brand: Brand, posts: int, *, profile: bool) -> None:
    profiler = cProfile.Profile()
    cost = measure(lambda: profiler.runcall(collect_all) if profile else collect_all())
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    stored = Mention.objects.count()
    print(
        f"{stored:,} of {posts:,} posts stored, miscounted rows: {miscounted_rows(organization=brand.organization)}"
    )
    print(f"  {stored / cost.clock:8,.0f} mentions/s by the clock")
    print(
        f"  {stored / cost.here:8,.0f} a second of the worker's processor, "
        f"{stored / cost.database:,.0f} a second of its database session's"
    )


if __name__ == "__main__":
    main()
