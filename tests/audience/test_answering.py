"""A mention that one of our profiles replied to is answered, and one that a link was made for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Organization, User
from monitoring.audience.answering import mark_what_arrived_after_our_answer
from monitoring.conversions.models import Channel
from monitoring.conversions.services.links import create_link
from monitoring.listening.models import (
    Brand,
    BrandKind,
    BulkChange,
    ChangeAct,
    Mention,
    MentionStatus,
    Source,
    TrackedProfile,
)
from monitoring.listening.selectors.threads import open_mentions_named
from monitoring.listening.services.changes import change_selected, undo_change
from tests.audience.profile_on_paper import ProfileOnPaper, follow
from tests.listening.platform_of_lists import NOW, make_post, make_source

pytestmark = pytest.mark.django_db


def ask(brand: Brand, name: str, *, days_ago: float = 2, **fields: object) -> Mention:
    told: dict[str, object] = {"platform": "bluesky", "external_id": name, **fields}
    return Mention.objects.create(
        organization_id=brand.organization_id,
        brand=brand,
        published_at=NOW - timedelta(days=days_ago),
        collected_at=NOW,
        author_key=f"bluesky:{name}",
        language="en",
        sentiment=0,
        sentiment_confidence=0.5,
        is_question=True,
        **told,
    )


def answered() -> set[str]:
    return set(Mention.objects.filter(status=MentionStatus.ANSWERED).values_list("external_id", flat=True))


def reply(name: str, parent: str) -> ProfileOnPaper:
    return ProfileOnPaper(posts=[make_post(name, "We are open on Sunday", parent_id=parent)])


def test_what_our_profile_replied_to_is_answered_and_stays_open_when_somebody_says_so(
    profile: TrackedProfile, posts: Source
) -> None:
    for name, status in (("asked", MentionStatus.OPEN), ("aside", MentionStatus.NOT_ABOUT_US)):
        ask(profile.brand, name, status=status)
    ask(profile.brand, "waits")
    ask(profile.brand, "asked", platform="mastodon")
    paper = reply("first", "asked")
    paper.collect(posts)
    assert list(Mention.objects.filter(status=MentionStatus.ANSWERED).values_list("platform")) == [
        ("bluesky",)
    ]
    assert answered() == {"asked"}

    change = BulkChange.objects.get()
    assert (change.created_by, change.changed) == (None, 1)
    undo_change(change=change)
    paper.collect(posts)  # the same reply, seen again
    assert answered() == set()


def test_a_competitors_reply_answers_nothing_of_ours(organization: Organization, posts: Source) -> None:
    rival = follow(organization, posts, kind=BrandKind.COMPETITOR, name="Bright Bean")
    ask(rival.brand, "asked")
    reply("theirs", "asked").collect(posts)
    assert answered() == set()


def test_a_post_is_known_by_every_name_that_replies_call_it(organization: Organization) -> None:
    brand = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)
    server = make_source(platform="mastodon", server="https://toot.example")

    def hear(number: int, days_ago: float) -> Mention:
        name = f"https://elsewhere.example/users/jo/statuses/{number}"
        return ask(brand, name, days_ago=days_ago, platform="mastodon", native_id="77", source=server)

    asked = hear(9, days_ago=2)
    hear(10, days_ago=30)

    def named(*names: str) -> list[int]:
        wanted = {("mastodon", name) for name in names}
        since = NOW - timedelta(days=14)
        return open_mentions_named(organization_id=organization.pk, named=wanted, since=since)

    assert named("https://toot.example/statuses/77") == [asked.pk]
    assert named("https://elsewhere.example/users/jo/statuses/9") == [asked.pk]
    assert named("https://another.example/statuses/77") == []


def test_a_link_made_for_a_mention_answers_it(organization: Organization, owner: User) -> None:
    brand = Brand.objects.create(organization=organization, name="Halden", kind=BrandKind.OWN)
    mention, other = ask(brand, "asked"), ask(brand, "waits")

    def link(to_answer: Mention | None) -> None:
        create_link(
            organization=organization,
            target="https://example.com",
            label="Menu",
            channel=Channel.BLUESKY,
            mention=to_answer,
            by=owner,
        )

    link(mention)
    link(None)
    assert answered() == {"asked"}
    assert BulkChange.objects.get().created_by == owner
    other.refresh_from_db()
    assert other.status == MentionStatus.OPEN


def test_a_mention_that_arrives_after_our_reply_is_answered_once(
    profile: TrackedProfile, posts: Source
) -> None:
    reply("first", "asked").collect(posts)
    assert mark_what_arrived_after_our_answer(now=NOW) == 0
    for name, platform in (("asked", "bluesky"), ("waits", "bluesky"), ("asked", "mastodon")):
        ask(profile.brand, name, platform=platform)
    assert mark_what_arrived_after_our_answer(now=NOW + timedelta(minutes=5)) == 1
    assert answered() == {"asked"}
    assert Mention.objects.filter(status=MentionStatus.ANSWERED).count() == 1

    undo_change(change=BulkChange.objects.get())
    assert mark_what_arrived_after_our_answer(now=NOW + timedelta(minutes=10)) == 0
    assert answered() == set()


def test_a_mention_that_somebody_opened_again_or_that_came_long_ago_is_left_alone(
    profile: TrackedProfile, posts: Source, organization: Organization
) -> None:
    reply("first", "asked").collect(posts)
    mention = ask(profile.brand, "asked")
    assert mark_what_arrived_after_our_answer(now=NOW + timedelta(hours=2)) == 0
    for act in (ChangeAct.ANSWER, ChangeAct.PUT_BACK):
        change_selected(organization=organization, act=act, ids=[mention.pk], by=None)
    assert mark_what_arrived_after_our_answer(now=NOW) == 0
    assert answered() == set()


def test_a_competitors_earlier_reply_answers_nothing_of_ours(
    organization: Organization, posts: Source
) -> None:
    rival = follow(organization, posts, kind=BrandKind.COMPETITOR, name="Bright Bean")
    reply("theirs", "asked").collect(posts)
    ask(rival.brand, "asked")
    assert mark_what_arrived_after_our_answer(now=NOW) == 0
