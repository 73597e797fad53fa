"""Who is here: on each platform, and altogether, the languages, the words and the hours of those who speak about us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from monitoring.audience.selectors.posting import HOURS_A_BLOCK
from monitoring.audience.success import name_hours
from monitoring.dashboard.overview import Overview
from monitoring.dashboard.overview_words import commonest_words, own_words
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.selectors.counts import FEW_MENTIONS, Share
from monitoring.listening.selectors.voices import (
    PlatformTalk,
    PlatformVoices,
    languages_by_platform,
    mentions_by_hour,
    talk_by_platform,
)
from monitoring.listening.showing.choosing import Choice

MOST_LANGUAGES: Final = 3
MOST_BRANDS: Final = 3
MOST_TOPICS: Final = 4
_SILENT: Final = PlatformTalk(0, (), (0,) * 24)


@dataclass(frozen=True)
class SpokenLanguage:
    language: str
    mentions: int
    share: float | None  # None where there are too few mentions to compare


@dataclass(frozen=True)
class PlatformPeople:
    """`own` are the words of our own names: they tell nothing."""

    voices: PlatformVoices
    talk: PlatformTalk
    own: frozenset[str] = frozenset()

    @property
    def words(self) -> list[str]:
        """What they speak about: used by one in ten at least."""
        often = max(self.talk.looked_at / 10, 2)
        found = (word for word, mentions in self.talk.words if mentions >= often and word not in self.own)
        return list(found)[:MOST_TOPICS]

    @property
    def busiest(self) -> str:
        """When most is said; nothing where too little is."""
        if self.talk.looked_at < FEW_MENTIONS:
            return ""
        return max(_blocks(self.talk.hours), key=lambda block: block.mentions).label

    @property
    def languages(self) -> list[SpokenLanguage]:
        total = self.voices.mentions
        return [
            SpokenLanguage(
                each.language, each.mentions, each.mentions / total if total >= FEW_MENTIONS else None
            )
            for each in self.voices.languages[:MOST_LANGUAGES]
            if each.mentions
        ]

    @property
    def change(self) -> float | None:
        now, before = self.voices.mentions, self.voices.before
        return (now - before) / before if min(now, before) >= FEW_MENTIONS else None


@dataclass(frozen=True)
class BrandWords:
    brand: Brand
    words: list[Share]


@dataclass(frozen=True)
class BlockOfHours:
    label: str
    mentions: int
    share: float


@dataclass(frozen=True)
class People:
    platforms: Sequence[PlatformPeople]
    words: Sequence[BrandWords]
    blocks: Sequence[BlockOfHours]

    @property
    def mentions(self) -> int:
        return sum(each.voices.mentions for each in self.platforms)

    @property
    def busiest(self) -> str:
        """When most is said; nothing where too little is."""
        if self.mentions < FEW_MENTIONS:
            return ""
        best = max(self.blocks, key=lambda block: block.mentions)
        return best.label if best.mentions else ""

    @property
    def finding(self) -> str:
        if not self.busiest:
            return _("Too early to say who is here")
        return _("Most speak about you from %(hours)s") % {"hours": self.busiest}


def read_people(*, choice: Choice, now: datetime) -> People:
    """Four queries and one for each of our brands' words."""
    own = [brand for brand in choice.brands if brand.kind == BrandKind.OWN]
    voices = languages_by_platform(brands=own, period=choice.period)
    talk = talk_by_platform(brands=own, period=choice.period)
    names = frozenset[str]().union(*(own_words(brand) for brand in own))
    return People(
        platforms=[
            PlatformPeople(each, talk.get(each.platform, _SILENT), names)
            for each in voices
            if each.mentions or each.before
        ],
        words=[BrandWords(brand, _words(choice, brand, now)) for brand in own[:MOST_BRANDS]],
        blocks=_blocks(mentions_by_hour(brands=own, period=choice.period)),
    )


def _words(choice: Choice, brand: Brand, now: datetime) -> list[Share]:
    before = choice.period.previous()
    return commonest_words(Overview(choice.organization, brand, choice.brands, choice.period, before, now))


def _blocks(hours: Sequence[int]) -> list[BlockOfHours]:
    sums = [sum(hours[first : first + HOURS_A_BLOCK]) for first in range(0, 24, HOURS_A_BLOCK)]
    most = max(sums) or 1
    return [BlockOfHours(name_hours(place), number, number / most) for place, number in enumerate(sums)]
