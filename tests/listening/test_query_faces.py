"""The end point behind both faces of a query: text becomes words, words become text, a word is left out."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Organization, User
from tests.cast import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(owner: User, organization: Organization, sign_in: SignIn) -> Client:
    return sign_in(owner)


def check(client: Client, organization: Organization, **sent: str | list[str]) -> BeautifulSoup:
    answer = client.get(f"/o/{organization.slug}/keywords/check/", sent)
    return BeautifulSoup(answer.content, "html.parser")


def written(page: BeautifulSoup) -> str | None:
    found = page.select_one("[data-written]")
    return str(found["data-written"]) if found else None


def words(page: BeautifulSoup) -> dict[str, list[str]]:
    rows = page.select("[data-words]")
    return {
        str(row["data-words"]): [str(item["value"]) for item in row.select("input[type=hidden]")]
        for row in rows
    }


def test_text_comes_back_as_words(client: Client, organization: Organization) -> None:
    page = check(client, organization, query='(halden OR "Halden & Co") coffee -job lang:en')

    assert words(page) == {
        "any_of": ["halden", "halden & co"],
        "one_of": ["coffee"],
        "none_of": ["job"],
        "filters": ["lang:en"],
    }
    assert written(page) is None  # nobody's text is rewritten while they type


def test_words_come_back_as_text_and_stay_as_they_are(client: Client, organization: Organization) -> None:
    sent: dict[str, str | list[str]] = {
        "face": "words",
        "any_of": ["Halden", "Halden Coffee"],
        "none_of": ["job"],
        "query": "ignored",
    }
    page = check(client, organization, **sent)

    assert written(page) == '(Halden OR "Halden Coffee") -job'
    assert words(page) == {}


def test_words_that_cannot_be_read_say_where(client: Client, organization: Organization) -> None:
    page = check(client, organization, face="words", any_of=["#a-b"])
    alert = page.select_one("[role=alert]")

    assert alert is not None
    assert "A hashtag is #" in alert.text
    assert written(page) == "#a-b"


def test_a_word_is_left_out_by_one_button(client: Client, organization: Organization) -> None:
    page = check(client, organization, query="halden OR #halden", without="open position")

    assert written(page) == '(halden OR #halden) -"open position"'
    assert words(page)["none_of"] == ["open position"]


def test_text_that_cannot_be_read_leaves_the_words_alone(client: Client, organization: Organization) -> None:
    page = check(client, organization, query='halden "coffee', without="job")

    assert page.select_one("[data-unreadable]")
    assert not page.select("#words")
    assert written(page) is None
