"""A month of a business, read from rollups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organization
from monitoring.audience.models import PublishedPost
from monitoring.audience.selectors.engagement import best_posts, engagement_per_day
from monitoring.audience.selectors.profiles import ProfileStanding, list_standings
from monitoring.conversions.models import Goal
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.selectors.counting import Answer, answer_numbers, conversions_per_day, what_counts
from monitoring.conversions.selectors.goals import pace_per_day
from monitoring.lib.periods import ONE_DAY, Period, local_day, month_of
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.selectors.counts import PeriodCounts, Volume, count_period, sum_period
from monitoring.listening.selectors.coverage import read_coverage

MOST_POSTS = 5


@dataclass(frozen=True)
class Month:
    """Each figure is read once, when it is first asked for."""

    organization: Organization
    first_day: date
    now: datetime

    @cached_property
    def period(self) -> Period:
        return self._month(self.first_day)

    @cached_property
    def before(self) -> Period:
        return self._month(self.first_day - ONE_DAY)

    def _month(self, day: date) -> Period:
        zone = ZoneInfo(self.organization.time_zone)
        return Period(*month_of(day), zone, self.organization.week_start)

    @property
    def today(self) -> date:
        return local_day(self.now, self.period.zone)

    @property
    def is_over(self) -> bool:
        return self.today > self.period.last

    @cached_property
    def goal(self) -> Goal | None:
        """The main goal that was active when the month ended, or is now."""
        goals = Goal.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=min(self.now, self.period.ends_at)),
            organization=self.organization,
            is_main=True,
            created_at__lt=self.period.ends_at,
        )
        return goals.order_by("-created_at").first()

    @cached_property
    def answer(self) -> Answer:
        return answer_numbers(
            organization=self.organization,
            period=self.period,
            kind=what_counts(self.goal).kind,
            before=self.before,
        )

    @cached_property
    def brought(self) -> dict[date, Decimal]:
        """What each day brought of what the goal counts."""
        return conversions_per_day(
            organization=self.organization, period=self.period, counted=what_counts(self.goal)
        )

    @cached_property
    def goal_share(self) -> Decimal | None:
        """Of what the goal wanted in this month."""
        if self.goal is None:
            return None
        wanted = sum(pace_per_day(goal=self.goal, period=self.period).values(), Decimal(0))
        return sum(self.brought.values(), Decimal(0)) / wanted if wanted else None

    @property
    def goal_is_social(self) -> bool:
        """Whether the goal counts what social media brings, and nothing else."""
        return bool(self.goal and self.goal.channels and set(self.goal.channels) == set(SOCIAL))

    @cached_property
    def brands(self) -> list[Brand]:
        own = Brand.objects.filter(organization=self.organization, kind=BrandKind.OWN)
        return list(own.order_by("pk"))

    @cached_property
    def counts(self) -> PeriodCounts:
        return count_period(brands=self.brands, period=self.period)

    @cached_property
    def volume_before(self) -> Volume:
        return sum_period(brands=self.brands, period=self.before)

    @cached_property
    def unknown_days(self) -> set[date]:
        """Days to come, and those about which no platform could tell anything."""
        silent = read_coverage(brands=self.brands, now=self.now).silent_days(self.period)
        return (silent - set(self.counts.days)) | self.days_to_come

    @property
    def days_to_come(self) -> set[date]:
        return {day for day in self.period.each_day() if day > self.today}

    @cached_property
    def engagement(self) -> list[tuple[date, int | None]]:
        """Interactions with our own posts and with mentions of us; unknown only where neither is known."""
        spoken: defaultdict[date, int | None] = defaultdict(int)
        spoken |= dict.fromkeys(self.unknown_days)
        spoken |= {day: volume.interactions for day, volume in self.counts.days.items()}
        own = engagement_per_day(organization=self.organization, period=self.period, now=self.now)
        return [(each.day, self._together(each.day, each.interactions, spoken[each.day])) for each in own]

    def _together(self, day: date, *parts: int | None) -> int | None:
        known = [part for part in parts if part is not None]
        return sum(known) if known and day not in self.days_to_come else None

    @cached_property
    def profiles(self) -> list[ProfileStanding]:
        standings = list_standings(organization=self.organization, period=self._days_so_far)
        return [
            standing for standing in standings if standing.is_own and standing.followers.latest is not None
        ]

    @property
    def _days_so_far(self) -> Period:
        """Nobody was counted at the end of a month that is not over."""
        return replace(self.period, last=max(self.period.first, min(self.period.last, self.today)))

    @property
    def new_followers(self) -> int | None:
        changes = [standing.followers.change for standing in self.profiles]
        known = [change for change in changes if change is not None]
        return sum(known) if known else None

    @cached_property
    def posts(self) -> list[PublishedPost]:
        return best_posts(organization=self.organization, period=self.period, limit=MOST_POSTS)
