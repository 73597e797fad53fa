"""A made-up world: random mentions, own posts, orders and readings, in odd zones and with changing clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import strategies as st

from accounts.models import Organization
from monitoring.audience.models import AudienceSnapshot, EngagementDay, PublishedPost
from monitoring.audience.storing import SeenPost, store_posts
from monitoring.conversions.models import Channel, Conversion, Kind, Origin
from monitoring.conversions.rollups import rebuild_conversion_days
from monitoring.conversions.services.recording import Report, record_conversion, void_conversion
from monitoring.listening.collecting.listeners import listeners_for
from monitoring.listening.collecting.storing import lock_brands, store_mentions
from monitoring.listening.models import (
    Brand,
    Mention,
    MentionStatus,
    TrackedProfile,
)
from monitoring.listening.rollups import rebuild_rollups
from monitoring.platforms.types import Author, Engagement, Post

NOW = datetime(2025, 11, 10, 9, 17, tzinfo=UTC)  # two weeks after the clocks changed
ZONES = (
    "Asia/Kathmandu",
    "America/St_Johns",
    "Europe/Berlin",
)  # +05:45, −03:30, and one that changed in the period
TEXTS = (
    "I love halden, wonderful roast #coffee",
    "halden is terrible, I hate the queue #coffee #monday",
    "does halden ship the roast to Norway? https://shop.example/beans",
    "halden recall recall #recall https://news.example/recall",
    "bean is wonderful, better than any roast",
    "halden and bean beside each other, who is better?",
)
COMMUNITIES = {
    "bluesky": ("",),
    "mastodon": ("one.example", "two.example"),
    "lemmy": ("!coffee@lemmy.example",),
}
FOLLOWERS = {"a": None, "b": 0, "c": 12, "d": 4_321, "e": 77}
_serial = count()


@dataclass(frozen=True)
class Spoken:
    minutes: int  # before now
    text: str
    author: str
    platform: str
    likes: int | None
    replies: int | None
    status: MentionStatus
    corrected: int | None


SPOKEN = st.builds(
    Spoken,
    minutes=st.integers(1, 45 * 24 * 60),
    text=st.sampled_from(TEXTS),
    author=st.sampled_from(sorted(FOLLOWERS)),
    platform=st.sampled_from(sorted(COMMUNITIES)),
    likes=st.none() | st.integers(0, 9),
    replies=st.none() | st.integers(0, 2),
    status=st.sampled_from(
        [MentionStatus.OPEN] * 6
        + [MentionStatus.ARCHIVED, MentionStatus.ANSWERED, MentionStatus.NOT_ABOUT_US]
    ),
    corrected=st.sampled_from([None, None, None, -1, 0, 1]),
)
ORDERS = st.lists(
    st.tuples(
        st.integers(1, 70 * 24 * 60),
        st.sampled_from([Channel.BLUESKY, Channel.INSTAGRAM, Channel.PRINT, ""]),
        st.integers(1, 50),
        st.booleans(),
    ),
    max_size=12,
)
# Minutes before now, reactions when first seen, how many came later, and how much later somebody looked again.
PUBLISHED = st.lists(
    st.tuples(
        st.integers(2, 50 * 24 * 60), st.integers(0, 9), st.integers(0, 5), st.integers(1, 9 * 24 * 60)
    ),
    max_size=8,
)
READINGS = st.lists(st.tuples(st.integers(1, 50 * 24), st.integers(50, 90)), max_size=12)


@dataclass
class World:
    organization: Organization
    own: Brand
    rival: Brand
    profile: TrackedProfile
    zone: ZoneInfo = field(default=ZoneInfo("UTC"))

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def live(world: World, zone: str, spoken: Sequence[Spoken], burst: int) -> None:
    """Forget what was there, and let all this be said."""
    Mention.objects.all().delete()
    Organization.objects.filter(pk=world.organization.pk).update(time_zone=zone)
    world.organization.time_zone, world.zone = zone, ZoneInfo(zone)
    rebuild_rollups(organization=world.organization)
    loud = Spoken(7 * 24 * 60, TEXTS[3], "c", "mastodon", 1, 0, MentionStatus.OPEN, -1)
    said = [*spoken, *([loud] * burst)]
    for platform, communities in COMMUNITIES.items():
        posts = {next(_serial): each for each in said if each.platform == platform}
        _store(world, platform, [_post(number, each, communities) for number, each in posts.items()])
        for number, each in posts.items():
            same = Mention.objects.filter(external_id=f"p{number}")
            same.update(status=each.status, corrected_sentiment=each.corrected)


def _post(number: int, each: Spoken, communities: Sequence[str]) -> Post:
    return Post(
        external_id=f"p{number}",
        url=f"https://example.com/{number}",
        text=each.text,
        published_at=NOW - timedelta(minutes=each.minutes),
        author=Author(external_id=each.author, handle=each.author, followers=FOLLOWERS[each.author]),
        community=communities[number % len(communities)],
        engagement=Engagement(likes=each.likes, replies=each.replies),
    )


def _store(world: World, platform: str, posts: list[Post]) -> None:
    brands = [world.own.pk, world.rival.pk]
    found = listeners_for(platform=platform, brand_ids=brands).find(posts)
    with transaction.atomic():
        lock_brands(brands)
        store_mentions(platform=platform, source_id=None, found=found)


def sell(world: World, orders: Iterable[tuple[int, str, int, bool]]) -> None:
    Conversion.objects.all().delete()
    rebuild_conversion_days(organization=world.organization)
    for minutes, channel, amount, is_voided in orders:
        report = Report(
            kind=Kind.ORDER,
            origin=Origin.COUNTER,
            idempotency_key=str(next(_serial)),
            heard_of_us_from=channel,
            amount=Decimal(amount),
            currency=world.organization.currency,
            occurred_at=NOW - timedelta(minutes=minutes),
        )
        conversion = record_conversion(organization=world.organization, report=report).conversion
        if is_voided:
            void_conversion(conversion=conversion)


def publish(world: World, posts: Iterable[tuple[int, int, int, int]]) -> Counter[date]:
    """What people did to our own posts, by day: at first it counts for the publication, later for the look."""
    PublishedPost.objects.all().delete()
    EngagementDay.objects.all().delete()  # of another zone
    gained: Counter[date] = Counter()
    for minutes, likes, more, later in posts:
        published_at, number = NOW - timedelta(minutes=minutes), next(_serial)
        looked_at = min(published_at + timedelta(minutes=later), NOW)
        for moment, reactions in ((published_at, likes), (looked_at, likes + more)):
            post = _own_post(number, published_at, reactions)
            seen = SeenPost(profile_id=world.profile.pk, measured_at=moment, post=post)
            store_posts(seen=[seen])
        gained[world.day(published_at)] += likes
        gained[world.day(looked_at)] += more
    return gained


def _own_post(number: int, published_at: datetime, likes: int) -> Post:
    return Post(
        external_id=f"own{number}",
        url="",
        text="We are open on Sunday",
        published_at=published_at,
        author=Author(external_id="halden", handle="halden.example"),
        engagement=Engagement(likes=likes),
    )


def measure(world: World, readings: Iterable[tuple[int, int]]) -> None:
    """One reading an hour at most."""
    AudienceSnapshot.objects.all().delete()
    for hours, followers in dict(readings).items():
        taken_at = NOW - timedelta(hours=hours)
        AudienceSnapshot.objects.create(
            organization=world.organization,
            profile=world.profile,
            hour=taken_at.replace(minute=0),
            taken_at=taken_at,
            followers=followers,
        )
