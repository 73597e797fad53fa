"""What a page of mentions finds, counts and lists, beside the same said in plain Python over the same rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils.html import escape
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organization, User
from monitoring.analysis.matching import Document, Matcher
from monitoring.analysis.queries import parse
from monitoring.analysis.understanding import understand
from monitoring.analysis.words import search_document
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, Mention, MentionStatus, Tag
from monitoring.listening.selectors import finding, paging
from monitoring.listening.selectors.counts import count_period
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions, is_looked_up
from monitoring.listening.selectors.finding import Finding, Place, find_mentions
from monitoring.listening.selectors.mentions import count_mentions
from monitoring.listening.selectors.searching import search_error
from monitoring.listening.showing.choosing import Choice
from tests.cast import SignIn
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_source

pytestmark = pytest.mark.django_db

# Two zones that are not whole hours off, and clocks that change within the days of the test.
ZONES = ("Asia/Kathmandu", "America/St_Johns", "Europe/Berlin")
FIRST, LAST = date(2026, 10, 22), date(2026, 11, 3)
MENTIONS = 90
PLATFORMS, LANGUAGES = ("bluesky", "mastodon", "lemmy"), ("en", "de", "ja", "th")
WORDS = (
    "halden", "coffee", "good", "tea", "cold", "brew", "#coffee", "#tea", "@bottega", "東京のコーヒー", "กาแฟร้อน", "☕",
    "https://example.com/a", "https://example.com/b",
)  # fmt: skip
SEARCHES = (
    "coffee", "halden coffee", "coffee OR tea", "halden -coffee", '"good coffee"', "good NEAR/1 coffee", "#coffee",
    "halden NEAR/2 (coffee OR brew)", "@bottega", "cof*", "lang:de halden", "halden (lang:en OR from:jo)", "東京",
    "halden platform:bluesky -lang:en", "min_followers:5 (tea OR cold)", "กาแฟ", "☕", "halden -☕",
    "東京 OR (halden NOT tea)", "コーヒー NEAR/3 halden",
)  # fmt: skip


def make_rows(brand: Brand, tags: Sequence[int], versions: Sequence[int]) -> list[Mention]:
    """The same at random every time; the database adds what it makes itself."""
    chance = random.Random(7)
    span = int((LAST - FIRST).days + 2) * 24 * 60
    made = []
    for number in range(MENTIONS):
        text = " ".join(chance.choices(WORDS, k=5))
        known, author = understand(text), chance.choice(("jo", "kim"))
        made.append(
            Mention(
                organization_id=brand.organization_id,
                brand=brand,
                platform=chance.choice(PLATFORMS),
                community=chance.choice(("", "r/coffee", "r/tea")),
                external_id=str(number),
                text=text,
                published_at=datetime(2026, 10, 21, tzinfo=UTC)
                + timedelta(minutes=chance.randrange(span) // 30 * 30),
                collected_at=datetime(2026, 11, 5, tzinfo=UTC),
                author_key=f"bluesky:{author}",
                author_handle=author,
                author_followers=chance.choice((None, 0, 5, 1000)),
                keyword_versions=chance.sample(versions, chance.randint(1, len(versions))),
                language=chance.choice(LANGUAGES),
                sentiment=chance.choice((-1, 0, 1)),
                corrected_sentiment=chance.choice((None, None, -1, 1)),
                sentiment_confidence=0.5,
                hashtags=list(known.hashtags),
                links=list(known.links),
                terms=list(known.terms),
                is_question=chance.random() < 0.3,
                has_media=chance.random() < 0.3,
                search=None,
                likes=chance.choice((None, 0, 3)),
                status=chance.choice((0, 0, 0, *MentionStatus.values)),
                tags=chance.sample(tags, chance.choice((0, 0, 1, 2))),
                deleted_at=chance.choice((None,) * 9 + (datetime(2026, 11, 6, tzinfo=UTC),)),
            )
        )
    Mention.objects.bulk_create(made)
    rows = list(Mention.objects.filter(brand=brand).order_by("pk"))
    with connection.cursor() as cursor:
        for row in rows:
            document = search_document(f"{row.title}\n{row.text}")
            cursor.execute(
                "update listening_mention set search = %s::tsvector where id = %s", [document, row.pk]
            )
    return rows


def holds(row: Mention, wanted: MentionFilter, versions: dict[int, int]) -> bool:
    """Whether somebody wants to see this row, said as plainly as it can be."""
    assert wanted.period is not None
    counted = (MentionStatus.OPEN, MentionStatus.ARCHIVED, MentionStatus.ANSWERED)
    document = Document(
        text=row.text, language=row.language, platform=row.platform, author_handle=row.author_handle,
        author_followers=row.author_followers,
    )  # fmt: skip
    followers = row.author_followers
    return all(
        (
            wanted.period.first
            <= row.published_at.astimezone(wanted.period.zone).date()
            <= wanted.period.last,
            wanted.since is None or row.published_at >= wanted.since,
            wanted.until is None or row.published_at < wanted.until,
            row.deleted_at is None and row.status in (wanted.statuses or counted),
            not wanted.search or bool(Matcher({1: parse(wanted.search)}).match(document)),
            not wanted.platforms or row.platform in wanted.platforms,
            not wanted.languages or row.language in wanted.languages,
            not wanted.tones or row.tone in wanted.tones,
            wanted.keyword is None or wanted.keyword in {versions[each] for each in row.keyword_versions},
            not wanted.only_questions or row.is_question,
            not wanted.only_links or bool(row.links),
            not wanted.only_media or row.has_media,
            wanted.min_followers is None or (followers is not None and followers >= wanted.min_followers),
            wanted.max_followers is None or (followers is not None and followers <= wanted.max_followers),
            not wanted.tags or bool(set(wanted.tags) & set(row.tags)),
            not wanted.author_key or row.author_key == wanted.author_key,
            not wanted.community or row.community == wanted.community,
            not wanted.link or wanted.link in row.links,
            not wanted.hashtag or wanted.hashtag in row.hashtags,
            not wanted.term or wanted.term in row.terms,
        )
    )


RANKS = {
    "time": lambda row: (row.published_at, row.pk),
    "reach": lambda row: (-1 if row.author_followers is None else row.author_followers, row.pk),
    "engagement": lambda row: (row.interactions, row.pk),
}


def facets_of(rows: Sequence[Mention]) -> dict[str, Counter[Any]]:
    return {
        "platforms": Counter(row.platform for row in rows),
        "languages": Counter(row.language for row in rows),
        "tones": Counter(row.tone for row in rows),
        "statuses": Counter(row.status for row in rows),
        "versions": Counter(tuple(row.keyword_versions) for row in rows),
        "tags": Counter(tag for row in rows for tag in row.tags),
        "has": Counter(
            name
            for row in rows
            for name, is_so in (("question", row.is_question), ("media", row.has_media), ("link", row.links))
            if is_so
        ),
    }


class Stage:
    """A brand with rows, and every way to ask for some of them."""

    def __init__(self, organization: Organization, zone: str) -> None:
        organization.time_zone = zone
        organization.save()
        self.zone = ZoneInfo(zone)
        self.brand = listen(organization, make_source(), name="Halden", query="halden")
        listen(organization, make_source("second"), name="Halden", query="tea")
        keywords = list(self.brand.keywords.order_by("pk"))
        self.keywords = [keyword.pk for keyword in keywords]
        self.versions = {version.pk: keyword.pk for keyword in keywords for version in keyword.versions.all()}
        tags = Tag.objects.bulk_create(Tag(organization=organization, name=name) for name in ("a", "b", "c"))
        self.tags = [tag.pk for tag in tags]
        self.rows = make_rows(self.brand, self.tags, list(self.versions))

    def filters(self) -> st.SearchStrategy[MentionFilter]:
        def some(*values: Any) -> st.SearchStrategy[Any]:
            return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)

        def maybe(nothing: Any, *values: Any) -> st.SearchStrategy[Any]:
            return st.one_of(st.just(nothing), st.just(nothing), st.just(nothing), st.sampled_from(values))

        days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
        periods = st.one_of(
            st.just((FIRST, LAST)), st.tuples(st.sampled_from(days), st.sampled_from(days)).map(sorted)
        )
        moments = [
            datetime(2026, 10, day, hour, 30, tzinfo=UTC) for day in (24, 25, 26) for hour in (0, 1, 18)
        ]
        return st.builds(
            MentionFilter,
            period=periods.map(lambda ends: Period(ends[0], ends[1], self.zone)),
            since=maybe(None, *moments),
            until=maybe(None, *moments),
            search=maybe("", *SEARCHES),
            platforms=some(*PLATFORMS), languages=some(*LANGUAGES), tones=some(-1, 0, 1),
            keyword=maybe(None, *self.keywords), only_questions=maybe(False, True), only_links=maybe(False, True),
            only_media=maybe(False, True), min_followers=maybe(None, 0, 5), max_followers=maybe(None, 0, 5),
            statuses=maybe((), (0,), (1, 2), (3,), (0, 1)), tags=maybe((), *((tag,) for tag in self.tags)),
            author_key=maybe("", "bluesky:jo"), community=maybe("", "r/tea"),
            link=maybe("", "https://example.com/a"), hashtag=maybe("", "coffee"), term=maybe("", "coffee", "halden"),
        )  # fmt: skip

    def expected(self, wanted: MentionFilter) -> list[Mention]:
        return [row for row in self.rows if holds(row, wanted, self.versions)]

    def find(self, wanted: MentionFilter, place: Place) -> Finding:
        assert wanted.period is not None
        days = count_period(brands=[self.brand], period=wanted.period).days
        return find_mentions(brand=self.brand, wanted=wanted, period=wanted.period, place=place, days=days)

    def pages(self, wanted: MentionFilter, sort: str) -> Iterator[Finding]:
        """All of them: to the end of what was looked at, then further back."""
        place = Place(sort)
        while True:
            found = self.find(wanted, place)
            yield found
            if found.page.older:
                place = replace(place, before=found.page.older)
            elif found.look.is_whole:
                return
            else:
                place = Place(sort, back=found.look.days.first)


@pytest.fixture(params=ZONES)
def stage(organization: Organization, request: pytest.FixtureRequest) -> Stage:
    return Stage(organization, request.param)


def test_every_filter_finds_counts_and_tells_apart_what_plain_python_does(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 15)

    @settings(max_examples=30, deadline=None)
    @given(wanted=stage.filters(), sort=st.sampled_from(tuple(RANKS)))
    def check(wanted: MentionFilter, sort: str) -> None:
        expected = sorted(stage.expected(wanted), key=RANKS[sort], reverse=True)
        ids = [row.pk for row in expected]
        pages = list(stage.pages(wanted, sort))
        assert [mention.pk for found in pages for mention in found.page.mentions] == ids
        assert pages[0].count.number == count_mentions(brand=stage.brand, wanted=wanted).number == len(ids)
        assert set(filter_mentions(brand=stage.brand, wanted=wanted).values_list("pk", flat=True)) == set(ids)
        facets = pages[0].facets
        assert facets.number == len(ids)
        assert {name: +getattr(facets, name) for name in facets_of([])} == facets_of(expected)

    check()


@pytest.mark.parametrize("surely_more", [0, 2], ids=["common", "rare"])
def test_what_is_not_looked_at_at_once_is_found_further_back(
    organization: Organization, monkeypatch: pytest.MonkeyPatch, surely_more: int
) -> None:
    """As with millions of mentions: `common` as if a sample had said that there are too many to count."""
    stage = Stage(organization, ZONES[0])
    for name, value in (
        ("IN_THE_INDEX", 20),
        ("SORTED_AT_ONCE", 20),
        ("IN_THE_TABLE", 5),
        ("SURELY_MORE", surely_more),
    ):
        monkeypatch.setattr(finding, name, value)
    monkeypatch.setattr(paging, "PAGE_SIZE", 5)

    @settings(max_examples=20, deadline=None)
    @given(wanted=stage.filters())
    def check(wanted: MentionFilter) -> None:
        ids = [row.pk for row in sorted(stage.expected(wanted), key=RANKS["time"], reverse=True)]
        pages = list(stage.pages(wanted, "time"))
        assert [mention.pk for found in pages for mention in found.page.mentions] == ids
        for found in pages:
            looked = replace(wanted, period=found.look.days)
            if not found.count.more:
                assert found.facets.number == len(stage.expected(looked))

    check()


def test_beyond_what_is_counted_exactly_the_newest_are_told_apart(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(organization, ZONES[0])
    most = 10
    for name, value in (("COUNTED_EXACTLY", most), ("IN_THE_TABLE", 5)):
        monkeypatch.setattr(finding, name, value)
    monkeypatch.setattr(paging, "PAGE_SIZE", 5)

    @settings(max_examples=40, deadline=None)
    @given(wanted=stage.filters(), sort=st.sampled_from(tuple(RANKS)))
    def check(wanted: MentionFilter, sort: str) -> None:
        expected = sorted(stage.expected(wanted), key=RANKS["time"], reverse=True)
        found = stage.find(wanted, Place(sort))
        within = replace(wanted, period=found.look.days)
        looked = [row for row in expected if holds(row, within, stage.versions)]
        counted = expected if is_looked_up(wanted) else looked
        assert found.count.more == (found.count.number < len(counted))
        assert found.count.number >= min(len(counted), most)
        told = found.facets.number
        assert told >= min(len(looked), most)
        assert found.is_all <= (told == len(expected))
        assert {name: +getattr(found.facets, name) for name in facets_of([])} == facets_of(looked[:told])

    check()


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ("coffee AND (", 11),
        ('say "coffee', 4),
        ("coffee OR", 7),
        ("lnag:en coffee", 0),
        ("coffee NEAR/x tea", 7),
    ],
)
def test_a_search_that_cannot_be_read_says_where_and_keeps_what_was_typed(
    brand: Brand, viewer: User, sign_in: SignIn, organization: Organization, typed: str, position: int
) -> None:
    error = search_error(typed)
    page = sign_in(viewer).get(f"/o/{organization.slug}/mentions/", {"q": typed}).content.decode()

    assert error is not None
    assert error.position == position
    assert f'value="{escape(typed)}"' in page
    assert escape(error.message) in page
    assert "Nothing was searched" in page


@pytest.mark.parametrize(
    "typed", ["coffee, tea", "is it open?", "https://example.com/a", "50% off!", "-coffee"]
)
def test_what_uses_no_sign_of_the_language_is_plain_words(typed: str) -> None:
    assert search_error(typed) is None


def test_an_hour_of_a_day_on_which_the_clocks_go_back_is_named_by_its_offset(
    organization: Organization,
) -> None:
    organization.time_zone = "Europe/Berlin"
    query = urlencode(
        {"from": "2026-10-25T02:00+01:00", "to": "2026-10-25T03:00+01:00", "has": "link", "sort": "reach"}
    )
    choice = Choice(organization, QueryDict(query))

    assert choice.wanted.since == datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert choice.wanted.until == datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert (choice.period.first, choice.period.last) == (date(2026, 10, 25), date(2026, 10, 25))
    assert (choice.sort, choice.wanted.only_links) == ("reach", True)
