from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization, User
from monitoring.lib.periods import last_days
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import Brand, Mention
from monitoring.listening.selectors import mentions as selectors
from monitoring.listening.selectors.counts import Volume
from monitoring.listening.selectors.finding import IN_THE_INDEX, look_at_most
from monitoring.listening.selectors.mentions import (
    PAGE_SIZE,
    MentionFilter,
    count_mentions,
    filter_mentions,
    page_of_mentions,
)
from monitoring.platforms.types import Post
from tests.cast import SignIn
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import NOW, make_post, make_source

pytestmark = pytest.mark.django_db
QUERY_BUDGET = 20


def store(brand: Brand, posts: list[Post]) -> None:
    found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform="bluesky", source_id=None, found=found)


def names(brand: Brand, **wanted: object) -> list[str]:
    found = filter_mentions(brand=brand, wanted=MentionFilter(**wanted))  # type: ignore[arg-type]
    return sorted(found.values_list("external_id", flat=True))


@pytest.fixture
def spoken(brand: Brand) -> Brand:
    store(
        brand,
        [
            make_post("praise", "I love Halden, the best #coffee"),
            make_post("anger", "Halden is terrible, I hate the delivery"),
            make_post("asked", "Does Halden sell decaf?"),
            make_post("kanji", "Haldenのコーヒーは東京で最高", language="ja"),
        ],
    )
    return brand


def test_search_finds_words_tags_phrases_and_scripts_without_spaces(spoken: Brand) -> None:
    assert names(spoken, search="coffee") == ["praise"]
    assert names(spoken, search="#coffee") == ["praise"]
    assert names(spoken, search='"the delivery"') == ["anger"]
    assert names(spoken, search="東京") == ["kanji"]
    assert names(spoken, search="halden -delivery -coffee") == ["asked", "kanji"]
    assert names(spoken, search="'); drop table x; --") == []


def test_a_hashtag_and_a_handle_are_not_their_plain_words(spoken: Brand) -> None:
    store(spoken, [make_post("plain", "Halden coffee, says bottega"), make_post("tagged", "Halden @bottega")])

    assert names(spoken, search="#coffee") == ["praise"]
    assert names(spoken, search="@bottega") == ["tagged"]
    assert names(spoken, search="coffee") == ["plain", "praise"]
    assert names(spoken, search="halden -#coffee -@bottega") == ["anger", "asked", "kanji", "plain"]


def test_filters_by_tone_language_and_question(spoken: Brand) -> None:
    assert names(spoken, tones=(1,)) == ["praise"]
    assert names(spoken, tones=(-1,)) == ["anger"]
    assert names(spoken, languages=("ja",)) == ["kanji"]
    assert names(spoken, only_questions=True) == ["asked"]
    assert names(spoken, platforms=("mastodon",)) == []


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"tones": (1,)},
        {"tones": (0, -1), "platforms": ("bluesky",)},
        {"platforms": ("mastodon",)},
        {"languages": ("en", "ja")},
        {"only_questions": True},
        {"only_questions": True, "tones": (0,)},
        {"search": "coffee"},
        {"author_key": "bluesky:nobody"},
    ],
)
def test_the_count_is_the_number_of_rows_wherever_it_is_read(spoken: Brand, chosen: dict[str, Any]) -> None:
    month = last_days(30, now=NOW, zone=ZoneInfo(spoken.organization.time_zone))
    wanted = MentionFilter(period=month, **chosen)

    counted = count_mentions(brand=spoken, wanted=wanted)

    assert counted.number == filter_mentions(brand=spoken, wanted=wanted).count()


def test_a_keyword_finds_what_any_of_its_versions_matched(spoken: Brand) -> None:
    keyword = spoken.keywords.get()

    assert len(names(spoken, keyword=keyword.pk)) == 4
    assert names(spoken, keyword=keyword.pk + 1) == []


def test_every_mention_is_on_exactly_one_page_even_with_equal_times(brand: Brand) -> None:
    total = PAGE_SIZE * 2 + 7
    store(
        brand,
        [make_post(f"p{number}", "halden", age=timedelta(hours=number // 40)) for number in range(total)],
    )
    everything = filter_mentions(brand=brand, wanted=MentionFilter())
    seen: list[int] = []
    cursor = ""
    newer: list[str | None] = []
    while True:
        page = page_of_mentions(mentions=everything, before=cursor)
        seen += [mention.pk for mention in page.mentions]
        newer.append(page.newer)
        if page.older is None:
            break
        cursor = page.older
    back = page_of_mentions(mentions=everything, after=newer[-1] or "")

    assert len(seen) == len(set(seen)) == total
    assert newer[0] is None
    assert [mention.pk for mention in back.mentions] == seen[PAGE_SIZE : PAGE_SIZE * 2]
    assert count_mentions(brand=brand, wanted=MentionFilter()).number == total


@pytest.mark.parametrize("cursor", ["x", "1.x", "9" * 40 + ".1", "-5.1", "", "١.١"])
def test_a_broken_cursor_is_no_cursor_or_an_empty_page(spoken: Brand, cursor: str) -> None:
    page = page_of_mentions(mentions=filter_mentions(brand=spoken, wanted=MentionFilter()), before=cursor)

    assert len(page.mentions) in {0, 4}


def test_the_page_marks_the_words_and_stays_within_its_queries(
    spoken: Brand, viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    client = sign_in(viewer)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(f"/o/{organization.slug}/mentions/?q=coffee&tone=positive").content.decode()

    assert "<mark>Halden</mark>" in page
    assert "terrible" not in page
    assert len(queries) <= QUERY_BUDGET


def test_an_author_whose_name_has_a_space_is_found_by_it(
    spoken: Brand, viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    for name in ("Anna Bühler", "Anna", "Bühler"):
        store(spoken, [make_post(name, "Halden roasts decaf coffee", author=name)])

    page = sign_in(viewer).get(f"/o/{organization.slug}/mentions/?by=@Anna+Bühler&q=decaf", follow=True)

    [(address, _status)] = page.redirect_chain
    assert parse_qs(urlsplit(address).query) == {"q": ['decaf from:"@Anna Bühler"']}
    assert [row.mention.external_id for row in page.context["rows"]] == ["Anna Bühler"]
    assert page.context["search_error"] is None


@pytest.mark.parametrize(
    ("typed", "search"),
    [
        ("by=anna&q=", "from:@anna"),
        ("by=%20@anna%20&q=halden", "halden from:@anna"),
        ("by=anna&q=coffee+OR+decaf", "(coffee OR decaf) from:@anna"),
        ("by=anna&q=coffee,+decaf!", '"coffee," decaf! from:@anna'),
        ("by=anna&q=coffee+–+decaf%3B", 'coffee "decaf;" from:@anna'),
    ],
)
def test_an_author_who_is_typed_in_stands_in_the_search(
    spoken: Brand, viewer: User, sign_in: SignIn, organization: Organization, typed: str, search: str
) -> None:
    store(spoken, [make_post("hers", "Halden roasts decaf coffee", author="anna")])

    page = sign_in(viewer).get(f"/o/{organization.slug}/mentions/?tone=neutral&{typed}", follow=True)

    [(address, _status)] = page.redirect_chain
    assert parse_qs(urlsplit(address).query) == {"tone": ["neutral"], "q": [search]}
    assert [row.mention.external_id for row in page.context["rows"]] == ["hers"]


def test_a_filtered_list_is_exported_whole_batch_by_batch(
    brand: Brand,
    viewer: User,
    sign_in: SignIn,
    organization: Organization,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(selectors, "BATCH", 7)
    posts = [make_post(f"p{number}", "=halden", age=timedelta(hours=number // 5)) for number in range(23)]
    store(brand, [*posts, make_post("anger", "halden is terrible, I hate it")])

    answer = sign_in(viewer).get(f"/o/{organization.slug}/mentions/export.csv?tone=neutral")
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]

    assert len(rows) == 1 + 23
    assert {row[8] for row in rows[1:]} == {"'=halden"}
    times = [row[0] for row in rows[1:]]
    assert times == sorted(times, reverse=True)


def test_text_from_outside_is_shown_as_text(
    brand: Brand, viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    post = make_post("evil", "halden <script>alert(1)</script>", author='"><img src=x onerror=alert(1)>')
    store(brand, [post])
    Mention.objects.update(url="javascript:alert(1)")
    page = sign_in(viewer).get(f"/o/{organization.slug}/mentions/").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "javascript:alert" not in page


def test_a_stranger_sees_nothing_of_another_brand(
    spoken: Brand, stranger: User, strangers_organization: Organization, sign_in: SignIn
) -> None:
    listen(strangers_organization, make_source("other"), name="Bright Bean", query="bean")
    page = (
        sign_in(stranger)
        .get(f"/o/{strangers_organization.slug}/mentions/?brand={spoken.pk}")
        .content.decode()
    )

    assert "Halden" not in page


def test_correcting_a_sentiment_is_for_marketers_and_changes_the_filter(
    spoken: Brand, marketer: User, viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    mention = Mention.objects.get(external_id="anger")
    address = f"/o/{organization.slug}/mentions/{mention.pk}/change/"

    assert sign_in(viewer).post(address, {"act": "judge:positive"}).status_code == 403
    assert sign_in(marketer).post(address, {"act": "judge:nonsense"}).status_code == 400
    assert (
        sign_in(marketer)
        .post(address, {"act": "judge:positive", "next": "https://evil.example/"})
        .status_code
        == 302
    )
    assert names(spoken, tones=(1,)) == ["anger", "praise"]
    sign_in(marketer).post(address, {"act": "judge:machine"})
    assert names(spoken, tones=(-1,)) == ["anger"]


def test_a_deleted_mention_is_on_no_page(
    spoken: Brand, marketer: User, sign_in: SignIn, organization: Organization
) -> None:
    mention = Mention.objects.get(external_id="anger")
    sign_in(marketer).post(f"/o/{organization.slug}/mentions/{mention.pk}/change/", {"act": "delete"})

    assert "anger" not in names(spoken)
    assert sign_in(marketer).get(f"/o/{organization.slug}/mentions/{mention.pk}/").status_code == 404


def test_any_address_gives_a_page(
    spoken: Brand, viewer: User, sign_in: SignIn, organization: Organization
) -> None:
    client = sign_in(viewer)
    for query in (
        "brand=999999999999999999999", "period=x", "from=2026-99-01&to=y", "tone=odd&platform=odd&language=%00",
        "keyword=99999999999999999999999", "q=%00%27%22%28", "before=junk&after=junk", "author=%F0%9F%98%80",
    ):  # fmt: skip
        assert client.get(f"/o/{organization.slug}/mentions/?{query}").status_code == 200, query


def test_a_search_is_looked_up_together_with_its_brand(brand: Brand) -> None:
    found = filter_mentions(brand=brand, wanted=MentionFilter(search="espresso"))
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        # Of so few rows any index is as good: leave only the one that this is about.
        cursor.execute("drop index latest_mentions, mentions_of_an_author, sampled_authors")
        cursor.execute("alter table listening_mention drop constraint one_mention_per_brand")
    plan = found.order_by().values("pk").explain()
    lookup = plan[plan.index("search_within_a_brand") :].splitlines()[1]
    assert "brand_id = " in lookup, plan
    assert "search @@ " in lookup, plan


@pytest.mark.parametrize(
    ("chosen", "days"),
    [
        ({"only_links": True}, 10),
        ({"platforms": ("bluesky",), "languages": ("de",), "tones": (1,)}, 10),  # told by the counts by day
        ({"languages": ("de",), "only_links": True}, 10),
        ({"platforms": ("bluesky",), "languages": ("de",), "keyword": 1}, 7),
        ({"platforms": ("bluesky",), "languages": ("de",), "tones": (1,), "tags": (1,), "keyword": 1}, 5),
    ],
)
def test_the_more_kinds_are_chosen_from_the_fewer_mentions_are_looked_at(
    chosen: dict[str, Any], days: int
) -> None:
    period = last_days(30, now=NOW, zone=ZoneInfo("UTC"))
    busy = {day: Volume(mentions=IN_THE_INDEX // 10) for day in period.each_day()}
    look = look_at_most(wanted=MentionFilter(period=period, **chosen), period=period, days=busy)
    assert (look.days.last, look.days.days) == (period.last, days)
    assert not look.is_whole
