"""Platforms show some posts long after their date. They are found, and looking for them costs one page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Organization
from monitoring.listening.models import Mention, Outcome, Source
from monitoring.platforms.registry import connector_class
from tests.listening.conftest import listen
from tests.listening.platform_of_lists import PlatformOfLists, make_post, make_source

pytestmark = pytest.mark.django_db


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def listening_on(platform: str, organization: Organization) -> Source:
    source = make_source(platform=platform)
    listen(organization, source, name="Halden Coffee", query="halden")
    return source


def names() -> set[str]:
    return set(Mention.objects.values_list("external_id", flat=True))


@pytest.mark.parametrize("platform", ["mastodon", "lemmy", "feeds"])
def test_a_post_that_arrives_as_late_as_the_platform_says_is_found(
    platform: str, organization: Organization
) -> None:
    source = listening_on(platform, organization)
    lateness = connector_class(platform).platform.lateness
    lists = PlatformOfLists([make_post("newest", age=minutes(60))])
    lists.collect(source)
    lists.posts = [
        *lists.posts,
        make_post("late", age=lateness + minutes(50)),
        make_post("too late", age=lateness + minutes(70)),
    ]
    lists.page_size = 3
    lists.collect(source)

    assert names() == {"newest", "late"}


def test_where_posts_appear_at_once_only_the_overlap_is_read_again(organization: Organization) -> None:
    source = listening_on("bluesky", organization)
    lists = PlatformOfLists([make_post("newest", age=minutes(60))])
    lists.collect(source)
    lists.posts = [
        *lists.posts,
        make_post("in between", age=minutes(69)),
        make_post("too late", age=minutes(71)),
    ]
    lists.page_size = 3
    lists.collect(source)

    assert names() == {"newest", "in between"}


def test_looking_for_late_posts_costs_no_more_than_one_page_without_news(organization: Organization) -> None:
    source = listening_on("feeds", organization)
    lists = PlatformOfLists([make_post(f"p{number}", age=minutes(60 * number)) for number in range(2, 22)])
    lists.collect(source)
    lists.requests.clear()
    lists.posts = [make_post("new", age=minutes(60)), *lists.posts]

    assert lists.collect(source) == Outcome.COLLECTED
    assert [cursor for _request, cursor in lists.requests] == [None, "2"]
    assert "new" in names()


def test_a_page_of_old_posts_with_a_new_one_among_them_leads_on(organization: Organization) -> None:
    source = listening_on("feeds", organization)
    lists = PlatformOfLists([make_post(f"p{number}", age=minutes(60 * number)) for number in range(1, 11)])
    lists.collect(source)
    lists.requests.clear()
    arrived = [make_post(f"late{number}", age=minutes(60 * number + 30)) for number in (1, 2, 3)]
    lists.posts = [*lists.posts, *arrived]
    lists.collect(source)

    assert {"late1", "late2", "late3"} <= names()
    assert [cursor for _request, cursor in lists.requests] == [None, "2", "4", "6"]
