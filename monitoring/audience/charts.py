"""The charts of the audience page, as js/charts.js draws them, with the same figures as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext as _

from monitoring.audience.selectors.followers import Followers
from monitoring.lib.figures import format_number, reader_locale
from monitoring.lib.periods import Bucket, Period, week_of

TICKS = 7  # as many labels as fit under a chart on a phone

Values = Sequence[int | None]


@dataclass(frozen=True)
class Panel:
    """One plot: `data` for the canvas, `summary` for those who do not see it."""

    label: str
    data: dict[str, Any]
    summary: str


@dataclass(frozen=True)
class TimeAxis:
    """The buckets of a period and what they are called, worked out once for all panels and the table."""

    period: Period

    @cached_property
    def buckets(self) -> list[date]:
        return self.period.each_bucket()

    @cached_property
    def names(self) -> list[str]:
        return [_name(self.period.bucket, bucket) for bucket in self.buckets]

    @cached_property
    def ticks(self) -> list[str]:
        """At most seven labels; among days, those that begin a week."""
        weekly = self.period.bucket == Bucket.DAY and len(self.buckets) > TICKS
        places = [
            place
            for place, day in enumerate(self.buckets)
            if not weekly or day == week_of(day, self.period.week_start)
        ]
        labeled = set(places[:: max(1, ceil(len(places) / TICKS))])
        skeleton = "yMMM" if self.period.bucket == Bucket.MONTH else "MMMd"
        return [
            format_skeleton(skeleton, day, locale=reader_locale()) if place in labeled else ""
            for place, day in enumerate(self.buckets)
        ]

    def rows(self, *columns: Values) -> list[list[str]]:
        """The figures for the table, the latest first."""
        rows = list(zip(self.names, *columns, strict=True))
        return [[name, *map(format_number, values)] for name, *values in reversed(rows)]


def draw_bars(
    axis: TimeAxis, values: Values, *, label: str, series: str, color: str, hide_x: bool = False
) -> Panel:
    """One bar for each bucket. Where a value is None, nobody looked."""
    bars = {"label": series, "kind": "bar", "color": color, "values": list(values)}
    return Panel(
        label=label,
        data={
            "labels": axis.names,
            "ticks": axis.ticks,
            "covered": [value is not None for value in values],
            "series": [bars],
            "hide_x": hide_x,
        },
        summary=_summary(axis.names, values, series),
    )


def gains_together(followers: Iterable[Followers], buckets: int) -> list[int | None]:
    """What each bucket brought to several profiles. None where one that had been read before was not read."""
    gains: list[int | None] = [0] * buckets
    known = [False] * buckets
    for profile in followers:
        begins = _begins(profile)
        for place, gain in enumerate(profile.gains):
            if place < begins:
                continue
            known[place] = True
            total = gains[place]
            gains[place] = None if gain is None or total is None else total + gain
    return [gain if is_known else None for gain, is_known in zip(gains, known, strict=True)]


def _name(step: Bucket, bucket: date) -> str:
    if step == Bucket.MONTH:
        return format_skeleton("yMMMM", bucket, locale=reader_locale())
    day = format_date(bucket, "full" if step == Bucket.DAY else "long", locale=reader_locale())
    return day if step == Bucket.DAY else _("Week from %(day)s") % {"day": day}


def _begins(profile: Followers) -> int:
    """The first bucket for which a gain can be known: the first reading only says where we begin."""
    if profile.before is not None and profile.first_known == 0:
        return 0
    return len(profile.history) if profile.first_known is None else profile.first_known + 1


def _summary(names: Sequence[str], values: Values, series: str) -> str:
    known = [(value, name) for value, name in zip(values, names, strict=True) if value is not None]
    if not known:
        return _("%(series)s: not measured in this period.") % {"series": series}
    peak, name = max(known, key=lambda entry: entry[0])
    return _("%(series)s: %(total)s in all, most on %(when)s with %(peak)s.") % {
        "series": series,
        "total": format_number(sum(value for value, _name in known)),
        "when": name,
        "peak": format_number(peak),
    }
