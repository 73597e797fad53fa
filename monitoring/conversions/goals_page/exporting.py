"""The goals page as tables to take away: day by day, and by channel."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from monitoring.conversions.goals_page.page import GoalsPage
from monitoring.conversions.selectors.counting import conversions_per_day, what_counts
from monitoring.conversions.selectors.goals import pace_per_day
from monitoring.lib.exporting import Cell, ExportedTable

_KEPT: Final = Decimal("0.01")


def export_days(page: GoalsPage) -> ExportedTable:
    """What the goal counts on each day, its even pace, and the days the period is compared with in the same order."""
    return ExportedTable(
        name=f"{page.organization.name} goal by day",
        columns=[_("Day"), _counted(page), _("Pace of the goal"), _("Compared day"), _("Before")],
        rows=list(_days(page)),
    )


def export_channels(page: GoalsPage) -> ExportedTable:
    """How many each channel brought, by what customers said or by the link they followed."""
    return ExportedTable(
        name=f"{page.organization.name} channels",
        columns=[_("Channel"), page.kind_said, _("Before")],
        rows=[[str(row["label"]), _number(row["number"]), _number(row["before"])] for row in page.channels],
    )


def _days(page: GoalsPage) -> Iterator[list[Cell]]:
    counted = what_counts(page.goal)
    now, before = (
        conversions_per_day(organization=page.organization, period=span, counted=counted)
        for span in (page.period, page.choice.compared)
    )
    pace = pace_per_day(goal=page.goal, period=page.period) if page.goal else {}
    earlier = list(before.items())
    for place, (day, brought) in enumerate(now.items()):
        compared = earlier[place] if place < len(earlier) else (None, None)
        wanted = pace[day].quantize(_KEPT) if day in pace else None
        yield [day, brought, wanted, *compared]


def _counted(page: GoalsPage) -> str:
    """ "Orders", or "Orders in EUR" where the goal is money."""
    if page.goal is None or not page.goal.is_money:
        return page.kind_said
    return _("%(counted)s in %(currency)s") % {"counted": page.kind_said, "currency": page.goal.currency}


def _number(value: object) -> Cell:
    return value if isinstance(value, int | Decimal) else None
