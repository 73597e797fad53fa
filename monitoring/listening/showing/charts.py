"""Charts of one mention and of one author."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.lib.charts import Chart, MonthAxis, Series, Table, TimeAxis, draw_chart
from monitoring.lib.figures import Number, format_number
from monitoring.lib.periods import LONGEST_DAYS, ONE_DAY, Period, local_day
from monitoring.listening.models import Mention, MentionEngagement
from monitoring.listening.selectors.authors import Spoken

LONGEST_HISTORY: Final = 500  # measurements of a mention: one a month after the first week
MONTHS: Final = 24
_PARTS: Final = ("likes", "replies", "shares", "quotes")
_Count = Callable[[MentionEngagement], int | None]


@dataclass(frozen=True)
class Growth:
    """How the reactions grew: what each bucket of time ended with, where somebody had asked, and each measurement."""

    reactions: Chart
    views: Chart | None  # where the platform counts them
    table: Table


def draw_growth(*, mention: Mention, history: Sequence[MentionEngagement], zone: ZoneInfo) -> Growth | None:
    """None while a mention was measured once: there is nothing to compare. The last entry is the latest."""
    if not history:
        return None
    first = local_day(min(mention.published_at, history[0].at), zone)
    last = max(local_day(history[-1].at, zone), first)
    axis = TimeAxis(Period(max(first, last - ONE_DAY * (LONGEST_DAYS - 1)), last, zone))
    reactions = _panel(axis, history, _("Reactions"), _reactions)
    has_views = any(entry.views is not None for entry in history)
    return Growth(
        reactions=reactions,
        views=_panel(axis, history, _("Views"), lambda entry: entry.views) if has_views else None,
        table=_table(history),
    )


def _panel(axis: TimeAxis, history: Sequence[MentionEngagement], label: str, count: _Count) -> Chart:
    """A bucket holds what was last measured in it. Where nothing was, or nothing had changed, it is left empty."""
    last: dict[date, int | None] = {}
    for entry in history:
        last[axis.period.bucket_of(local_day(entry.at, axis.period.zone))] = count(entry)
    values: list[Number | None] = [last.get(bucket) for bucket in axis.buckets]
    known = [count(entry) for entry in history]
    summary = _("%(label)s: from %(first)s to %(last)s, measured %(times)s times.") % {
        "label": label,
        "first": format_number(known[0]),
        "last": format_number(known[-1]),
        "times": format_number(len(known)),
    }
    return draw_chart(axis, [Series(label=label, values=values)], summary=summary)


def _reactions(entry: MentionEngagement) -> int | None:
    known = [number for name in _PARTS if (number := getattr(entry, name)) is not None]
    return sum(known) if known else None


def _table(history: Sequence[MentionEngagement]) -> Table:
    return Table(
        columns=[_("Measured"), _("Likes"), _("Replies"), _("Shares"), _("Quotes"), _("Views")],
        rows=[
            [
                date_format(timezone.localtime(entry.at), "SHORT_DATETIME_FORMAT"),
                *(format_number(getattr(entry, name)) for name in (*_PARTS, "views")),
            ]
            for entry in reversed(history)
        ],
    )


def draw_tone_by_month(
    *, by_month: Mapping[date, Spoken], today: date, silent: Collection[date], zone: ZoneInfo
) -> Chart | None:
    """From the first month until now, at most two years. A month that nobody looked at is a gap."""
    if not by_month:
        return None
    first = max(min(by_month), _months_before(today, MONTHS - 1))
    axis = MonthAxis(Period(first, today, zone))
    unseen = _whole_months(axis, set(silent)) - by_month.keys()
    found = [None if month in unseen else by_month.get(month, Spoken()) for month in axis.buckets]
    series = [
        Series(
            label=label,
            values=[None if month is None else getattr(month, name) for month in found],
            color=f"{name[:3]}-fill",
        )
        for name, label in (
            ("positive", _("Positive")),
            ("neutral", _("Neutral")),
            ("negative", _("Negative")),
        )
    ]
    total = sum(month.mentions for month in found if month)
    summary = ngettext(
        "%(number)s mention in %(months)s months.", "%(number)s mentions in %(months)s months.", total
    ) % {"number": format_number(total), "months": format_number(len(axis.buckets))}
    return draw_chart(axis, series, stacked=True, summary=summary)


def first_shown(today: date) -> date:
    """The first day that a chart by month may show."""
    return _months_before(today, MONTHS - 1)


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _whole_months(axis: MonthAxis, silent: set[date]) -> set[date]:
    """The months of which each day is silent."""
    seen = {day.replace(day=1) for day in axis.period.each_day() if day not in silent}
    return set(axis.buckets) - seen
