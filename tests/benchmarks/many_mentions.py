"""Millions of mentions of 200 brands, made by PostgreSQL itself: as many as wanted, the same every time in kind.

They lie in the table as they would have been collected, the oldest first. A tenth belong to the largest brand. Of one
organization alone, its own brand has more than a third.
"""

from __future__ import annotations

import random

from django.db import connection

from accounts.models import Organization, User
from accounts.services.organizations import create_organization
from monitoring.analysis.understanding import understand
from monitoring.analysis.words import search_document
from monitoring.listening.models import Brand, BrandKind, Keyword, KeywordVersion, Tag
from monitoring.listening.rollups import rebuild_rollups
from tests.listening.hacker_news_server import texts_of

ORGANIZATIONS, BRANDS_EACH = 20, 10
DAYS = 90
TEXTS = 20_000
AT_ONCE = 500_000
COMMON, RARE = "coffee", "quokka"
# Of scripts without spaces: a word that one text in nine has, one that few have, a sentence, the first letter of more.
UNSPACED = {
    "Chinese": ("咖啡", "袋熊", "这家店的咖啡真的很好喝，服务也很热情", "丁"),
    "Japanese": ("コーヒー", "有袋類", "このお店のコーヒーは本当に美味しいです、また行きたい", "あ"),
    "Thai": ("กาแฟ", "วอมแบต", "กาแฟร้านนี้อร่อยมาก พนักงานก็น่ารัก", "ก"),
}
RARELY = 1 / 2_000

MAKE_TEXTS = """
    create temporary table made
    (number int, text text, search tsvector, terms text[], hashtags text[], language text, sentiment int)
"""
MAKE_BRANDS = """
    create temporary table listened as
    select brand.id, brand.organization_id, row_number() over (order by brand.id) - 1 as rank,
        array_agg(version.id order by version.id) as versions,
        (select array_agg(tag.id order by tag.id) from listening_tag tag
            where tag.organization_id = brand.organization_id) as tag_ids
    from listening_brand brand
    join listening_keyword keyword on keyword.brand_id = brand.id
    join listening_keywordversion version on version.keyword_id = keyword.id
    group by brand.id
"""
INDEXES = """
    select indexname, indexdef from pg_indexes
    where tablename = 'listening_mention' and indexdef not like 'CREATE UNIQUE%'
"""
MAKE_MENTIONS = """
    insert into listening_mention (organization_id, brand_id, platform, community, external_id, native_id, url, title,
        text, published_at, collected_at, has_media, author_key, author_handle, author_name, author_url,
        author_avatar_url, author_followers, author_in_sample, keyword_versions, no_longer_matches, language, sentiment,
        sentiment_confidence, hashtags, handles, links, terms, is_question, search, likes, replies, status, tags)
    select brand.organization_id, brand.id, drawn.platform,
        case when platform in ('lemmy', 'hackernews') then 'c/' || floor(200 * power(chance_3, 3))::int else '' end,
        post::text, '', 'https://example.com/' || post, '', made.text, moment, moment + interval '5 minutes',
        chance_1 < 0.15, drawn.platform || ':' || author, 'author' || author, 'Author ' || author, '', '',
        case when platform <> 'hackernews' then floor(20 / power(1.0001 - chance_2, 0.9))::int end, author %% 16 = 0,
        case when chance_3 < 0.1 then versions[1:2] when chance_3 < 0.12 then versions[3:3] else versions[1:1] end,
        false, made.language, made.sentiment, 0.6, made.hashtags, '{}',
        case when chance_2 < 0.3
            then array['https://news.example.com/' || floor(100000 * power(chance_1, 4))::int] else '{}' end,
        made.terms, post %% 9 = 0, made.search, floor(2 / power(1.0001 - chance_3, 0.7)), post %% 7,
        case when chance_1 > 0.99 then 2 when chance_1 > 0.985 then 3 when chance_1 > 0.95 then 1 else 0 end,
        case when chance_3 > 0.999 then tag_ids[1:2] when chance_3 > 0.99 then tag_ids[2:2] else '{}' end
    from (
        select post, floor(%(brands)s * power(random(), 2.3))::int as rank,
            floor(power(random(), 3) * %(mentions)s / 16)::int as author,
            floor(random() * %(texts)s)::int as text_number,
            (array['bluesky', 'mastodon', 'hackernews', 'lemmy'])[1 + post %% 4] as platform,
            now() - (%(mentions)s - post + random()) / %(mentions)s * interval '1 day' * %(days)s as moment,
            random() as chance_1, random() as chance_2, random() as chance_3
        from generate_series(%(first)s, %(last)s) post
    ) drawn
    join made on made.number = text_number
    join listened brand using (rank)
    order by post
"""


def make_world(mentions: int, organizations: int = ORGANIZATIONS) -> None:
    for number in range(organizations):
        _make_organization(number)
    with connection.cursor() as cursor:
        cursor.execute("set maintenance_work_mem = '1GB'")
        cursor.execute("set work_mem = '256MB'")
        cursor.execute(MAKE_TEXTS)
        cursor.executemany("insert into made values (%s, %s, %s::tsvector, %s, %s, %s, %s)", _texts())
        cursor.execute(MAKE_BRANDS)
        cursor.execute("analyze made")
        # Counted at the end, and indexed at once: row by row, a million would take much longer.
        cursor.execute("alter table listening_mention disable trigger user")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"drop index {name}")
        counts = {"mentions": mentions, "brands": organizations * BRANDS_EACH, "texts": TEXTS, "days": DAYS}
        for first in range(1, mentions + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, mentions)
            cursor.execute(MAKE_MENTIONS, {**counts, "first": first, "last": last})
            print(f"{last:,} mentions made", flush=True)
        for name, definition in indexes:
            cursor.execute(definition)
            print(f"index {name} made", flush=True)
        cursor.execute("alter table listening_mention enable trigger user")
    for organization in Organization.objects.all():
        rebuild_rollups(organization=organization)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def _make_organization(number: int) -> None:
    owner = User.objects.create_user(f"owner{number}@example.com", "a kettle sings at dawn")
    organization = create_organization(
        owner=owner, name=f"Organization {number}", time_zone="Europe/Berlin", currency="EUR"
    )
    Tag.objects.bulk_create(Tag(organization=organization, name=name) for name in ("praise", "press", "idea"))
    for place in range(BRANDS_EACH):
        kind = BrandKind.OWN if place == 0 else BrandKind.COMPETITOR
        brand = Brand.objects.create(organization=organization, name=f"Brand {place}", kind=kind)
        for query in (f"halden OR {COMMON}", "halden delivery", f"halden {RARE}"):
            keyword = Keyword.objects.create(organization=organization, brand=brand)
            KeywordVersion.objects.create(keyword=keyword, query=query)


def _texts() -> list[tuple[int | str | list[str], ...]]:
    """One text in three is in a script without spaces."""
    next_text, chance = texts_of(None), random.Random(3)
    unspaced = list(UNSPACED.values())
    rows: list[tuple[int | str | list[str], ...]] = []
    for number in range(TEXTS):
        rare, sentence = RARE, next_text()
        if number % 3 == 0:
            _common, rare, said, letter = unspaced[number // 3 % 3]
            sentence = said + " " + "".join(chr(ord(letter) + chance.randrange(40)) for _ in range(12))
        text = f"Halden: {sentence}" + (f" {rare}" if chance.random() < RARELY else "")
        known = understand(text)
        rows.append(
            (
                number, text, search_document(text), list(known.terms), list(known.hashtags), known.language,
                int(known.sentiment),
            )
        )  # fmt: skip
    return rows
