"""The next page is read while one is written, and nothing else changes by it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organization
from monitoring.listening.collecting.claiming import claim_source
from monitoring.listening.collecting.running import Collection, HeardPage, begin_run, write_page
from monitoring.listening.collecting.walking import PAGES_PER_RUN, walk_pages
from monitoring.listening.models import Brand, Mention, Outcome, Source
from monitoring.platforms.errors import Unavailable, UnexpectedResponse
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.types import Cursor, Page, Post, SearchRequest
from tests.listening.platform_of_lists import PlatformOfLists, make_post

PATIENCE = 10  # seconds


@dataclass(frozen=True)
class NumberedPage:
    number: int
    next_cursor: str | None


def numbered(cursor: str | None, *, pages: int = 1_000) -> NumberedPage:
    number = int(cursor or 0)
    return NumberedPage(number, str(number + 1) if number + 1 < pages else None)


def test_the_next_page_is_read_while_this_one_is_written() -> None:
    asked = [threading.Event() for _ in range(PAGES_PER_RUN)]

    def read(cursor: str | None) -> NumberedPage:
        page = numbered(cursor)
        asked[page.number].set()
        return page

    def write(page: NumberedPage) -> bool:
        return page.number == 2 or not asked[page.number + 1].wait(PATIENCE)

    assert walk_pages(read, write, cursor=None, reads_ahead=lambda page: page.number < 2)
    assert [event.is_set() for event in asked[:4]] == [True, True, True, False]


def test_a_run_reads_no_more_than_its_share() -> None:
    asked: list[str | None] = []

    def read(cursor: str | None) -> NumberedPage:
        asked.append(cursor)
        return numbered(cursor)

    assert not walk_pages(read, lambda page: False, cursor=None, reads_ahead=lambda page: True)
    assert len(asked) == PAGES_PER_RUN


def test_what_goes_wrong_ahead_is_said_after_the_page_is_written() -> None:
    written: list[int] = []

    def read(cursor: str | None) -> NumberedPage:
        if cursor:
            raise Unavailable("Gone to lunch.")
        return numbered(cursor)

    def write(page: NumberedPage) -> bool:
        written.append(page.number)
        return False

    with pytest.raises(Unavailable):
        walk_pages(read, write, cursor=None, reads_ahead=lambda page: True)
    assert written == [0]


def test_a_circle_is_not_walked_ahead() -> None:
    asked: list[str | None] = []

    def read(cursor: str | None) -> NumberedPage:
        asked.append(cursor)
        return NumberedPage(0, "1")

    with pytest.raises(UnexpectedResponse):
        walk_pages(read, lambda page: False, cursor=None, reads_ahead=lambda page: True)
    assert asked == [None, "1"]


@dataclass
class WatchedPlatform(PlatformOfLists):
    """Notes from which threads it is asked."""

    threads: set[threading.Thread] = field(default_factory=set)

    def answer(self, request: SearchRequest, cursor: Cursor | None) -> Page[Post]:
        self.threads.add(threading.current_thread())
        return super().answer(request, cursor)


def five_posts() -> list[Post]:
    return [make_post(f"p{number}", age=timedelta(hours=number)) for number in range(5)]


@pytest.mark.django_db
def test_a_source_that_is_read_ahead_gets_every_post_with_one_request_a_page(
    brand: Brand, source: Source
) -> None:
    platform = WatchedPlatform(five_posts())

    assert platform.collect(source) == Outcome.COLLECTED
    assert [cursor for _request, cursor in platform.requests] == [None, "2", "4"]
    assert len(platform.threads) == 2
    assert Mention.objects.filter(brand=brand).count() == 5


@pytest.mark.django_db
def test_an_account_is_asked_by_the_thread_that_has_the_database(
    brand: Brand, source: Source, organization: Organization
) -> None:
    source.account = ConnectedAccount.objects.create(organization=organization, platform=source.platform)
    source.save()
    platform = WatchedPlatform(five_posts())

    assert platform.collect(source) == Outcome.COLLECTED
    assert platform.threads == {threading.current_thread()}


@pytest.mark.django_db
def test_who_leaves_after_a_page_was_read_gets_nothing_of_it(brand: Brand, source: Source) -> None:
    claim = claim_source(source.pk)
    assert claim
    collection = Collection(source, claim, begin_run(source))
    page = Page(items=tuple(five_posts()), next_cursor="5")
    heard = collection.listeners().hear(page.items)
    brand.keywords.update(paused_at=timezone.now())

    assert not write_page(collection, HeardPage(page, heard))
    assert not Mention.objects.exists()


@pytest.mark.django_db
def test_who_joins_after_a_page_was_read_gets_all_of_it(brand: Brand, source: Source) -> None:
    claim = claim_source(source.pk)
    assert claim
    collection = Collection(source, claim, begin_run(source))
    heard = replace(collection.listeners(), brands={}).hear([])
    page = Page(items=tuple(five_posts()), next_cursor="5")

    assert not write_page(collection, HeardPage(page, heard))
    assert Mention.objects.filter(brand=brand).count() == 5
