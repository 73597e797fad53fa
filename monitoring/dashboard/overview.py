"""What the overview says first: the answer, its evidence, and what to do next. Read from rollups only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.audience.selectors.engagement import days_without_a_reading, on_each_day, sum_by_bucket
from monitoring.audience.selectors.own import OwnPeriod, read_own_period
from monitoring.conversions.charts import pace_line, say_in
from monitoring.conversions.models import Goal, Kind
from monitoring.conversions.models.channels import SOCIAL
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.selectors.counting import Answer, Counted, what_counts
from monitoring.conversions.selectors.goals import Progress, find_goal, pace_per_day
from monitoring.conversions.selectors.outcome import Outcome, read_outcome
from monitoring.dashboard.explaining import Explaining, latest
from monitoring.dashboard.marks import (
    Mark,
    Peak,
    find_complaint_wave,
    find_loud_days,
    mark_campaign,
    mark_complaints,
    mark_incident,
    mark_peak,
)
from monitoring.dashboard.rows_behind import RowsBehind
from monitoring.lib.charts import Chart, Links, Series, TimeAxis, draw_chart
from monitoring.lib.hatching import Unread, hatch_unread
from monitoring.lib.periods import Period
from monitoring.listening.models import Brand, BrandKind
from monitoring.listening.selectors.comparing import Comparison, compare_periods, count_authors
from monitoring.listening.selectors.counts import Estimate, Share, Volume
from monitoring.listening.selectors.coverage import Coverage, Gap, silences_by_platform, unread_by_day
from monitoring.listening.selectors.watching import Watch, read_watch
from monitoring.listening.showing.unread import name_unread

# Which kinds of brands are held beside each other: a topic is larger than any shop.
_BESIDE: Final = {
    BrandKind.OWN: (BrandKind.COMPETITOR,),
    BrandKind.COMPETITOR: (BrandKind.OWN, BrandKind.COMPETITOR),
    BrandKind.PRODUCT: (BrandKind.PRODUCT,),
    BrandKind.TOPIC: (BrandKind.TOPIC,),
}


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
    def rows(self) -> RowsBehind:
        return RowsBehind(self.organization, self.brand, self.period)

    @cached_property
    def explaining(self) -> Explaining:
        profiles = latest(source.covered_until for source in self.watch.own_profiles)
        return Explaining(self.period, self.now, self.coverage.read_at, profiles)

    @cached_property
    def comparison(self) -> Comparison:
        return compare_periods(brand=self.brand, period=self.period, compared=self.compared)

    @property
    def days(self) -> dict[date, Volume]:
        return self.comparison.counts.days

    @property
    def total(self) -> Volume:
        return self.comparison.counts.total

    @property
    def platforms(self) -> list[Share]:
        return self.comparison.counts.platforms

    @property
    def languages(self) -> list[Share]:
        return self.comparison.counts.languages

    @property
    def before(self) -> Volume:
        return self.comparison.before

    @cached_property
    def authors(self) -> Estimate:
        return count_authors(brand=self.brand, period=self.period, mentions=self.total.mentions)

    @cached_property
    def watch(self) -> Watch:
        return read_watch(organization=self.organization, now=self.now)

    @cached_property
    def coverage(self) -> Coverage:
        return self.watch.coverage([self.brand])

    @cached_property
    def gaps(self) -> list[Gap]:
        return self.coverage.gaps(self.period)

    @cached_property
    def unknown_days(self) -> set[date]:
        """Days about which no platform at all can tell us anything."""
        return self.coverage.silent_days(self.period) - set(self.days)

    @cached_property
    def unread(self) -> Unread | None:
        """Where some platforms could not be searched for mentions."""
        return name_unread(self.axis, self.coverage.unread(self.period))

    @cached_property
    def unread_engagement(self) -> Unread | None:
        """Where mentions or our own posts could not be read on some platforms."""
        searched = self.coverage.unread(self.period)
        posts = unread_by_day(silences_by_platform(self.watch.own_posts, self.period, self.now))
        days = {
            day: searched.get(day, set()) | posts.get(day, set()) for day in searched.keys() | posts.keys()
        }
        return name_unread(self.axis, days)

    @cached_property
    def before_is_known(self) -> bool:
        """Whether the period before can be compared with: a day that nobody looked at is not a day of zero."""
        return not self.coverage.silent_days(self.compared)

    @cached_property
    def goal(self) -> Goal | None:
        return find_goal(organization=self.organization)

    @property
    def counted(self) -> Counted:
        return what_counts(self.goal)

    @cached_property
    def outcome(self) -> Outcome:
        return read_outcome(
            organization=self.organization,
            goal=self.goal,
            period=self.period,
            compared=self.compared,
            now=self.now,
        )

    @property
    def progress(self) -> Progress | None:
        return self.outcome.progress

    @property
    def answer(self) -> Answer:
        return self.outcome.answer

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
    def loud_days(self) -> list[Peak]:
        return find_loud_days(days=self.days, period=self.period, unknown=self.unknown_days)

    @property
    def peak(self) -> Peak | None:
        return next(iter(self.loud_days), None)

    @cached_property
    def marks(self) -> list[Mark]:
        """What the main chart names: campaigns, what people noted, the day that stood out, a wave of complaints."""
        campaigns = [mark_campaign(each, self.period) for each in self.outcome.campaigns]
        incidents = [mark_incident(each, self.period) for each in self.outcome.incidents]
        peaks = [mark_peak(self.peak)] if self.peak else []
        wave = find_complaint_wave(days=self.days, period=self.period, unknown=self.unknown_days)
        return [*campaigns, *incidents, *peaks, *([mark_complaints(wave)] if wave else [])]

    @cached_property
    def own_period(self) -> OwnPeriod:
        return read_own_period(organization=self.organization, period=self.period)

    @cached_property
    def engagement_on_posts(self) -> list[tuple[date, int | None]]:
        """What our own posts gained; unknown on days without a reading."""
        unknown = days_without_a_reading(self.watch.own_posts, self.period, self.now)
        days = on_each_day(self.own_period.engaged, self.period, unknown)
        return [(each.day, each.interactions) for each in days]

    @cached_property
    def engagement_on_mentions(self) -> list[tuple[date, int | None]]:
        return [
            (day, None if day in self.unknown_days else self.days.get(day, Volume()).interactions)
            for day in self.period.each_day()
        ]

    @cached_property
    def engagement(self) -> list[tuple[date, int | None]]:
        """Interactions with our own posts and with mentions of us; unknown only where neither is known."""
        both = zip(self.engagement_on_posts, self.engagement_on_mentions, strict=True)
        return [(day, _together(own, mentions)) for (day, own), (_day, mentions) in both]

    @cached_property
    def axis(self) -> TimeAxis:
        return TimeAxis(self.period)

    def draw_engagement(self) -> Chart:
        values = sum_by_bucket(self.period, self.engagement)
        series = Series(label=_("Engagement"), values=values, kind="line", color="text-2", fill=True)
        links = self.rows.mentions_of_buckets(sort="engagement")
        chart = draw_chart(self.axis, [series], hide_x=True, links=links)
        return self._with_marks(hatch_unread(chart, self.unread_engagement))

    def draw_conversions(self) -> Chart:
        brought = _sums(self.period, self.outcome.per_day)
        series = [Series(label=self.conversions_label, values=brought)]
        if self.goal:
            pace = _sums(self.period, self.pace)
            series.append(pace_line(_("Pace of the goal"), pace))
        return self._with_marks(
            draw_chart(self.axis, series, say=say_in(self.goal), links=self.conversions_links)
        )

    @cached_property
    def conversions_links(self) -> Links | None:
        """To what each bucket counts; visits are counted, and listed nowhere."""
        return None if self.counted.kind == Kind.VISIT else self.rows.conversions_of_buckets(self.counted)

    @property
    def social_rows(self) -> str:
        """What social media brought, each of them; nothing where visits are counted."""
        kind = self.answer.kind
        return "" if kind == Kind.VISIT else self.rows.conversions(kind, sorted(SOCIAL))

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

    @cached_property
    def beside(self) -> list[Brand]:
        """This brand, and those it is held against; nobody where there is none."""
        kinds = _BESIDE[BrandKind(self.brand.kind)]
        others = [brand for brand in self.brands if brand.kind in kinds and brand != self.brand]
        return [self.brand, *others] if others else []


def _together(own: int | None, mentions: int | None) -> int | None:
    return None if own is None and mentions is None else (own or 0) + (mentions or 0)


def _sums(period: Period, per_day: Mapping[date, Decimal]) -> list[Decimal]:
    sums = dict.fromkeys(period.each_bucket(), Decimal(0))
    for day, value in per_day.items():
        sums[period.bucket_of(day)] += value
    return list(sums.values())
