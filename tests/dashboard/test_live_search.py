from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
from celery import Celery
from django.test import Client

from accounts.models import User
from monitoring.dashboard.live_search import Found, query_of, score_posts
from monitoring.dashboard.live_search_views import A_MINUTE_EACH
from monitoring.listening.models import Mention, Source
from monitoring.listening.rehearsing.asking import Example
from monitoring.platforms.registry import CONNECTORS
from monitoring.platforms.types import Post
from tests.cast import SignIn
from tests.e2e.made_up_bluesky import made_up_bluesky
from tests.listening.platform_of_lists import make_post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@pytest.fixture
def bluesky(settings: Any, eager_tasks: Celery, empty_redis: redis.Redis) -> Iterator[None]:
    """Only Bluesky answers; the search is switched on."""
    settings.PUBLIC_SEARCH = True
    with made_up_bluesky() as server:
        settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, "http://127.0.0.1:9") | {"bluesky": server.url}
        settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1"]
        yield


def read(client: Client, name: str, status: int = 200) -> str:
    answer = client.get("/search/", {"q": name})
    assert answer.status_code == status
    return answer.content.decode()


def test_it_is_off_until_the_operator_switches_it_on(client: Client) -> None:
    assert client.get("/search/").status_code == 404
    assert client.get("/search/0123456789abcdef0123456789abcdef/").status_code == 404
    assert "/search/" not in client.get("/account/login/").content.decode()


def test_anybody_sees_what_people_say_and_nothing_is_stored(client: Client, bluesky: None) -> None:
    read(client, "Halden Coffee")
    page = read(client, "Halden Coffee")  # the answers are there by now

    assert "4 posts in the last 168 hours." in page
    assert "I love <mark>Halden Coffee</mark>, best beans in town" in page
    assert "A post about something else entirely" not in page
    assert "4 of 168" in page  # strength
    assert "4 people, 4 mentions" in page
    assert "not reached" in page  # the other platforms
    assert not Mention.objects.exists()
    assert not Source.objects.exists()


def test_keeping_watch_leads_to_a_business_of_that_name(
    client: Client, bluesky: None, stranger: User, sign_in: SignIn, settings: Any
) -> None:
    assert "/account/login/?next=%2Fstart%2Fbusiness%2F%3Fname%3DHalden" in read(client, "Halden")
    settings.SIGN_UP = "open"
    assert "/account/signup/?next=%2Fstart%2Fbusiness%2F%3Fname%3DHalden" in read(client, "Halden")
    assert 'value="Halden"' in sign_in(stranger).get("/start/business/?name=Halden").content.decode()


@pytest.mark.parametrize("name", ["-", "…", "( (", "*"])
def test_what_cannot_be_searched_for_is_said_and_kept(client: Client, bluesky: None, name: str) -> None:
    assert "We cannot search for" in read(client, name, 422)


def test_many_searches_must_wait(client: Client, bluesky: None) -> None:
    for number in range(A_MINUTE_EACH):
        read(client, f"name {number}")
    answer = client.get("/search/", {"q": "one more"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert 'value="one more"' in answer.content.decode()


def test_answers_of_an_organization_are_nobody_elses(
    client: Client, bluesky: None, owner: User, organization: Any, sign_in: SignIn
) -> None:
    own = sign_in(owner).post(
        f"/o/{organization.slug}/keywords/rehearsals/", {"query": "halden"}, headers={"HX-Request": "true"}
    )
    key = own.content.decode().partition("rehearsals/")[2].partition("/")[0]
    assert len(key) == 32
    assert client.get(f"/search/{key}/").status_code == 404


def test_hostile_names_are_text(client: Client, bluesky: None) -> None:
    page = read(client, "<script>alert(1)</script>\0")
    assert "<script>alert" not in page


def test_scores_count_only_what_all_platforms_reach_back_to() -> None:
    posts = [
        make_post("a", author="jo"),
        make_post("b", author="jo"),
        make_post("c", author="ada"),
        make_post("d", author="old"),
    ]
    ages = (1, 2, 3, 50)
    found = [
        Found("bluesky", Example(_aged(post, age), (), "positive"))
        for post, age in zip(posts, ages, strict=True)
    ]
    scores = score_posts(found, since=NOW - timedelta(hours=10), hours=10)
    assert (scores.mentions, scores.people, scores.people_again, scores.hours) == (3, 2, 1, 3)
    assert scores.strength == 0.3


def test_a_name_becomes_a_phrase() -> None:
    query = query_of("Blue  Bottle")
    assert query is not None
    assert query.text == '"Blue Bottle" OR #bluebottle'


def _aged(post: Post, hours: int) -> Post:
    return replace(post, published_at=NOW - timedelta(hours=hours))


def test_no_answer_is_not_nobody_speaking_and_is_asked_again(
    client: Client, bluesky: None, settings: Any, empty_redis: redis.Redis
) -> None:
    working = settings.PLATFORM_URLS
    settings.PLATFORM_URLS = dict.fromkeys(CONNECTORS, "http://127.0.0.1:9")
    read(client, "Halden Coffee")
    page = read(client, "Halden Coffee")
    assert "No platform could be reached" in page
    assert "Nobody spoke of it" not in page
    assert "0 posts" not in page
    kept = [empty_redis.ttl(key) for key in empty_redis.scan_iter("*rehearsal:*:bluesky")]
    assert kept
    assert max(kept) <= 60  # seconds

    empty_redis.flushdb()
    settings.PLATFORM_URLS = working
    read(client, "Halden Coffee")
    assert "4 posts" in read(client, "Halden Coffee")
