"""Charts over time, as js/charts.js draws them, with the same figures as a sentence and as rows of a table.

A float appears only here, where a figure becomes a height. `None` is a gap: nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from math import ceil
from typing import Any, Literal

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext as _

from monitoring.lib.figures import Number, format_number, format_numbers, reader_locale
from monitoring.lib.periods import Bucket, Period, week_of

TICKS = 7  # as many labels as fit under a chart on a phone
Say = Callable[[Number | None], str]


@dataclass(frozen=True)
class TimeAxis:
    """The buckets of a period and what they are called, worked out once for all the charts over it."""

    period: Period

    @cached_property
    def buckets(self) -> list[date]:
        return self.period.each_bucket()

    @cached_property
    def names(self) -> list[str]:
        return [name_bucket(self.period, bucket) for bucket in self.buckets]

    @cached_property
    def ticks(self) -> list[str]:
        return name_ticks(self.period, self.buckets)


@dataclass(frozen=True)
class MonthAxis(TimeAxis):
    """Months, however long the period: for what happens seldom."""

    @cached_property
    def buckets(self) -> list[date]:
        return list(dict.fromkeys(day.replace(day=1) for day in self.period.each_day()))

    @cached_property
    def names(self) -> list[str]:
        return [_by_skeleton("yMMMM", month, reader_locale()) for month in self.buckets]

    @cached_property
    def ticks(self) -> list[str]:
        step = max(1, ceil(len(self.buckets) / TICKS))
        return [
            _by_skeleton("yMMM", month, reader_locale()) if place % step == 0 else ""
            for place, month in enumerate(self.buckets)
        ]


@dataclass(frozen=True, kw_only=True)
class Series:
    """One number for each bucket of the axis. `color` names a token of the style sheet."""

    label: str
    values: Sequence[Number | None]
    kind: str = "bar"
    color: str = "accent-fill"
    fill: bool = False
    dashed: bool = False
    query: str = ""  # what narrows the link of a bucket to this series

    def as_data(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "kind": self.kind,
            "color": self.color,
            "values": [None if value is None else float(value) for value in self.values],
            "fill": "origin" if self.fill else False,
            "dashed": self.dashed,
            **({"query": self.query} if self.query else {}),
        }


@dataclass(frozen=True)
class Links:
    """Where the rows behind each bucket are: what these addresses share, and what each of them adds."""

    base: str
    spans: Sequence[str]

    @property
    def addresses(self) -> list[str]:
        return [f"{self.base}&{span}" for span in self.spans]


@dataclass(frozen=True, kw_only=True)
class Table:
    """The figures of charts, the latest first. `links` lead from each row to what it counts, where they are given."""

    columns: list[str]
    rows: list[list[str]]
    links: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Chart(Table):
    """`data` for the canvas, `summary` for those who do not see it; as a table it is its own alternative.

    `hatches` explain what is hatched: what nobody knows, and what is known in part. `unread` is the last column of the
    table, where it has one (`hatch_unread`).
    """

    data: dict[str, Any]
    summary: str
    hatches: Sequence[tuple[str, str]] = ()
    unread: Sequence[str] = ()


def draw_chart(
    axis: TimeAxis,
    series: Sequence[Series],
    *,
    say: Say = format_number,
    summary: str = "",
    stacked: bool = False,
    hide_x: bool = False,
    end: Number | None = None,
    links: Links | None = None,
) -> Chart:
    """A chart over a period. Unless `summary` is given, it tells about the first series, or about the whole stack.

    `end` is where the way of the first series leads, a target: then its None are days to come and no gaps. `links`
    lead to the rows behind each bucket.
    """
    told = _stacked_up(series) if stacked else series[0].values
    covered = [end is not None or value is not None for value in told]
    data = {
        "labels": axis.names,
        "ticks": axis.ticks,
        "covered": covered,
        "series": [one.as_data() for one in series],
        "stacked": stacked,
        "hide_x": hide_x,
        **({"links": {"base": links.base, "spans": list(links.spans)}} if links else {}),
    }
    addresses = links.addresses if links else []
    cells = [
        format_numbers(one.values) if say is format_number else list(map(say, one.values)) for one in series
    ]
    rows = [list(row) for row in zip(axis.names, *cells, strict=True)]
    known = [place for place, value in enumerate(told) if end is None or value is not None][::-1]
    return Chart(
        data=data if end is None else data | {"max": float(end)},
        summary=summary or _summary(axis, told, series[0].label, say),
        columns=[_("When"), *(one.label for one in series)],
        rows=[rows[place] for place in known],
        links=[addresses[place] for place in known] if addresses else (),
        hatches=[] if all(covered) else [("gap", _("Hatched: nobody could look."))],
    )


def join_tables(*charts: Chart) -> Table:
    """One table of several panels over the same axis. What was not read of any of them stands in one column."""
    panels = zip(*(_figures(chart) for chart in charts), strict=True)
    columns, *rows = ([lines[0][0], *(cell for line in lines for cell in line[1:])] for lines in panels)
    hatched = [chart for chart in charts if chart.unread]
    if not hatched:
        return Table(columns=columns, rows=rows)
    unread = zip(*(chart.unread for chart in hatched), strict=True)
    return Table(
        columns=[*columns, hatched[0].columns[-1]],
        rows=[
            [*row, ", ".join(dict.fromkeys(filter(None, said)))]
            for row, said in zip(rows, unread, strict=True)
        ],
    )


def _figures(chart: Chart) -> list[list[str]]:
    """Head and rows without the column of what was not read."""
    return [row[:-1] if chart.unread else row for row in (chart.columns, *chart.rows)]


def name_bucket(period: Period, bucket: date) -> str:
    """A bucket in the reader's words: a day, "Week from …", a month."""
    if period.bucket == Bucket.MONTH:
        return _by_skeleton("yMMMM", bucket, reader_locale())
    day = _day(bucket, "full" if period.bucket == Bucket.DAY else "long", reader_locale())
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
        _by_skeleton(skeleton, day, reader_locale()) if place in labeled else ""
        for place, day in enumerate(buckets)
    ]


# Kept, because everybody looks at the same last weeks.
@lru_cache(maxsize=10_000)
def _day(day: date, style: Literal["full", "long"], locale: str) -> str:
    return format_date(day, style, locale=locale)


@lru_cache(maxsize=10_000)
def _by_skeleton(skeleton: str, day: date, locale: str) -> str:
    return format_skeleton(skeleton, day, locale=locale)


def _stacked_up(series: Sequence[Series]) -> list[Number | None]:
    stacks = zip(*(one.values for one in series), strict=True)
    return [None if None in stack else sum(value for value in stack if value is not None) for stack in stacks]


def _summary(axis: TimeAxis, values: Sequence[Number | None], label: str, say: Say) -> str:
    known = [(value, place) for place, value in enumerate(values) if value is not None]
    if not known:
        return _("%(series)s: not measured in this period.") % {"series": label}
    peak, place = max(known)
    return _("%(series)s: %(total)s in all, most on %(when)s with %(peak)s.") % {
        "series": label,
        "total": say(sum(value for value, _place in known)),
        "when": axis.names[place],
        "peak": say(peak),
    }
