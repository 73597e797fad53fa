"""The brand among others: share of voice, where the market talks, who follows, and what brought orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from monitoring.audience.selectors.own import OwnFollowers, read_own_followers
from monitoring.conversions.models import CreditModel, Kind
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.selectors.credits import CreditedTo, CreditRow, credits_by
from monitoring.dashboard.overview import Overview
from monitoring.lib.figures import format_money, format_share
from monitoring.lib.intervals import differ, share_interval
from monitoring.listening.models import Brand
from monitoring.listening.selectors.counts import FEW_MENTIONS
from monitoring.listening.selectors.market import Community, mentions_of_market, rank_communities

MOST_COMMUNITIES: Final = 10
MOST_CREDITED: Final = 6


@dataclass(frozen=True)
class Voice:
    """How much of all that is said is about one brand. Shares are None where there is too little to compare."""

    brand: Brand
    mentions: int
    share: float | None
    points: float | None  # by which the share surely changed
    address: str


@dataclass(frozen=True)
class Talk:
    """How much of the market's talk happens in one community, and about whom."""

    name: str
    mentions: int
    share: str
    by_brand: Sequence[tuple[Brand, int, str]]  # with the address of the rows


@dataclass(frozen=True)
class Credited:
    """What one channel is credited with."""

    label: str
    row: CreditRow
    amount: str
    address: str  # of each of them; empty where visits are counted


@dataclass(frozen=True)
class Market:
    """The last part of the overview. Each figure is read once, when it is first asked for."""

    overview: Overview

    @cached_property
    def _counted(self) -> dict[int, tuple[int, int]]:
        shown = self.overview
        return mentions_of_market(brands=shown.brands, period=shown.period, compared=shown.compared)

    @property
    def mentions(self) -> int:
        """Of all brands of the organization together."""
        return sum(now for now, _before in self._counted.values())

    @cached_property
    def share_of_voice(self) -> list[Voice]:
        """Of the mentions of this brand and of those beside it together, the most first; empty without others."""
        shown = self.overview
        whole = sum(self._counted[brand.pk][0] for brand in shown.beside)
        before = sum(self._counted[brand.pk][1] for brand in shown.beside)
        voices = [
            Voice(
                brand,
                self._counted[brand.pk][0],
                self._counted[brand.pk][0] / whole if whole >= FEW_MENTIONS else None,
                self._points(brand, whole, before),
                shown.rows.mentions_of(brand),
            )
            for brand in shown.beside
        ]
        return sorted(voices, key=lambda voice: -voice.mentions)

    def _points(self, brand: Brand, whole: int, whole_before: int) -> float | None:
        """By how much the share changed, where that is more than chance."""
        if min(whole, whole_before) < FEW_MENTIONS or not self.overview.before_is_known:
            return None
        now, before = self._counted[brand.pk]
        if not differ(share_interval(now, whole), share_interval(before, whole_before)):
            return None
        return round((now / whole - before / whole_before) * 100) or None

    @cached_property
    def communities(self) -> list[Talk]:
        shown = self.overview
        found = rank_communities(brands=shown.brands, period=shown.period, limit=MOST_COMMUNITIES)
        return [self._talk(each) for each in found]

    def _talk(self, community: Community) -> Talk:
        rows = self.overview.rows
        by_brand = [
            (brand, number, rows.mentions_of(brand, community=community.name))
            for brand, number in community.by_brand
        ]
        share = format_share(community.mentions / self.mentions, 1) if self.mentions >= FEW_MENTIONS else ""
        return Talk(community.name, community.mentions, share, by_brand)

    @cached_property
    def followers(self) -> list[OwnFollowers]:
        return read_own_followers(organization=self.overview.organization, period=self.overview.period)

    @cached_property
    def credited(self) -> list[Credited]:
        """What brought it, by the last touch that we know of; empty as long as nothing was credited."""
        rows = self.every_credited
        if not any(each.row.key and each.row.number for each in rows):
            return []
        known = [each for each in rows if each.row.key]
        return [*known[:MOST_CREDITED], *(each for each in rows if not each.row.key)]

    @cached_property
    def every_credited(self) -> list[Credited]:
        """The same of every channel."""
        shown = self.overview
        currency, kind = shown.organization.currency, shown.counted.kind
        rows = credits_by(
            organization=shown.organization,
            period=shown.period,
            model=CreditModel.LAST,
            by=CreditedTo.CHANNEL,
            kind=kind,
        )
        return [
            Credited(
                channel_label(str(row.key)) if row.key else _("Nothing that we know of"),
                row,
                format_money(row.amount_in(currency) or None, currency),
                "" if kind == Kind.VISIT else shown.rows.credited(kind, str(row.key)),
            )
            for row in rows
        ]
