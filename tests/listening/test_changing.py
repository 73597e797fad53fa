"""What people do to mentions, one or many at once: it counts at once, can be undone, and survives a killed worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.models import AuditEvent, Organization, User
from monitoring.listening.changing.working import (
    begin_burying,
    claim_change,
    forget_changes,
    left_changes,
    work_on,
)
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import (
    Brand,
    BulkChange,
    ChangeAct,
    Mention,
    MentionStatus,
    MutedAuthor,
    Source,
)
from monitoring.listening.models.mentions import Tone
from monitoring.listening.rollups import miscounted_rows
from monitoring.listening.selectors.counts import sum_period
from monitoring.listening.services.changes import change_matching, change_selected, undo_change, unmute_author
from monitoring.listening.services.tags import delete_tag, find_or_create_tag
from monitoring.listening.showing.choosing import Choice
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import make_post

pytestmark = pytest.mark.django_db

State = BulkChange.State
TEXTS = ("I love Halden, best #coffee ever", "Halden is awful", "Halden opens at nine")


def store(brand: Brand, first: int, count: int, *, author: str = "") -> None:
    posts = [
        make_post(
            f"p{number}", TEXTS[number % 3], age=timedelta(minutes=number), author=author or f"a{number % 5}"
        )
        for number in range(first, first + count)
    ]
    found = listeners_for(platform="bluesky", brand_ids=[brand.pk]).find(posts)
    with transaction.atomic():
        lock_brands([brand.pk])
        store_mentions(platform="bluesky", source_id=None, found=found)


def looking_at(brand: Brand, query: str = "") -> Choice:
    return Choice(brand.organization, QueryDict(f"brand={brand.pk}&{query}"))


def ids(brand: Brand, **wanted: object) -> list[int]:
    return list(Mention.objects.filter(brand=brand, **wanted).order_by("pk").values_list("pk", flat=True))


def statuses(brand: Brand) -> list[int]:
    return list(Mention.objects.filter(brand=brand).order_by("pk").values_list("status", flat=True))


def counted(brand: Brand) -> int:
    assert miscounted_rows(organization=brand.organization) == 0
    return sum_period(brands=[brand], period=looking_at(brand).period).mentions


def finish(change: BulkChange) -> BulkChange:
    claimed = claim_change(change_id=change.pk)
    assert claimed
    assert work_on(claimed)
    return claimed


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of four, and a worker for more than six: what holds for these holds for thousands."""
    monkeypatch.setattr("monitoring.listening.changing.planning.BATCH", 4)
    monkeypatch.setattr("monitoring.listening.services.changes.AT_ONCE", 6)


@pytest.mark.parametrize(
    ("act", "value", "counts"),
    [
        (ChangeAct.ANSWER, None, 6),
        (ChangeAct.ARCHIVE, None, 6),
        (ChangeAct.NOT_ABOUT_US, None, 3),
        (ChangeAct.DELETE, None, 3),
        (ChangeAct.JUDGE, Tone.NEGATIVE, 6),
    ],
)
def test_an_act_and_its_undoing_leave_what_was(
    brand: Brand, owner: User, act: ChangeAct, value: int | None, counts: int
) -> None:
    store(brand, 0, 6)
    before = list(Mention.objects.order_by("pk").values())
    change = change_selected(
        organization=brand.organization, act=act, value=value, ids=ids(brand)[:3], by=owner
    )

    assert (change.state, change.rows, counted(brand)) == (State.DONE, 3, counts)
    assert list(Mention.objects.order_by("pk").values()) != before
    assert undo_change(change=change)
    assert counted(brand) == 6
    assert list(Mention.objects.order_by("pk").values()) == before
    assert not undo_change(change=change)


def test_undoing_restores_only_what_nobody_changed_since(brand: Brand, owner: User) -> None:
    store(brand, 0, 3)
    first, second, third = ids(brand)

    def do(act: ChangeAct, *chosen: int) -> BulkChange:
        return change_selected(organization=brand.organization, act=act, ids=chosen, by=owner)

    archived = do(ChangeAct.ARCHIVE, first, second, third)
    do(ChangeAct.NOT_ABOUT_US, first)
    do(ChangeAct.PUT_BACK, second)
    again = do(ChangeAct.ARCHIVE, second)  # archived as before, but not by the act that is undone
    undo_change(change=archived)

    assert statuses(brand) == [MentionStatus.NOT_ABOUT_US, MentionStatus.ARCHIVED, MentionStatus.OPEN]
    archived.refresh_from_db()
    assert (archived.changed, archived.restored) == (3, 1)
    assert undo_change(change=again)
    assert counted(brand) == 2


def test_everything_that_matches_is_what_matched_when_somebody_asked(
    brand: Brand, owner: User, small_batches: None
) -> None:
    store(brand, 0, 30)
    change = change_matching(choice=looking_at(brand, "tone=negative"), act=ChangeAct.ARCHIVE, by=owner)
    assert (change.state, change.is_planned, statuses(brand)) == (State.RUNNING, False, [0] * 30)
    store(brand, 30, 9)  # three of these match as well, and came later
    done = finish(change)

    assert (done.state, done.rows, done.done, done.changed) == (State.DONE, 10, 10, 10)
    archived = Mention.objects.filter(status=MentionStatus.ARCHIVED)
    assert set(archived.values_list("tone", flat=True)) == {Tone.NEGATIVE}
    assert max(archived.values_list("pk", flat=True)) <= ids(brand)[29]
    event = AuditEvent.objects.get(subject_kind="mention")
    assert event.actor == owner
    assert event.after["mentions"] == 10
    assert "tone=negative" in str(event.after["filter"])


def test_a_muted_author_is_silent_until_unmuted(brand: Brand, source: Source, owner: User) -> None:
    organization = brand.organization
    other = listen(organization, source, name="Other", query="halden")
    store(brand, 0, 3, author="loud")
    store(brand, 3, 2, author="calm")
    store(other, 0, 2, author="loud")
    change = change_selected(organization=organization, act=ChangeAct.MUTE, ids=ids(brand)[:1], by=owner)
    store(brand, 5, 1, author="loud")  # arrives muted

    assert (counted(brand), counted(other)) == (2, 0)
    assert undo_change(change=change)
    assert (counted(brand), counted(other), MutedAuthor.objects.count()) == (6, 2, 0)

    change_selected(organization=organization, act=ChangeAct.MUTE, ids=ids(brand)[:1], by=owner)
    unmute_author(author=MutedAuthor.objects.get(), by=owner)
    store(brand, 6, 1, author="loud")
    assert (counted(brand), MutedAuthor.objects.count()) == (7, 0)


def test_tags_come_and_go_with_what_they_were_on(brand: Brand, owner: User) -> None:
    store(brand, 0, 3)
    organization, chosen = brand.organization, ids(brand)
    tag = find_or_create_tag(organization=organization, name=" Launch ")
    assert find_or_create_tag(organization=organization, name="launch") == tag

    def do(act: ChangeAct, *mentions: int) -> BulkChange:
        return change_selected(organization=organization, act=act, value=tag.pk, ids=mentions, by=owner)

    do(ChangeAct.TAG, chosen[0])
    both = do(ChangeAct.TAG, *chosen[:2])
    assert ids(brand, tags=[tag.pk]) == chosen[:2]
    undo_change(change=both)
    assert ids(brand, tags=[tag.pk]) == chosen[:1]  # that one had it before
    delete_tag(tag=tag, by=owner)
    assert ids(brand, tags=[]) == chosen


def test_what_is_deleted_is_buried_an_hour_later_for_good(brand: Brand, owner: User) -> None:
    store(brand, 0, 3)
    change = change_selected(
        organization=brand.organization, act=ChangeAct.DELETE, ids=ids(brand)[:2], by=owner
    )
    assert begin_burying() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert begin_burying() == 1
        assert left_changes() == [change.pk]
        assert finish(change).state == State.BURIED
        assert not undo_change(change=change)
    buried = Mention.objects.exclude(deleted_at=None)

    assert list(buried.values_list("text", "author_key", "author_name")) == [("", "", "")] * 2
    store(brand, 0, 3)  # polling does not bring them back
    assert counted(brand) == 1
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        forget_changes()
    assert not BulkChange.objects.exists()


class Killed(Exception):
    pass


def killing(after: int) -> Callable[..., object]:
    """A worker that dies right before its so-many-th statement."""
    left = iter(range(after, -1, -1))

    def run(
        execute: Callable[..., object], sql: str, parameters: object, many: bool, context: object
    ) -> object:
        if next(left, 0) == 0:
            raise Killed
        return execute(sql, parameters, many, context)

    return run


def dies_everywhere(change: BulkChange) -> Iterator[int]:
    """Work on a change with workers that live one statement longer each time, until one comes to the end."""
    for lives in range(1, 200):
        BulkChange.objects.filter(pk=change.pk).update(lease_until=None, attempts=0)
        claimed = claim_change(change_id=change.pk)
        if claimed is None:
            return
        try:
            with connection.execute_wrapper(killing(lives)):
                work_on(claimed)
        except Killed:
            yield lives


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [ChangeAct.ARCHIVE, ChangeAct.MUTE, ChangeAct.DELETE])
def test_a_killed_worker_loses_nothing_and_does_nothing_twice(
    brand: Brand, owner: User, small_batches: None, act: ChangeAct
) -> None:
    store(brand, 0, 14)
    before = list(Mention.objects.order_by("pk").values())
    change = change_matching(choice=looking_at(brand), act=act, by=owner)

    assert sum(1 for _death in dies_everywhere(change)) > 5
    change.refresh_from_db()
    assert (change.state, change.rows, change.done, change.changed) == (State.DONE, 14, 14, 14)
    assert counted(brand) == (14 if act == ChangeAct.ARCHIVE else 0)
    assert AuditEvent.objects.filter(subject_kind="mention").count() == 1
    assert undo_change(change=change)
    assert sum(1 for _death in dies_everywhere(change)) > 5
    change.refresh_from_db()
    assert (change.state, change.restored, counted(brand)) == (State.UNDONE, 14, 14)
    assert list(Mention.objects.order_by("pk").values()) == before


def test_who_lost_a_change_writes_nothing_more(brand: Brand, owner: User, small_batches: None) -> None:
    store(brand, 0, 10)
    change = change_matching(choice=looking_at(brand), act=ChangeAct.ARCHIVE, by=owner)
    mine = claim_change(change_id=change.pk)
    assert mine
    assert claim_change(change_id=change.pk) is None
    assert undo_change(change=change)  # while a worker is at it

    assert not work_on(mine)
    assert statuses(brand) == [MentionStatus.OPEN] * 10
    change.refresh_from_db()
    assert change.state == State.UNDONE


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_mentions_neither_lock_up_nor_miscount(
    organization: Organization, source: Source, owner: User, small_batches: None
) -> None:
    brands = [listen(organization, source, name=f"Brand {number}", query="halden") for number in range(2)]
    for brand in brands:
        store(brand, 0, 24)

    def change(writer: int) -> None:
        try:
            brand = brands[writer % 2]
            for number, act in enumerate((ChangeAct.ARCHIVE, ChangeAct.MUTE, ChangeAct.NOT_ABOUT_US)):
                store(brand, 24 + 10 * writer + number, 3)
                asked = change_matching(choice=looking_at(brand, "tone=positive"), act=act, by=owner)
                worked = claim_change(change_id=asked.pk)
                if worked:
                    work_on(worked)
                undo_change(change=BulkChange.objects.get(pk=asked.pk))
                left = claim_change(change_id=asked.pk)
                if left:
                    work_on(left)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))

    assert set(BulkChange.objects.values_list("state", flat=True)) == {State.UNDONE}
    assert miscounted_rows(organization=organization) == 0


def test_nothing_is_taken_from_strangers(
    brand: Brand, strangers_organization: Organization, stranger: User
) -> None:
    store(brand, 0, 2)
    change = change_selected(
        organization=strangers_organization, act=ChangeAct.DELETE, ids=ids(brand), by=stranger
    )

    assert (change.rows, statuses(brand)) == (0, [MentionStatus.OPEN] * 2)
