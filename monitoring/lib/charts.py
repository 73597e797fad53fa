"""Charts over time, as js/charts.js draws them, with the same figures as a sentence and as rows of a table.

A float appears only here, where a figure becomes a height. `None` is a gap: nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext as _

from monitoring.lib.figures import Number, format_number, reader_locale
from monitoring.lib.periods import Bucket, Period, week_of

TICKS = 7  # as many labels as fit under a chart on a phone
Say = Callable[[Number | None], str]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One number for each of `period.each_bucket()`. `color` names a token of the style sheet."""

    label: str
    values: Sequence[Number | None]
    kind: str = "bar"
    color: str = "accent-fill"
    fill: bool = False
    dashed: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "kind": self.kind,
            "color": self.color,
            "values": [None if value is None else float(value) for value in self.values],
            "fill": "origin" if self.fill else False,
            "dashed": self.dashed,
        }


@dataclass(frozen=True)
class Chart:
    """`data` for the canvas, `summary` for those who do not see it, `columns` and `rows` for the table."""

    data: dict[str, Any]
    summary: str
    columns: list[str]
    rows: list[list[str]]


def draw_chart(
    period: Period,
    series: Sequence[Series],
    *,
    say: Say = format_number,
    hide_x: bool = False,
    stacked: bool = False,
) -> Chart:
    """A chart of a period. The first series is the one that the summary tells about, unless they are stacked."""
    buckets = period.each_bucket()
    told = _stacked_up(series) if stacked else series[0].values
    return Chart(
        data={
            "labels": [name_bucket(period, bucket) for bucket in buckets],
            "ticks": name_ticks(period, buckets),
            "covered": [value is not None for value in told],
            "series": [one.as_data() for one in series],
            "stacked": stacked,
            "hide_x": hide_x,
        },
        summary=_summary(period, buckets, told, series[0].label, say),
        columns=[_("When"), *(one.label for one in series)],
        rows=[
            [name_bucket(period, bucket), *(say(one.values[place]) for one in series)]
            for place, bucket in reversed(list(enumerate(buckets)))
        ],
    )


def name_bucket(period: Period, bucket: date) -> str:
    """A bucket in the reader's words: a day, "Week from …", a month."""
    if period.bucket == Bucket.MONTH:
        return format_skeleton("yMMMM", bucket, locale=reader_locale())
    day = format_date(bucket, "full" if period.bucket == Bucket.DAY else "long", locale=reader_locale())
    return day if period.bucket == Bucket.DAY else _("Week from %(day)s") % {"day": day}


def name_ticks(period: Period, buckets: Sequence[date]) -> list[str]:
    """At most seven labels; among days, those that begin a week."""
    weekly = period.bucket == Bucket.DAY and len(buckets) > TICKS
    places = [
        place for place, day in enumerate(buckets) if not weekly or day == week_of(day, period.week_start)
    ]
    labeled = set(places[:: max(1, ceil(len(places) / TICKS))])
    skeleton = "yMMM" if period.bucket == Bucket.MONTH else "MMMd"
    return [
        format_skeleton(skeleton, day, locale=reader_locale()) if place in labeled else ""
        for place, day in enumerate(buckets)
    ]


def _stacked_up(series: Sequence[Series]) -> list[Number | None]:
    stacks = zip(*(one.values for one in series), strict=True)
    return [None if None in stack else sum(value for value in stack if value is not None) for stack in stacks]


def _summary(
    period: Period, buckets: Sequence[date], values: Sequence[Number | None], label: str, say: Say
) -> str:
    known = [(value, bucket) for value, bucket in zip(values, buckets, strict=True) if value is not None]
    if not known:
        return _("%(series)s: not measured in this period.") % {"series": label}
    peak, bucket = max(known)
    return _("%(series)s: %(total)s in all, most on %(when)s with %(peak)s.") % {
        "series": label,
        "total": say(sum(value for value, _bucket in known)),
        "when": name_bucket(period, bucket),
        "peak": say(peak),
    }
