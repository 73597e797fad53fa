"""Which platform deserves your hour: what was posted and worked there, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Final

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.selectors.engagement import posts_by_platform
from monitoring.audience.selectors.posting import ENOUGH_POSTS
from monitoring.conversions.goals_page.answer import whole
from monitoring.conversions.models.channels import channel_label, is_social
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.parts_behind import behind_both
from monitoring.conversions.selectors.credits import CreditRow
from monitoring.conversions.selectors.credits_compared import PeriodCredits
from monitoring.conversions.selectors.return_terms import TermReader, channel_of_platform
from monitoring.lib.figures import format_money, format_number
from monitoring.lib.periods import Period
from monitoring.listening.models import BrandKind, TrackedProfile

ENOUGH_MINUTES: Final = 120  # less work than this says nothing about an hour of it
ENOUGH_RESULTS: Final = 10
_MINUTES_AN_HOUR: Final = 60
_MUCH: Final = 100  # of any currency
_BEYOND_CHANCE: Final = 2  # standard deviations between two rates


@dataclass(frozen=True, kw_only=True)
class Effort:
    """What one platform took and brought in a period."""

    posts: int | None = 0  # None: we follow no profile of ours there
    minutes: int = 0
    visits: int | None = None
    results: Decimal = Decimal(0)
    amounts: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def per_post(self) -> Decimal | None:
        """None for fewer posts than say something."""
        posts = self.posts or 0
        return _rate(self.results / posts) if posts >= ENOUGH_POSTS else None

    @property
    def hours(self) -> Decimal:
        return Decimal(self.minutes) / _MINUTES_AN_HOUR

    @property
    def per_hour(self) -> Decimal | None:
        return self.results / self.hours if self.minutes >= ENOUGH_MINUTES else None

    @property
    def per_hour_shown(self) -> Decimal | None:
        return None if self.per_hour is None else _rate(self.per_hour)

    @property
    def money(self) -> str:
        return say_amounts(self.amounts)


@dataclass(frozen=True, kw_only=True)
class PlatformWorth:
    channel: str
    label: str
    now: Effort
    before: Effort
    address: str  # of each of its results
    address_before: str


@dataclass(frozen=True, kw_only=True)
class Worth:
    """The platforms, the one that brings most for an hour first; those of which that cannot be said last."""

    kind: str
    rows: Sequence[PlatformWorth]
    unnamed_minutes: int  # of which nobody said where

    enough_minutes = ENOUGH_MINUTES
    enough_posts = ENOUGH_POSTS

    @property
    def kind_said(self) -> str:
        return kind_label(self.kind)

    @property
    def rated(self) -> list[PlatformWorth]:
        return [row for row in self.rows if row.now.per_hour is not None]

    @property
    def finding(self) -> str:
        if len(self.rated) < 2 or self.rated[0].now.results < ENOUGH_RESULTS:
            return _("Too early to say which platform deserves your hour")
        first, second = self.rated[:2]
        names = {"first": first.label, "second": second.label}
        if not _is_clear(first.now, second.now):
            return _("%(first)s and %(second)s bring about as much for an hour") % names
        rate = {"rate": format_number(first.now.per_hour_shown)}
        return _("%(first)s deserves your hour: it brings most, %(rate)s an hour") % {**names, **rate}


def read_worth(
    *,
    organization: Organization,
    period: Period,
    kind: str,
    credited: tuple[PeriodCredits, PeriodCredits],
) -> Worth:
    """Four queries, all of rollups and of the hours that somebody entered."""
    platforms = TrackedProfile.objects.filter(organization=organization, brand__kind=BrandKind.OWN)
    followed = {channel_of_platform(platform) for platform in platforms.values_list("platform", flat=True)}
    published = posts_by_platform(organization=organization, period=period)
    now, before = (
        _Period(
            credited[place].channels,
            _by_channel(published, place),
            _minutes(organization, each),
        )
        for place, each in enumerate((period, period.previous()))
    )
    behind, behind_before = behind_both(organization, period, kind)
    rows = (
        PlatformWorth(
            channel=channel,
            label=channel_label(channel),
            now=now.effort(channel, channel in followed),
            before=before.effort(channel, channel in followed),
            address=behind.address(channel=channel),
            address_before=behind_before.address(channel=channel),
        )
        for channel in now.channels | before.channels
        if is_social(channel)
    )
    return Worth(kind=kind, rows=sorted(rows, key=_place), unnamed_minutes=now.minutes[""])


def say_amounts(amounts: Mapping[str, Decimal]) -> str:
    """Currencies beside each other, without cents where there is much: nothing here exchanges them."""
    return " · ".join(
        format_money(amount if abs(amount) < _MUCH else whole(amount), currency)
        for currency, amount in sorted(amounts.items())
        if amount
    )


@dataclass(frozen=True)
class _Period:
    """What is known of each channel in one period."""

    credited: Mapping[str, CreditRow]
    posts: Counter[str]
    minutes: Counter[str]

    @property
    def channels(self) -> set[str]:
        return {*self.credited, *self.posts, *self.minutes}

    def effort(self, channel: str, is_followed: bool) -> Effort:
        row = self.credited.get(channel, CreditRow(key=channel))
        return Effort(
            posts=self.posts[channel] if is_followed else None,
            minutes=self.minutes[channel],
            visits=row.visits,
            results=row.number,
            amounts=row.amounts,
        )


def _by_channel(published: Mapping[str, tuple[int, int]], place: int) -> Counter[str]:
    posts: Counter[str] = Counter()
    for platform, numbers in published.items():
        posts[channel_of_platform(platform)] += numbers[place]
    return posts


def _minutes(organization: Organization, period: Period) -> Counter[str]:
    minutes: Counter[str] = Counter()
    for cell in TermReader(organization, period.first, period.last, period.last).minutes():
        minutes[cell.channel] += int(cell.value)
    return minutes


def _place(row: PlatformWorth) -> tuple[bool, Decimal, Decimal, int, str]:
    rate = row.now.per_hour
    return (rate is None, -(rate or Decimal(0)), -row.now.results, -row.now.minutes, row.label)


def _is_clear(first: Effort, second: Effort) -> bool:
    """Whether two rates an hour differ by more than chance would make them, counts being what they are."""
    spread = sqrt(sum(max(float(each.results), 1) / float(each.hours) ** 2 for each in (first, second)))
    return float((first.per_hour or 0) - (second.per_hour or 0)) > _BEYOND_CHANCE * spread


def _rate(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01") if abs(value) < 1 else Decimal("0.1"), ROUND_HALF_UP)
