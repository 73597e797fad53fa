"""The overview as a table to take away: every day of the period with the figures that its charts show."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from monitoring.dashboard.overview import Overview
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.listening.selectors.counts import Volume


def export_overview(overview: Overview) -> ExportedTable:
    """A day about which nothing is known has empty cells, not zeros."""
    return ExportedTable(
        name=f"{overview.brand.name} overview",
        columns=[
            _("Day"),
            _("Mentions"),
            _("Positive"),
            _("Neutral"),
            _("Negative"),
            _("Questions"),
            _("Engagement"),
            overview.conversions_label,
            _("What happened"),
        ],
        rows=list(_rows(overview)),
    )


def _rows(overview: Overview) -> Iterator[list[Cell]]:
    brought = overview.outcome.per_day
    named = [*overview.outcome.campaigns, *overview.outcome.incidents]
    engagement = dict(overview.engagement)
    for day in overview.period.each_day():
        volume = None if day in overview.unknown_days else overview.days.get(day, Volume())
        counts: list[Cell] = [None] * 5
        if volume:
            counts = [
                volume.mentions,
                volume.positive,
                volume.neutral,
                volume.negative,
                volume.questions,
            ]
        happened = tuple(each.name for each in named if each.covers(day))
        yield [day, *counts, engagement.get(day), brought.get(day, Decimal(0)), happened]
