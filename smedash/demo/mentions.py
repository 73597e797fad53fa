"""The posts of one day on one platform, as that platform's connector would have handed them over.

What a connector cannot know is None here too: Bluesky tells no author's followers and no views, a feed no reactions,
Hacker News the points of stories only. Mastodon is searched by hashtags, so every post there has one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from zlib import crc32

from monitoring.platforms.registry import CONNECTORS
from monitoring.platforms.types import Author, Engagement, Post
from smedash.demo.business import BRANDS, OWN, PRODUCT, RIVALS, TOPIC, BrandPlan
from smedash.demo.calendar import Timeline, complaint_wave, is_campaign, is_lost, usual, viral_echo
from smedash.demo.people import some_author, some_paper
from smedash.demo.texts import BOOKS, Wording, say, say_at_length, say_headline
from smedash.demo.texts.phrasebook import Talk

# How much of what is said is said where, and in which languages.
PLATFORM_SHARES = {
    "bluesky": 0.31,
    "x": 0.27,
    "mastodon": 0.21,
    "feeds": 0.13,
    "lemmy": 0.06,
    "hackernews": 0.02,
}
_LANGUAGES = {"en": 0.4, "de": 0.33, "fr": 0.1, "es": 0.09, "it": 0.08}
_LANGUAGES_OF = {"hackernews": {"en": 1.0}, "lemmy": {"en": 0.7, "de": 0.3}}
_SAYS_LANGUAGE = {"bluesky": 0.9, "mastodon": 0.95, "x": 0.97}
_USUAL_TALK = {
    Talk.PLAIN: 0.36, Talk.PRAISE: 0.32, Talk.QUESTION: 0.13, Talk.GRIPE: 0.11, Talk.VERSUS: 0.05, Talk.PARCEL: 0.03,
}  # fmt: skip
_USUAL_LIKES = {"bluesky": 7, "mastodon": 4, "x": 9, "lemmy": 12, "hackernews": 14}
_VIRAL_LIKES = {"bluesky": 3_430, "x": 1_480, "mastodon": 760}
_REDDIT = 0.75  # of what feeds bring; the rest is Google News
_TAGGED = 0.45


@dataclass(frozen=True)
class Plan:
    """How much to say: about so many mentions in all."""

    timeline: Timeline
    mentions: int

    def posts_of(self, age: int, platform: str) -> Iterator[Post]:
        if is_lost(platform, age):
            return
        for brand in BRANDS:
            if brand.share:
                yield from self._about(brand, age, platform)

    def _about(self, brand: BrandPlan, age: int, platform: str) -> Iterator[Post]:
        random = self.timeline.random("mentions", self.timeline.day(age), platform, brand.name)
        share = PLATFORM_SHARES[platform] * brand.share
        expected = self.mentions / self.timeline.days * share * self._liveliness(brand, age)
        for _number in range(int(expected * random.uniform(0.82, 1.18) + random.random())):
            moment = self.timeline.moment(age, random)
            post = _post(platform, brand, _talk(brand, age, random), moment or self.timeline.now, random)
            if moment is not None:
                yield post
        if brand is OWN and platform in _VIRAL_LIKES and viral_echo(age) == 1:
            yield _viral_post(platform, self.timeline, age)

    def _liveliness(self, brand: BrandPlan, age: int) -> float:
        along = self.timeline.progress(age)
        grown = (1 + (brand.growth - 1) * along) / (1 + (brand.growth - 1) / 2)
        lively = usual(self.timeline.day(age)) * grown
        if brand is OWN:
            lively *= 1 + 2.6 * viral_echo(age) + 0.9 * complaint_wave(age) + 0.45 * is_campaign(age)
        return lively


def platforms() -> tuple[str, ...]:
    return tuple(slug for slug in CONNECTORS if slug in PLATFORM_SHARES)


def _talk(brand: BrandPlan, age: int, random: Random) -> Talk:
    if brand is TOPIC:
        return Talk.TOPIC
    weights = dict(_USUAL_TALK)
    if brand is OWN:
        weights[Talk.PARCEL] += 1.7 * complaint_wave(age)
        weights[Talk.STORY] = 3.2 * viral_echo(age)
        weights[Talk.REFILL] = 0.5 * is_campaign(age)
    return random.choices(list(weights), list(weights.values()))[0]


def _post(platform: str, brand: BrandPlan, talk: Talk, moment: datetime, random: Random) -> Post:
    languages = _LANGUAGES_OF.get(platform, _LANGUAGES)
    language = random.choices(list(languages), list(languages.values()))[0]
    is_news = platform == "feeds" and random.random() > _REDDIT
    author = some_paper(language, random) if is_news else some_author(platform, language, random)
    names = brand.called(language) + (
        PRODUCT.called(language) if brand is OWN and random.random() < 0.1 else ()
    )
    given = {"brand": random.choice(names), "rival": RIVALS.get(brand.name, "Bright Bean")}
    wording = _wording(platform, talk, language, random, given, is_news=is_news)
    if platform in {"bluesky", "mastodon", "x"}:
        wording = _tagged(wording, brand, language, random, always=platform == "mastodon")
    stated = language if random.random() < _SAYS_LANGUAGE.get(platform, 0) or is_news else None
    return _shaped(platform, author, wording, moment, stated, _engagement(platform, wording, random), random)


def _wording(
    platform: str, talk: Talk, language: str, random: Random, given: dict[str, str], *, is_news: bool
) -> Wording:
    if is_news:
        return say_headline(talk, language, random, **given)
    is_forum = platform in {"lemmy", "hackernews", "feeds"}
    if is_forum and random.random() < 0.4:
        return say_at_length(talk, language, random, **given)
    return Wording(text=say(talk, language, random, **given))


def _tagged(wording: Wording, brand: BrandPlan, language: str, random: Random, *, always: bool) -> Wording:
    tags = [brand.tag] if always or random.random() < _TAGGED else []
    if random.random() < _TAGGED:
        tags += random.sample(BOOKS[language].tags, random.randint(1, 2))
    return Wording(text=" ".join([wording.text, *(f"#{tag}" for tag in tags)]))


def _engagement(platform: str, wording: Wording, random: Random) -> Engagement:
    if platform == "feeds":
        return Engagement()
    likes = int(_USUAL_LIKES[platform] * math.exp(random.gauss(-0.6, 1.2)))
    return _counted(platform, likes, random, is_story=bool(wording.title))


def _counted(platform: str, likes: int, random: Random, *, is_story: bool = False) -> Engagement:
    """What the platform counts of it."""
    replies = int(likes * random.uniform(0.02, 0.3))
    if platform == "hackernews":
        return Engagement(likes=likes + 1, replies=replies) if is_story else Engagement()
    if platform == "lemmy":
        return Engagement(likes=likes + 1, replies=replies)
    shares = int(likes * random.uniform(0.03, 0.25))
    quotes = int(shares * random.uniform(0, 0.2))
    views = likes * random.randint(22, 70) + random.randint(15, 120) if platform == "x" else None
    return Engagement(likes=likes, replies=replies, shares=shares, quotes=quotes, views=views)


def _viral_post(platform: str, timeline: Timeline, age: int) -> Post:
    random = timeline.random("viral", platform)
    text = (
        "My deaf grandfather has gone to the same café for eleven years. Today the barista at Halden Coffee asked him "
        "in sign language how his week was. She had learned it for him. He cried, I cried, the whole place cried. ❤"
    )
    if platform == "mastodon":
        text += " #haldencoffee"
    moment = (
        timeline.starts_at(age).replace(minute=41)
        + (timeline.starts_at(age - 1) - timeline.starts_at(age)) / 3
    )
    author = some_author(platform, "en", random)
    engagement = _counted(platform, _VIRAL_LIKES[platform], random)
    return _shaped(platform, author, Wording(text=text), moment, "en", engagement, random, has_media=True)


def _shaped(
    platform: str,
    author: Author,
    wording: Wording,
    moment: datetime,
    language: str | None,
    engagement: Engagement,
    random: Random,
    *,
    has_media: bool | None = None,
) -> Post:
    external_id, url, native_id = _identity(platform, author, moment, random)
    is_reply = platform in {"hackernews", "lemmy"} and not wording.title
    return Post(
        external_id=external_id,
        native_id=native_id,
        url=url,
        text=wording.text,
        title=wording.title,
        community=_community(platform, author, external_id),
        published_at=moment,
        author=author,
        language=language,
        engagement=engagement,
        thread_id=None if is_reply or platform == "feeds" else external_id,
        has_media=random.random() < 0.25 if has_media is None else has_media,
    )


_LEMMY_COMMUNITIES = (
    "!coffee@lemmy.example",
    "!coffee@lemmy.example",
    "!espresso@feddit.example",
    "!askeurope@lemmy.example",
)
_SUBREDDITS = (
    "r/Coffee",
    "r/Coffee",
    "r/Coffee",
    "r/espresso",
    "r/espresso",
    "r/pourover",
    "r/cafe",
    "r/roasting",
)


def _community(platform: str, author: Author, external_id: str) -> str:
    """Where it was said, as the connector would say it."""
    if platform == "mastodon":
        return author.external_id.rpartition("@")[2]
    if platform == "feeds" and author.handle.endswith(".example"):
        return author.handle
    named = {"lemmy": _LEMMY_COMMUNITIES, "feeds": _SUBREDDITS}.get(platform, ("",))
    return named[crc32(external_id.encode()) % len(named)]


def _identity(platform: str, author: Author, moment: datetime, random: Random) -> tuple[str, str, str]:
    """The post's id as the connector makes it, its address, and the id that the platform asks for."""
    number = int(moment.timestamp() * 1000) * 4096 + random.randrange(4096)
    if platform == "bluesky":
        key = f"3d{number:x}"[:13]
        return (
            f"at://{author.external_id}/app.bsky.feed.post/{key}{random.randrange(100)}",
            f"{author.url}/post/{key}",
            "",
        )
    if platform == "mastodon":
        address = f"{author.url}/{number}"
        return address, address, str(number)
    if platform == "x":
        own = str(number + 9 * 10**18)
        return own, f"https://x.com/i/web/status/{own}", ""
    if platform == "lemmy":
        address = f"https://lemmy.example/post/{number}"
        return address, address, ""
    if platform == "hackernews":
        return str(number), f"https://news.example/item?id={number}", ""
    if author.handle.endswith(".example"):  # a paper's article, found by Google News
        return f"news.google.com:{number:x}", f"{author.url}/{number:x}", ""
    return f"reddit.com:t3_{number:x}", f"https://www.reddit.example/comments/{number:x}", ""
