"""How long pages take with a million mentions of 200 brands, beside the framework's emptiest page.

    python -m tests.benchmarks pages [--mentions N] [--requests N]

A tenth of the mentions belong to the largest brand; they lie within 90 days. Requests go through the whole application
in this process, so the figures hold no network. Those of the processor are this process's; the database's time is
only in those of the clock.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Sequence
from statistics import median, quantiles

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.analysis.understanding import understand
from monitoring.analysis.words import search_document
from monitoring.listening.models import Brand, BrandKind, Keyword, KeywordVersion, Mention
from monitoring.listening.rollups import miscounted_rows, rebuild_rollups
from tests.listening.hacker_news_server import texts_of

ORGANIZATIONS, BRANDS_EACH = 20, 10
TEXTS = 20_000
RARE, COMMON = "quokka", "coffee"
MAKE_TEXTS = """
    create temporary table made
    (number int, text text, search tsvector, terms text[], hashtags text[], language text, sentiment int)
"""
INDEXES = """
    select indexname, indexdef from pg_indexes
    where tablename = 'listening_mention' and indexdef not like 'CREATE UNIQUE%'
"""
MAKE_MENTIONS = """
    insert into listening_mention (organization_id, brand_id, platform, external_id, native_id, url, title, text,
        published_at, collected_at, has_media, author_key, author_handle, author_name, author_url, author_avatar_url,
        author_followers, author_in_sample, keyword_versions, no_longer_matches, language, sentiment,
        sentiment_confidence, hashtags, handles, links, terms, is_question, search, likes, replies)
    select brand.organization_id, brand.id, (array['bluesky', 'mastodon', 'hackernews', 'lemmy'])[1 + post %% 4],
        post::text, '', 'https://example.com/' || post, '', made.text,
        now() - random() * interval '90 days', now(), false, 'bluesky:' || author, 'author' || author,
        'Author ' || author, '', '', author, author %% 16 = 0, array[version.id], false, made.language, made.sentiment,
        0.6, made.hashtags, '{}', '{}', made.terms, post %% 9 = 0, made.search, post %% 50, post %% 7
    from (select post, floor(%(brands)s * power(random(), 2.3))::int as rank, floor(random() * 60000)::int as author,
            floor(random() * %(texts)s)::int as text_number
        from generate_series(1, %(mentions)s) post) drawn
    join made on made.number = text_number
    join (select id, organization_id, row_number() over (order by id) - 1 as rank from listening_brand) brand
        using (rank)
    join listening_keyword keyword on keyword.brand_id = brand.id
    join listening_keywordversion version on version.keyword_id = keyword.id
"""


def make_world(mentions: int) -> None:
    for number in range(ORGANIZATIONS):
        owner = User.objects.create_user(f"owner{number}@example.com", "a kettle sings at dawn")
        organization = create_organization(
            owner=owner, name=f"Organization {number}", time_zone="Europe/Berlin", currency="EUR"
        )
        for place in range(BRANDS_EACH):
            kind = BrandKind.OWN if place == 0 else BrandKind.COMPETITOR
            brand = Brand.objects.create(organization=organization, name=f"Brand {place}", kind=kind)
            keyword = Keyword.objects.create(organization=organization, brand=brand)
            KeywordVersion.objects.create(keyword=keyword, query=f"halden OR {COMMON}")
    with connection.cursor() as cursor:
        cursor.execute(MAKE_TEXTS)
        cursor.executemany("insert into made values (%s, %s, %s::tsvector, %s, %s, %s, %s)", _texts())
        # Counted at the end, and indexed at once: row by row, a million would take much longer.
        cursor.execute("alter table listening_mention disable trigger user")
        cursor.execute("set maintenance_work_mem = '512MB'")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"drop index {name}")
        counts = {"mentions": mentions, "brands": ORGANIZATIONS * BRANDS_EACH, "texts": TEXTS}
        cursor.execute(MAKE_MENTIONS, counts)
        for _name, definition in indexes:
            cursor.execute(definition)
        cursor.execute("alter table listening_mention enable trigger user")
    for organization in Organization.objects.all():
        rebuild_rollups(organization=organization)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _texts() -> list[tuple[int | str | list[str], ...]]:
    next_text, chance = texts_of(None), random.Random(3)
    rows: list[tuple[int | str | list[str], ...]] = []
    for number in range(TEXTS):
        text = f"Halden: {next_text()}" + (f" {RARE}" if chance.random() < 0.0005 else "")
        known = understand(text)
        rows.append(
            (
                number, text, search_document(text), list(known.terms), list(known.hashtags), known.language,
                int(known.sentiment),
            )
        )  # fmt: skip
    return rows


def measure(name: str, client: Client, address: str, requests: int, empty: float) -> float:
    """Prints one page's figures; returns its median of the processor's seconds."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    queries = [float(query["time"]) * 1000 for query in captured.captured_queries]
    clock, processor = [], []
    for _ in range(requests):
        began, spent = time.perf_counter(), time.process_time()
        client.get(address)
        processor.append(time.process_time() - spent)
        clock.append(time.perf_counter() - began)
    ratio = f"{median(processor) / empty:5.0f} empty pages" if empty else ""
    print(
        f"{name:34} {len(queries):3} queries   clock {_said(clock)}   processor {_said(processor)} {ratio}"
        f"   slowest query {max(queries, default=0):.0f} ms"
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
    organization = Organization.objects.order_by("pk")[0]
    print(
        f"{Mention.objects.count():,} mentions; miscounted rows: {miscounted_rows(organization=organization)}"
    )
    client = Client()
    client.force_login(organization.memberships.get().user)
    empty = measure("the framework's emptiest page", client, "/healthz", arguments.requests, 0)
    overview = reverse("dashboard:overview", args=[organization.slug])
    mentions = reverse("listening:mentions", args=[organization.slug])
    brands = list(Brand.objects.filter(organization=organization).order_by("pk"))
    for name, address in (
        ("overview, largest brand", overview),
        ("overview, 90 days", f"{overview}?period=90d"),
        ("overview, tenth brand", f"{overview}?brand={brands[-1].pk}"),
        ("mentions, largest brand", mentions),
        ("mentions, negative on Lemmy", f"{mentions}?tone=negative&platform=lemmy"),
        ("mentions, a common word", f"{mentions}?q={COMMON}"),
        ("mentions, a common word, 90 days", f"{mentions}?q={COMMON}&period=90d"),
        ("mentions, a rare word, 90 days", f"{mentions}?q={RARE}&period=90d"),
        ("mentions, tenth brand, rare", f"{mentions}?q={RARE}&period=90d&brand={brands[-1].pk}"),
        ("mentions, a keyword, 90 days", f"{mentions}?keyword={brands[0].keywords.get().pk}&period=90d"),
    ):
        measure(name, client, address, arguments.requests, empty)


if __name__ == "__main__":
    main()
