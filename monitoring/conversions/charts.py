"""The charts of the goal page, as js/charts.js draws them, with the same figures as rows of a table.

A float appears only here, where a figure becomes a height.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext as _

from monitoring.conversions.models import Goal
from monitoring.conversions.selectors.goals import Progress, pace_per_day
from monitoring.conversions.wording import say_amount
from monitoring.lib.figures import reader_locale
from monitoring.lib.periods import Period, week_of


@dataclass(frozen=True)
class Chart:
    """`data` for the canvas, `summary` for those who do not see it, `columns` and `rows` for the table."""

    data: dict[str, Any]
    summary: str
    columns: list[str]
    rows: list[list[str]]


def _tick(day: date) -> str:
    return format_skeleton("MMMd", day, locale=reader_locale())


def _ticks(period: Period) -> list[str]:
    """One label a week, on the day it starts."""
    return [_tick(day) if day == week_of(day, period.week_start) else "" for day in period.each_day()]


def _long(day: date) -> str:
    return format_date(day, "full", locale=reader_locale())


def draw_days(goal: Goal | None, period: Period, per_day: Mapping[date, Decimal]) -> Chart:
    """What each day brought, as bars, with the goal's pace as a line."""
    pace = pace_per_day(goal=goal, period=period) if goal else {}
    series: list[dict[str, Any]] = [
        {
            "label": _("Brought"),
            "kind": "bar",
            "color": "accent-fill",
            "values": [float(value) for value in per_day.values()],
        }
    ]
    if pace:
        series.append(_dashed(_("Pace of the goal"), [float(value) for value in pace.values()]))
    return Chart(
        data={"labels": [*map(_long, per_day)], "ticks": _ticks(period), "series": series},
        summary=_summarize(goal, period, per_day),
        columns=[_("Day"), _("Brought"), *([_("Pace of the goal")] if pace else [])],
        rows=[
            [_long(day), say_amount(value, goal), *([say_amount(pace[day], goal)] if pace else [])]
            for day, value in reversed(list(per_day.items()))
        ],
    )


def _summarize(goal: Goal | None, period: Period, per_day: Mapping[date, Decimal]) -> str:
    best = max(per_day, key=lambda day: per_day[day])
    if not per_day[best]:
        return _("Nothing was reported in these %(days)s days.") % {"days": period.days}
    return _("%(total)s in %(days)s days; the best day was %(best)s with %(peak)s.") % {
        "total": say_amount(sum(per_day.values(), Decimal(0)), goal),
        "days": period.days,
        "best": _long(best),
        "peak": say_amount(per_day[best], goal),
    }


def draw_progress(progress: Progress) -> Chart:
    """The sum since the goal's period began, against an even pace. The days to come are a gap, not zero."""
    goal, period = progress.goal, progress.period
    sums = dict(zip(progress.per_day, accumulate(progress.per_day.values()), strict=True))
    pace = {day: goal.target * number / period.days for number, day in enumerate(period.each_day(), start=1)}
    known = {day: value for day, value in sums.items() if day <= progress.today}
    series = [
        {
            "label": _("So far"),
            "kind": "line",
            "color": "accent-fill",
            "fill": "origin",
            "values": [float(known[day]) if day in known else None for day in sums],
        },
        _dashed(_("Even pace"), [float(value) for value in pace.values()]),
    ]
    return Chart(
        data={
            "labels": [*map(_long, sums)],
            "ticks": _ticks(period),
            "series": series,
            "max": float(goal.target),
        },
        summary=_("%(reached)s so far; an even pace would have brought %(expected)s by the end of today.")
        % {"reached": say_amount(progress.reached, goal), "expected": say_amount(pace[progress.today], goal)},
        columns=[_("By the end of"), _("So far"), _("Even pace")],
        rows=[
            [_long(day), say_amount(value, goal), say_amount(pace[day], goal)]
            for day, value in reversed(list(known.items()))
        ],
    )


def _dashed(label: str, values: list[float]) -> dict[str, Any]:
    return {"label": label, "kind": "line", "color": "text-3", "dashed": True, "values": values}
