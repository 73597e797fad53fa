"""An edited keyword, applied to what is stored: afterwards all stands as if somebody had looked at each mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.analysis.matching import Matcher
from monitoring.analysis.queries import parse
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.keywords import replaying
from monitoring.listening.keywords.replaying import claim_replay, document, left_replays, run_replay
from monitoring.listening.models import (
    Brand,
    BrandKind,
    Keyword,
    Mention,
    MentionStatus,
    MutedAuthor,
    Replay,
)
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.services.brands import create_brand
from monitoring.listening.services.keywords import change_keyword, create_keyword, delete_keyword
from monitoring.listening.services.replays import apply_replay, begin_replay
from tests.listening.platform_of_lists import make_post

OPEN, ARCHIVED, NOT_ABOUT_US, MUTED, _REMOVED, UNMATCHED, _ANSWERED = MentionStatus
WORDS = ("halden", "coffee", "norway", "beans")
QUERIES = ("halden", "halden -norway", "coffee OR beans", "halden coffee", "beans platform:mastodon")
EDITS = st.tuples(st.integers(0, 1), st.sampled_from(QUERIES), st.booleans())
SORTED_OUT = st.tuples(st.integers(0, 11), st.sampled_from([OPEN, ARCHIVED, NOT_ABOUT_US, MUTED]))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
POSTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=4, max_size=12)


def hear(brand: Brand, texts: Sequence[str], *, first: int = 0) -> None:
    posts = [make_post(f"{first + number}", text) for number, text in enumerate(texts)]
    with transaction.atomic():
        lock_brands([brand.pk])
        found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
        store_mentions(platform="bluesky", source_id=None, found=found)


def look_at_the_past(keyword: Keyword) -> Replay:
    replay = begin_replay(keyword=keyword, by=None)
    return walk(replay)


def walk(replay: Replay) -> Replay:
    claimed = claim_replay(replay_id=replay.pk)
    assert claimed is not None
    run_replay(replay=claimed)
    return Replay.objects.get(pk=replay.pk)


def apply_to_the_past(keyword: Keyword) -> Replay:
    counted = look_at_the_past(keyword)
    assert apply_replay(replay=counted)
    applied = walk(counted)
    assert applied.state == Replay.State.DONE
    assert moves(applied) == moves(counted)
    return applied


def moves(replay: Replay) -> tuple[int, int, int]:
    return replay.leaving, replay.returning, replay.joining


class Paper:
    """What should become of each mention, one at a time: found by whom, and with which status."""

    def __init__(self, brand: Brand) -> None:
        self.brand = brand
        self.found = {mention.pk: set(mention.keyword_versions) for mention in brand.mentions.all()}
        self.status = {mention.pk: mention.status for mention in brand.mentions.all()}
        self.before_leaving: dict[int, int] = {}

    def apply(self, keyword: Keyword) -> Counter[str]:
        moved: Counter[str] = Counter()
        own = set(keyword.versions.values_list("pk", flat=True))
        current = {version.pk: version.query for each in self.brand.keywords.all()
                   for version in each.versions.filter(replaced_at=None)}  # fmt: skip
        version = keyword.versions.get(replaced_at=None).pk
        for mention in self.brand.mentions.all():
            matching = {key for key, query in current.items()
                        if Matcher({key: parse(query)}).match(document(mention))}  # fmt: skip
            held, was_ours = self.found[mention.pk] - own, bool(self.found[mention.pk] & own)
            if version in matching:
                self.found[mention.pk] = held | {version}
                self._come_back(mention.pk, moved, is_new=not was_ours)
            elif was_ours:
                self.found[mention.pk] = held or matching
                if not self.found[mention.pk] and self.status[mention.pk] in (OPEN, ARCHIVED):
                    self.before_leaving[mention.pk] = self.status[mention.pk]
                    self.status[mention.pk] = UNMATCHED
                    moved["leaving"] += 1
        return moved

    def _come_back(self, key: int, moved: Counter[str], *, is_new: bool) -> None:
        if self.status[key] == UNMATCHED:
            self.status[key] = self.before_leaving.pop(key)
            moved["returning"] += 1
        elif self.status[key] in (OPEN, ARCHIVED) and is_new:
            moved["joining"] += 1

    def sort_out(self, key: int, status: int) -> None:
        if self.status[key] != UNMATCHED:
            self.status[key] = status


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=POSTS, edits=st.lists(st.tuples(EDITS, SORTED_OUT), min_size=1, max_size=5))
def test_after_any_edits_everything_stands_as_a_person_with_paper_would_have_it(
    organization: Organization,
    batches_of_three: None,
    posts: list[list[str]],
    edits: list[tuple[tuple[int, str, bool], tuple[int, int]]],
) -> None:
    with transaction.atomic():
        brand = create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
        keywords = [
            create_keyword(brand=brand, query=query, by=None, platforms=["bluesky"])
            for query in ("halden", "coffee OR beans")
        ]
        hear(brand, [" ".join(words) for words in posts])
        paper = Paper(brand)
        for (which, query, reaches_back), (place, status) in edits:
            change_keyword(keyword=keywords[which], query=query, by=None, platforms=["bluesky"])
            if reaches_back:
                replay, expected = apply_to_the_past(keywords[which]), paper.apply(keywords[which])
                assert moves(replay) == tuple(expected[name] for name in ("leaving", "returning", "joining"))
            key = sorted(paper.found)[place % len(paper.found)]
            paper.sort_out(key, status)
            Mention.objects.filter(pk=key).exclude(status=UNMATCHED).update(status=status)

        for mention in brand.mentions.all():
            assert set(mention.keyword_versions) == paper.found[mention.pk]
            assert mention.status == paper.status[mention.pk]
            assert mention.is_counted == (mention.status in (OPEN, ARCHIVED))
        assert miscounted_rows(organization=organization) == 0
        transaction.set_rollback(True)


@pytest.fixture
def batches_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three: so that a walk has several."""
    monkeypatch.setattr(replaying, "BATCH", 3)


@pytest.fixture
def keyword(organization: Organization) -> Keyword:
    brand = create_brand(organization=organization, name="Halden Coffee", kind=BrandKind.OWN)
    keyword = create_keyword(brand=brand, query="halden", by=None, platforms=["bluesky"])
    hear(brand, ["halden coffee", "halden norway", "halden", "halden beans norway", "coffee", "halden x"])
    return keyword


@pytest.mark.django_db
def test_changing_back_brings_everything_back_as_it_was(keyword: Keyword) -> None:
    Mention.objects.filter(text="halden norway").update(status=ARCHIVED)
    before = [(mention.pk, mention.status) for mention in keyword.brand.mentions.order_by("pk")]
    change_keyword(keyword=keyword, query="halden -norway", by=None, platforms=["bluesky"])
    gone = apply_to_the_past(keyword)
    assert (gone.leaving, keyword.brand.mentions.filter(is_counted=True).count()) == (2, 3)
    assert set(gone.shown_leaving) == set(
        keyword.brand.mentions.filter(status=UNMATCHED).values_list("pk", flat=True)
    )

    change_keyword(keyword=keyword, query="halden", by=None, platforms=["bluesky"])
    assert apply_to_the_past(keyword).returning == 2
    assert [(mention.pk, mention.status) for mention in keyword.brand.mentions.order_by("pk")] == before


@pytest.mark.django_db
def test_what_was_set_aside_comes_back_when_another_keyword_finds_it_again(keyword: Keyword) -> None:
    change_keyword(keyword=keyword, query="halden -norway", by=None, platforms=["bluesky"])
    apply_to_the_past(keyword)
    create_keyword(brand=keyword.brand, query="beans", by=None, platforms=["bluesky"])
    hear(keyword.brand, ["halden beans norway"], first=3)

    again = keyword.brand.mentions.get(text="halden beans norway")
    assert (again.status, again.is_counted) == (OPEN, True)
    assert miscounted_rows(organization=keyword.organization) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["the edit is taken back", "it is collected again"])
def test_what_a_muted_author_said_comes_back_muted(keyword: Keyword, way: str) -> None:
    change_keyword(keyword=keyword, query="halden -norway", by=None, platforms=["bluesky"])
    apply_to_the_past(keyword)
    gone = keyword.brand.mentions.get(text="halden beans norway")
    MutedAuthor.objects.create(organization=keyword.organization, author_key=gone.author_key)
    if way == "it is collected again":
        create_keyword(brand=keyword.brand, query="beans", by=None, platforms=["bluesky"])
        hear(keyword.brand, ["halden beans norway"], first=3)
    else:
        change_keyword(keyword=keyword, query="halden", by=None, platforms=["bluesky"])
        apply_to_the_past(keyword)

    gone.refresh_from_db()
    assert gone.status == MentionStatus.MUTED
    assert miscounted_rows(organization=keyword.organization) == 0


@pytest.mark.django_db
def test_an_edit_for_some_platforms_parts_with_the_others_and_what_other_keywords_hold_stays(
    keyword: Keyword,
) -> None:
    deleted = create_keyword(brand=keyword.brand, query="beans", by=None, platforms=["bluesky"])
    apply_to_the_past(deleted)
    delete_keyword(keyword=deleted)  # its mentions stay
    change_keyword(keyword=keyword, query="halden", by=None, platforms=["mastodon"])
    assert apply_to_the_past(keyword).leaving == 4
    assert [mention.text for mention in keyword.brand.mentions.filter(is_counted=True)] == [
        "halden beans norway"
    ]


@pytest.mark.django_db
def test_an_edit_stops_what_was_begun_and_a_worker_that_comes_late_changes_nothing(
    keyword: Keyword, batches_of_three: None
) -> None:
    change_keyword(keyword=keyword, query="halden -norway", by=None, platforms=["bluesky"])
    replay = look_at_the_past(keyword)
    apply_replay(replay=replay)
    claimed = claim_replay(replay_id=replay.pk)
    assert claimed is not None
    change_keyword(keyword=keyword, query="halden", by=None, platforms=["bluesky"])
    run_replay(replay=claimed)

    assert Replay.objects.get(pk=replay.pk).state == Replay.State.STOPPED
    assert keyword.brand.mentions.filter(status=UNMATCHED).count() == 0


class Death(BaseException):
    """A process that is killed hears nothing and cleans nothing up."""


def dies_before_statement(number: int, replay: Replay) -> bool:
    """False where the walk was over before."""
    executed = 0

    def die(execute: Callable[..., object], sql: str, *rest: object) -> object:
        nonlocal executed
        is_ours = "SAVEPOINT" not in sql  # the server undoes by itself what was not committed
        executed += is_ours
        if is_ours and executed > number:
            raise Death
        return execute(sql, *rest)

    try:
        with connection.execute_wrapper(die):
            run_replay(replay=replay)
    except Death:
        return True
    return False


@pytest.mark.django_db
def test_a_walk_that_broke_off_anywhere_is_finished_by_the_next_worker(
    keyword: Keyword, batches_of_three: None
) -> None:
    """The worker dies before each single statement in turn; nothing is counted twice, nothing left out."""
    change_keyword(keyword=keyword, query="halden -norway", by=None, platforms=["bluesky"])
    replay = look_at_the_past(keyword)
    deaths, dies = 0, True
    while dies:
        point = transaction.savepoint()
        apply_replay(replay=replay)
        claimed = claim_replay(replay_id=replay.pk)
        assert claimed is not None
        dies = dies_before_statement(deaths, claimed)
        if dies:
            Replay.objects.filter(pk=replay.pk).update(lease_until=LONG_AGO)
            assert left_replays() == [replay.pk]
            walk(replay)
        finished = Replay.objects.get(pk=replay.pk)
        assert (finished.state, finished.done, finished.leaving) == (Replay.State.DONE, 5, 2)
        assert keyword.brand.mentions.filter(is_counted=True).count() == 3
        transaction.savepoint_rollback(point)
        deaths += 1
    assert deaths > 10
