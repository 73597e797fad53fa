"""Followers and own posts: readings and measurements, at the times at which they would have been taken."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from accounts.models import Organization
from monitoring.audience.storing import Reading, SeenPost, store_posts, store_snapshots
from monitoring.listening.models import TrackedProfile
from monitoring.platforms.types import Author, Engagement, Post, Profile
from smedash.demo.business import OWN, PROFILES, ProfilePlan
from smedash.demo.calendar import (
    COMPLAINTS,
    SILENCE,
    Timeline,
    is_campaign,
    is_silent,
    usual,
    viral_echo,
)
from smedash.demo.own_words import publish

HOURLY = 7  # days of which there is a reading each hour, of the own profiles that may be read so often
_OWN_MEASURED = (1, 3, 6, 12, 24, 48, 96, 168)  # hours after publication
_MEASURED = (24, 72, 168)
_MOST_OF_IT = 16.0  # hours in which a post earns two thirds of its reactions
_VIRAL_FOLLOWERS = {"bluesky": 260, "mastodon": 120, "x": 210}


def write_audience(*, organization: Organization, timeline: Timeline) -> None:
    for plan in PROFILES:
        profile = TrackedProfile.objects.get(
            organization=organization, platform=plan.link.platform, handle=plan.link.handle
        )
        store_snapshots(readings=_readings(profile, plan, timeline))
        store_posts(seen=_seen(profile, plan, timeline))


def _readings(profile: TrackedProfile, plan: ProfilePlan, timeline: Timeline) -> Iterator[Reading]:
    totals = [plan.followers, *accumulate(_gains(plan, timeline), initial=plan.followers)][1:]
    random = timeline.random("readings", plan.external_id)
    for position, age in enumerate(timeline.ages()):
        if is_silent(plan.link.platform, age):
            continue
        before, after = totals[position], totals[position + 1]
        for moment in _moments(plan, age, timeline, random):
            passed = (moment - timeline.starts_at(age)) / timedelta(days=1)
            followers = round(before + (after - before) * passed)
            read = Profile(
                external_id=plan.external_id,
                handle=plan.link.handle,
                name=plan.brand,
                url=plan.url,
                followers=followers,
                following=180 + position // 30,
                posts=420 + int(position * plan.posts_a_week / 7),
            )
            yield Reading(profile_id=profile.pk, taken_at=moment, profile=read)


def _moments(plan: ProfilePlan, age: int, timeline: Timeline, random: Random) -> Iterator[datetime]:
    start = timeline.starts_at(age)
    often = plan.brand == OWN.name and plan.link.platform != "x" and age < HOURLY
    hours = range(24) if often else (23,)
    minute = random.randrange(60)
    wanted = [start + timedelta(hours=hour, minutes=minute) for hour in hours]
    past = [moment for moment in wanted if moment <= timeline.now]
    yield from past or [timeline.now - timedelta(minutes=1)]


def _gains(plan: ProfilePlan, timeline: Timeline) -> Iterator[float]:
    random = timeline.random("followers", plan.external_id)
    is_own = plan.brand == OWN.name
    for age in timeline.ages():
        gain = plan.a_day * usual(timeline.day(age)) * (0.6 + 0.8 * timeline.progress(age))
        gain *= random.uniform(0.1, 1.9)
        if is_own:
            gain += _VIRAL_FOLLOWERS[plan.link.platform] * viral_echo(age) * 0.42
            gain *= 1.5 if is_campaign(age) else 1
        yield gain


def _seen(profile: TrackedProfile, plan: ProfilePlan, timeline: Timeline) -> Iterator[SeenPost]:
    random = timeline.random("published", plan.external_id)
    for age in timeline.ages():
        moment = timeline.moment(age, random)
        if random.random() > plan.posts_a_week / 7 or moment is None:
            continue
        post, likes = _post(plan, age, moment, timeline, random)
        for measured_at in _measured_at(plan, moment, timeline):
            yield SeenPost(
                profile_id=profile.pk,
                measured_at=measured_at,
                post=_with_reactions(post, plan.link.platform, likes, measured_at - moment),
            )


def _post(
    plan: ProfilePlan, age: int, moment: datetime, timeline: Timeline, random: Random
) -> tuple[Post, int]:
    is_own = plan.brand == OWN.name
    text = publish(
        random, campaign=is_own and is_campaign(age), sorry=is_own and age == COMPLAINTS.begins - 3
    )
    likes = plan.likes * (0.55 + 0.9 * timeline.progress(age)) * math.exp(random.gauss(-0.2, 0.6))
    if is_own:
        likes *= 1 + 1.4 * viral_echo(age) + 0.5 * is_campaign(age)
    number = int(moment.timestamp())
    key = (
        f"at://{plan.external_id}/app.bsky.feed.post/{number}"
        if plan.link.platform == "bluesky"
        else f"{number}"
    )
    author = Author(external_id=plan.external_id, handle=plan.link.handle, name=plan.brand, url=plan.url)
    address = (
        f"https://x.com/i/web/status/{9 * 10**18 + number}"
        if plan.link.platform == "x"
        else f"{plan.url}/{number}"
    )
    return Post(external_id=key, url=address, text=text, published_at=moment, author=author), int(likes)


def _measured_at(plan: ProfilePlan, published_at: datetime, timeline: Timeline) -> Iterator[datetime]:
    """The collector's visits; none while the platform refused it, and one as soon as it answered again."""
    hours = _OWN_MEASURED if plan.brand == OWN.name and plan.link.platform != "x" else _MEASURED
    moments = {published_at + timedelta(hours=hour) for hour in hours}
    if is_silent(plan.link.platform, SILENCE.begins):
        again = timeline.starts_at(SILENCE.ends - 1)
        moments = {
            again if timeline.starts_at(SILENCE.begins) <= moment < again else moment for moment in moments
        }
    past = sorted(moment for moment in moments if moment <= timeline.now)
    return iter(past or [timeline.now])


def _with_reactions(post: Post, platform: str, likes: int, age: timedelta) -> Post:
    hours = max(age / timedelta(hours=1), 0.1)
    likes = round(likes * (1 - math.exp(-hours / _MOST_OF_IT)))
    engagement = Engagement(
        likes=likes,
        replies=likes // 9,
        shares=likes // 6,
        quotes=likes // 40,
        views=likes * 41 + 120 if platform == "x" else None,
    )
    return Post(
        external_id=post.external_id,
        url=post.url,
        text=post.text,
        published_at=post.published_at,
        author=post.author,
        engagement=engagement,
    )
