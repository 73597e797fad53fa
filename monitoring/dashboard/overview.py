"""What the overview says: the answer, its evidence, and what to do next. Read from rollups only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.analysis.words import fold, words_of
from monitoring.audience.selectors.engagement import engagement_per_day, sum_by_bucket
from monitoring.audience.selectors.profiles import ProfileStanding, list_standings
from monitoring.conversions.charts import pace_line, say_in
from monitoring.conversions.models import Goal
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.selectors.counting import Answer, answer_numbers, conversions_per_day, what_counts
from monitoring.conversions.selectors.goals import Progress, find_goal, pace_per_day, read_progress
from monitoring.dashboard.marks import Mark, Peak, campaigns_in, find_peak, mark_peak
from monitoring.dashboard.scores import FourScores, four_scores
from monitoring.lib.charts import Chart, Series, TimeAxis, draw_chart
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, BrandKind, TermKind
from monitoring.listening.selectors.counts import (
    FEW_MENTIONS,
    Estimate,
    PeriodCounts,
    Share,
    Volume,
    count_authors,
    count_period,
    mentions_by_brand,
    sum_period,
    top_terms,
)
from monitoring.listening.selectors.coverage import (
    Coverage,
    Gap,
    read_coverage,
    read_coverage_by_brand,
)

MOST_TERMS = 8


@dataclass(frozen=True)
class Overview:
    """One brand's period. Each figure is read once, when it is first asked for."""

    organization: Organization
    brand: Brand
    brands: list[Brand]
    period: Period
    compared: Period  # what the period is compared with
    now: datetime

    @property
    def compares_years(self) -> bool:
        return self.compared != self.period.previous()

    @cached_property
    def counts(self) -> PeriodCounts:
        return count_period(brands=[self.brand], period=self.period)

    @property
    def days(self) -> dict[date, Volume]:
        return self.counts.days

    @property
    def total(self) -> Volume:
        return self.counts.total

    @property
    def platforms(self) -> list[Share]:
        return self.counts.platforms

    @cached_property
    def before(self) -> Volume:
        return sum_period(brands=[self.brand], period=self.compared)

    @cached_property
    def authors(self) -> Estimate:
        return count_authors(brand=self.brand, period=self.period, mentions=self.total.mentions)

    @cached_property
    def coverage(self) -> Coverage:
        return read_coverage(brands=[self.brand], now=self.now)

    @property
    def gaps(self) -> list[Gap]:
        return self.coverage.gaps(self.period)

    @cached_property
    def unknown_days(self) -> set[date]:
        """Days about which no platform at all can tell us anything."""
        return self.coverage.silent_days(self.period) - set(self.days)

    @cached_property
    def before_is_known(self) -> bool:
        """Whether the period before can be compared with: a day that nobody looked at is not a day of zero."""
        return not self.coverage.silent_days(self.compared)

    @cached_property
    def goal(self) -> Goal | None:
        return find_goal(organization=self.organization)

    @cached_property
    def progress(self) -> Progress | None:
        return (
            read_progress(organization=self.organization, goal=self.goal, now=self.now) if self.goal else None
        )

    @cached_property
    def answer(self) -> Answer:
        return answer_numbers(
            organization=self.organization,
            period=self.period,
            kind=what_counts(self.goal).kind,
            before=self.compared,
        )

    @cached_property
    def pace(self) -> dict[date, Decimal]:
        """What each day should have brought to reach the goal."""
        return pace_per_day(goal=self.goal, period=self.period) if self.goal else {}

    @property
    def goal_share(self) -> Decimal | None:
        """What social media brought, of what the goal wanted in these days; None where the goal counts others."""
        goal, wanted = self.goal, sum(self.pace.values(), Decimal(0))
        if goal is None or not wanted or (goal.channels and set(goal.channels) != set(SOCIAL)):
            return None
        if not goal.is_money:
            return self.answer.now.social_number / wanted
        return self.answer.now.social_amount / wanted if goal.currency == self.answer.currency else None

    @cached_property
    def peak(self) -> Peak | None:
        return find_peak(days=self.days, period=self.period, unknown=self.unknown_days)

    @cached_property
    def marks(self) -> list[Mark]:
        """What the main chart names: campaigns, and the day that stood out."""
        campaigns = campaigns_in(organization=self.organization, period=self.period)
        return [*campaigns, *([mark_peak(self.peak)] if self.peak else [])]

    @cached_property
    def profiles(self) -> list[ProfileStanding]:
        return list_standings(organization=self.organization, period=self.period)

    @cached_property
    def own_profiles(self) -> list[ProfileStanding]:
        return [standing for standing in self.profiles if standing.profile.brand.kind == BrandKind.OWN]

    @cached_property
    def hashtags(self) -> list[Share]:
        return top_terms(kind=TermKind.HASHTAG, brand=self.brand, period=self.period, limit=8)

    @cached_property
    def terms(self) -> list[Share]:
        """The commonest words, without those of the brand's own name: they say nothing about it."""
        own = {*words_of(fold(self.brand.name)), fold(self.brand.name).replace(" ", "")}
        found = top_terms(
            kind=TermKind.TERM, brand=self.brand, period=self.period, limit=MOST_TERMS + len(own)
        )
        return [share for share in found if share.name not in own][:MOST_TERMS]

    @cached_property
    def engagement(self) -> list[tuple[date, int | None]]:
        """Interactions with our own posts and with mentions of us; unknown only where neither is known."""
        own = engagement_per_day(organization=self.organization, period=self.period, now=self.now)
        spoken = {day: volume.interactions for day, volume in self.days.items()}
        return [(each.day, self._together(each.interactions, each.day, spoken)) for each in own]

    def _together(self, own: int | None, day: date, spoken: dict[date, int]) -> int | None:
        mentions = spoken.get(day, None if day in self.unknown_days else 0)
        return None if own is None and mentions is None else (own or 0) + (mentions or 0)

    def _buckets(self, name: str) -> list[int | None]:
        def on(day: date) -> int | None:
            return None if day in self.unknown_days else getattr(self.days.get(day, Volume()), name)

        return sum_by_bucket(self.period, ((day, on(day)) for day in self.period.each_day()))

    @cached_property
    def axis(self) -> TimeAxis:
        return TimeAxis(self.period)

    def draw_engagement(self) -> Chart:
        values = sum_by_bucket(self.period, self.engagement)
        series = Series(label=_("Engagement"), values=values, kind="line", color="text-2", fill=True)
        return self._with_marks(draw_chart(self.axis, [series], hide_x=True))

    def draw_conversions(self) -> Chart:
        counted = what_counts(self.goal)
        brought = conversions_per_day(organization=self.organization, period=self.period, counted=counted)
        series = [Series(label=self.conversions_label, values=_sums(self.period, brought))]
        if self.goal:
            pace = _sums(self.period, self.pace)
            series.append(pace_line(_("Pace of the goal"), pace))
        return self._with_marks(draw_chart(self.axis, series, say=say_in(self.goal)))

    def _with_marks(self, chart: Chart) -> Chart:
        marks = [mark.as_data(self.period, self.axis.buckets) for mark in self.marks]
        return replace(chart, data=chart.data | {"marks": marks})

    @property
    def conversions_label(self) -> str:
        """What the goal counts: "Orders", or "Orders in EUR" where it measures money."""
        if self.goal is None:
            return _("Orders")
        counted = kind_label(self.goal.counts)
        if not self.goal.is_money:
            return counted
        return _("%(counted)s in %(currency)s") % {"counted": counted, "currency": self.goal.currency}

    @cached_property
    def engagement_peak(self) -> date | None:
        """The day on which most people reacted, if any did."""
        known = [(value, day) for day, value in self.engagement if value]
        return max(known)[1] if known else None

    def draw_volume(self) -> Chart:
        tones = (
            ("positive", _("Positive"), "pos"),
            ("neutral", _("Neutral"), "neu"),
            ("negative", _("Negative"), "neg"),
        )
        series = [
            Series(label=label, values=self._buckets(name), color=f"{color}-fill")
            for name, label, color in tones
        ]
        return draw_chart(self.axis, series, stacked=True)

    @cached_property
    def voices_before(self) -> dict[int, int]:
        return mentions_by_brand(brands=self._compared_brands, period=self.compared)

    @property
    def _compared_brands(self) -> list[Brand]:
        """Us and our competitors; nobody without competitors."""
        rivals = [brand for brand in self.brands if brand.kind == BrandKind.COMPETITOR]
        return [self.brand, *(rival for rival in rivals if rival != self.brand)] if rivals else []

    @cached_property
    def scores(self) -> FourScores:
        rivals = self._compared_brands[1:]
        coverage = {self.brand.pk: self.coverage, **read_coverage_by_brand(brands=rivals, now=self.now)}
        brands = [self.brand, *rivals]
        return four_scores(brands=brands, period=self.period, coverage=coverage, now=self.now)

    @cached_property
    def share_of_voice(self) -> list[Voice]:
        """Of the mentions of us and of our competitors together, the most first; empty without competitors."""
        counted = mentions_by_brand(brands=self._compared_brands, period=self.period)
        now, before = counted.values(), self.voices_before.values()
        comparable = min(sum(now), sum(before)) >= FEW_MENTIONS and self.before_is_known
        voices = [
            Voice(
                brand,
                counted.get(brand.pk, 0),
                counted.get(brand.pk, 0) / sum(now) if sum(now) >= FEW_MENTIONS else None,
                self.voices_before.get(brand.pk, 0) / sum(before) if comparable else None,
            )
            for brand in self._compared_brands
        ]
        return sorted(voices, key=lambda voice: -voice.mentions)


@dataclass(frozen=True)
class Voice:
    """How much of all that is said is about one brand. Shares are None where there is too little to compare."""

    brand: Brand
    mentions: int
    share: float | None
    share_before: float | None

    @property
    def points(self) -> float | None:
        if self.share is None or self.share_before is None:
            return None
        return round((self.share - self.share_before) * 100)


def _sums(period: Period, per_day: dict[date, Decimal]) -> list[Decimal]:
    sums = dict.fromkeys(period.each_bucket(), Decimal(0))
    for day, value in per_day.items():
        sums[period.bucket_of(day)] += value
    return list(sums.values())
