"""What a stranger's server may say of one post does not keep the others of its page away."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from monitoring.listening.models import Brand, Mention, Outcome, Source
from monitoring.platforms.bounds import LARGEST_COUNT, LONGEST_ID, LONGEST_SHORT_ID, LONGEST_TEXT
from monitoring.platforms.types import Author, Engagement, Post
from tests.listening.platform_of_lists import PlatformOfLists, make_post

pytestmark = pytest.mark.django_db

LARGEST_OF_A_COLUMN = 2**63 - 1


def noise(length: int, *, first: str = "\U00020000", letters: int = 40_000) -> str:
    """What no compression makes smaller, so that an index takes little of it."""
    chance = random.Random(length)
    return "".join(chr(ord(first) + chance.randrange(letters)) for _ in range(length))


def latin(length: int) -> str:
    return noise(length, first="a", letters=26)


def signed(**facts: Any) -> Post:
    return replace(make_post("a"), author=Author(**{"external_id": "jo", "handle": "jo", **facts}))


HOSTILE = {
    "the longest id": replace(make_post("a"), external_id=noise(LONGEST_ID // 4)),
    "the longest native id": make_post("a", native_id=noise(LONGEST_SHORT_ID // 4)),
    "the longest id of an author": signed(external_id=noise(LONGEST_SHORT_ID // 4)),
    "a long address": replace(make_post("a"), url=f"https://example.com/{latin(5000)}"),
    "a long title": make_post("a", title=noise(100_000)),
    "a long text": make_post("a", f"Halden {noise(LONGEST_TEXT + 1)}"),
    "a long community": make_post("a", community=noise(5000)),
    "a long parent": make_post("a", parent_id=noise(5000)),
    "a long thread": make_post("a", thread_id=noise(1000)),
    "a long language": make_post("a", language=latin(500)),
    "a long link": make_post("a", links=(f"https://example.com/{noise(5000)}",)),
    "a long handle": signed(handle=noise(5000)),
    "a long name": signed(name=noise(5000)),
    "a long address of the author": signed(url=f"https://example.com/{latin(5000)}"),
    "a long address of a picture": signed(avatar_url=f"https://example.com/{latin(5000)}"),
    "more followers than there are": signed(followers=LARGEST_OF_A_COLUMN),
    "more reactions than there are": make_post(
        "a",
        engagement=Engagement(likes=LARGEST_OF_A_COLUMN, replies=LARGEST_OF_A_COLUMN, views=2**70, shares=-1),
    ),
    "as many reactions as can be": make_post("a", engagement=Engagement(likes=LARGEST_COUNT, shares=LARGEST_COUNT)),
    "a long hashtag": make_post("a", f"Halden #{noise(5000)}"),
    "a long hashtag of few letters": make_post("a", f"Halden #{latin(20_000)}"),
    "a long word": make_post("a", f"Halden {latin(20_000)}"),
    "a long handle in the text": make_post("a", f"Halden @{latin(20_000)}"),
    "a long link in the text": make_post("a", f"Halden https://example.com/{latin(20_000)}"),
    "many hashtags": make_post("a", f"Halden {' '.join(f'#{latin(4)}{number}' for number in range(5000))}"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_post_keeps_no_other_away(name: str, brand: Brand, source: Source) -> None:
    twin = replace(HOSTILE[name], external_id="b")  # whose counts are added to its own
    platform = PlatformOfLists([HOSTILE[name], twin, make_post("healthy")], page_size=5)

    assert platform.collect(source) == Outcome.COLLECTED
    assert Mention.objects.filter(brand=brand).count() == 3
    assert platform.collect(source) == Outcome.NOTHING_NEW


@pytest.mark.parametrize(
    "fact",
    [
        {"external_id": "x" * (LONGEST_ID + 1)},
        {"external_id": noise(LONGEST_ID // 4 + 1)},
        {"native_id": "x" * (LONGEST_SHORT_ID + 1)},
    ],
)
def test_what_cannot_be_told_from_others_is_no_post(fact: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="too long"):
        replace(make_post("a"), **fact)  # type: ignore[arg-type]  # each of its field's type


def test_marks_without_end_are_cut_short() -> None:
    """To put those of one letter in order takes a time that grows with their square."""
    post = make_post("a", "Z" + "\u0301\u0327" * 20_000 + "algo, so a\u0301\u0327 stays")
    assert post.text == "Z" + "\u0301\u0327" * 15 + "algo, so a\u0301\u0327 stays"
