"""What the rules look at: one organization now, its figures read once and only if a rule asks for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from accounts.models import Organization
from monitoring.analysis.words import fold
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.posting import PostGroup, group_posts
from monitoring.conversions.models import CreditModel, Goal, Kind, TrackedLink
from monitoring.conversions.selectors.counting import conversions_per_day, what_counts
from monitoring.conversions.selectors.credits import CreditedTo, CreditRow, credits_by
from monitoring.conversions.selectors.goals import find_goal
from monitoring.lib.periods import Period, last_days
from monitoring.listening.models import (
    Brand,
    BrandKind,
    KeywordVersion,
    MentionStatus,
    TermKind,
    TrackedProfile,
)
from monitoring.listening.selectors.counts import Share, top_terms
from monitoring.listening.selectors.filtering import MentionFilter, filter_mentions

WEEK, MONTH, QUARTER = 7, 30, 90


class Wanted(TypedDict, total=False):
    """Which of the open mentions: fields of a MentionFilter."""

    tones: tuple[int, ...]
    only_questions: bool


@dataclass(frozen=True)
class Waiting:
    """Open mentions of a brand: exactly those that the list of mentions shows for it."""

    brand_id: int
    number: int

    @property
    def evidence(self) -> dict[str, str | int | float]:
        return {"number": self.number, "brand": self.brand_id}


@dataclass(frozen=True)
class Situation:
    organization: Organization
    now: datetime

    def last(self, days: int) -> Period:
        zone = ZoneInfo(self.organization.time_zone)
        return last_days(days, now=self.now, zone=zone, week_start=self.organization.week_start)

    @cached_property
    def own_brands(self) -> list[Brand]:
        own = Brand.objects.filter(organization=self.organization, kind=BrandKind.OWN)
        return list(own.order_by("pk"))

    def waiting(self, **wanted: Unpack[Wanted]) -> Waiting | None:
        """What nobody has dealt with of the last week, of the brand of ours that has the most of it."""
        opened = MentionFilter(period=self.last(WEEK), statuses=(MentionStatus.OPEN,), **wanted)
        counted = [
            Waiting(brand.pk, filter_mentions(brand=brand, wanted=opened).count())
            for brand in self.own_brands
        ]
        most = max(counted, key=lambda each: each.number, default=None)
        return most if most and most.number else None

    @cached_property
    def goal(self) -> Goal | None:
        return find_goal(organization=self.organization)

    @cached_property
    def has_customers(self) -> bool:
        """Whether anything that the goal counts was reported in three months, wherever it came from."""
        per_day = conversions_per_day(
            organization=self.organization, period=self.last(QUARTER), counted=what_counts(self.goal)
        )
        return any(per_day.values())

    @cached_property
    def profiles(self) -> list[TrackedProfile]:
        return list(TrackedProfile.objects.filter(brand__in=self.own_brands).order_by("pk"))

    @cached_property
    def has_links(self) -> bool:
        return TrackedLink.objects.filter(organization=self.organization).exists()

    @cached_property
    def posts(self) -> list[PostGroup]:
        """Our own posts of the last three months, and of the three before."""
        brands = [brand.pk for brand in self.own_brands]
        return group_posts(organization=self.organization, brand_ids=brands, period=self.last(QUARTER))

    @cached_property
    def recent_posts(self) -> list[PostGroup]:
        return [group for group in self.posts if group.is_now and not group.is_answer]

    @cached_property
    def channels(self) -> list[CreditRow]:
        """What each channel brought in three months, by last touch, with its visits."""
        return self._credits(CreditedTo.CHANNEL)

    @cached_property
    def orders_by_kind(self) -> dict[str, Decimal]:
        """What the posts of each kind brought in three months, by last touch."""
        brought = {int(row.key): row.number for row in self._credits(CreditedTo.POST) if row.key}
        kinds = PublishedPost.objects.filter(organization=self.organization, pk__in=brought)
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for post_id, kind in kinds.values_list("pk", "kind"):
            sums[kind] += brought[post_id]
        return sums

    def _credits(self, by: CreditedTo) -> list[CreditRow]:
        return credits_by(
            organization=self.organization,
            period=self.last(QUARTER),
            model=CreditModel.LAST,
            by=by,
            kind=self.goal.counts if self.goal else Kind.ORDER,
        )

    @cached_property
    def hashtags(self) -> list[tuple[Brand, Share]]:
        """Hashtags beside our brands this month that no keyword of ours names."""
        known = " ".join(fold(text) for text in self._queries)
        found = [
            (brand, share)
            for brand in self.own_brands
            for share in top_terms(kind=TermKind.HASHTAG, brand=brand, period=self.last(MONTH), limit=20)
        ]
        return [(brand, share) for brand, share in found if fold(share.name) not in known]

    @cached_property
    def _queries(self) -> list[str]:
        current = KeywordVersion.objects.filter(keyword__organization=self.organization, replaced_at=None)
        return list(current.values_list("query", flat=True))
