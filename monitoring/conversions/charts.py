"""The charts of the goal page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from django.utils.translation import gettext as _

from monitoring.conversions.models import Goal
from monitoring.conversions.selectors.goals import Progress, pace_per_day
from monitoring.conversions.wording import say_amount
from monitoring.lib.charts import Chart, Say, Series, TimeAxis, draw_chart, name_bucket
from monitoring.lib.figures import UNKNOWN, Number
from monitoring.lib.periods import Period


def say_in(goal: Goal | None) -> Say:
    """How a figure of this goal is written."""

    def say(value: Number | None) -> str:
        return UNKNOWN if value is None else say_amount(Decimal(value), goal)

    return say


def pace_line(label: str, values: list[Decimal]) -> Series:
    return Series(label=label, values=values, kind="line", color="text-3", dashed=True)


def draw_days(
    goal: Goal | None, period: Period, per_day: Mapping[date, Decimal], before: Sequence[Decimal] = ()
) -> Chart:
    """What each day, week or month brought, as bars; the goal's pace and the period before as lines.

    `before` are the days that the period is compared with, in order; as many as there are are shown.
    """
    axis = TimeAxis(period)
    series = [Series(label=_("Brought"), values=sum_buckets(period, per_day))]
    if goal:
        series.append(
            pace_line(_("Pace of the goal"), sum_buckets(period, pace_per_day(goal=goal, period=period)))
        )
    if any(before):
        earlier = dict(zip(period.each_day(), before, strict=False))
        values = sum_buckets(period, earlier)
        series.append(Series(label=_("Before"), values=values, kind="line", color="text-2"))
    return draw_chart(axis, series, say=say_in(goal), summary=_summarize(goal, period, per_day))


def sum_buckets(period: Period, per_day: Mapping[date, Decimal]) -> list[Decimal]:
    """One figure for each bucket of the period."""
    sums = dict.fromkeys(period.each_bucket(), Decimal(0))
    for day, value in per_day.items():
        sums[period.bucket_of(day)] += value
    return list(sums.values())


def _summarize(goal: Goal | None, period: Period, per_day: Mapping[date, Decimal]) -> str:
    best = max(per_day, key=lambda day: per_day[day])
    if not per_day[best]:
        return _("Nothing was reported in these %(days)s days.") % {"days": period.days}
    return _("%(total)s in %(days)s days; the best day was %(best)s with %(peak)s.") % {
        "total": say_amount(sum(per_day.values(), Decimal(0)), goal),
        "days": period.days,
        "best": name_bucket(period, best),
        "peak": say_amount(per_day[best], goal),
    }


def draw_progress(progress: Progress) -> Chart:
    """The sum since the goal's period began, against an even pace."""
    goal, period, today = progress.goal, progress.period, progress.today
    sums = dict(zip(progress.per_day, accumulate(progress.per_day.values()), strict=True))
    pace = {day: goal.target * number / period.days for number, day in enumerate(period.each_day(), start=1)}
    # A bucket shows how things stand on its last day, or today.
    ends = {period.bucket_of(day): day for day in period.each_day()}
    known = [sums[min(end, max(today, bucket))] if bucket <= today else None for bucket, end in ends.items()]
    expected = pace[min(max(today, period.first), period.last)]
    return draw_chart(
        TimeAxis(period),
        [
            Series(label=_("So far"), values=known, kind="line", fill=True),
            pace_line(_("Even pace"), [pace[end] for end in ends.values()]),
        ],
        say=say_in(goal),
        summary=_("%(reached)s so far; an even pace would have brought %(expected)s by the end of today.")
        % {"reached": say_amount(progress.reached, goal), "expected": say_amount(expected, goal)},
        end=goal.target,
    )
