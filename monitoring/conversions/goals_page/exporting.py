"""The goals page as tables to take away: day by day, and by channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from monitoring.conversions.goals_page.page import GoalsPage
from monitoring.conversions.selectors.counting import conversions_per_day, what_counts
from monitoring.conversions.selectors.goals import pace_per_day
from monitoring.lib.exporting import Cell, ExportedTable

_KEPT: Final = Decimal("0.01")


def tables_of_goals(page: GoalsPage) -> dict[str, Callable[[], ExportedTable]]:
    """By the name that an address calls them; made when they are asked for."""
    return {
        "days": partial(export_days, page),
        "channels": partial(export_channels, page),
        "sources": partial(_sources, page),
        "models": partial(_models, page),
        "funnel": partial(_funnel, page),
    }


def _funnel(page: GoalsPage) -> ExportedTable:
    """From people reached to what they did."""
    rows: list[list[Cell]] = [
        [step.label, step.number, _("yes") if step.is_estimate else "", step.note]
        for step in page.funnel.steps
    ]
    return ExportedTable(
        name=f"{page.organization.name} funnel",
        title=_("Funnel"),
        columns=[_("Step"), _("Number"), _("An estimate"), _("What it counts")],
        rows=rows,
    )


def _sources(page: GoalsPage) -> ExportedTable:
    """By the model and the grouping of the page."""
    rows: list[list[Cell]] = [
        [each.label, each.visits, each.number, each.revenue, each.spent, each.net]
        for each in page.sources.rows
    ]
    currency = {"currency": page.organization.currency}
    return ExportedTable(
        name=f"{page.organization.name} {page.model.value} {page.grouping}",
        title=_("Where they came from"),
        columns=[
            _("Source"),
            _("Visits"),
            page.kind_said,
            _("Revenue in %(currency)s") % currency,
            _("Ads in %(currency)s") % currency,
            _("Net in %(currency)s") % currency,
        ],
        rows=rows,
    )


def _models(page: GoalsPage) -> ExportedTable:
    """Each channel under each model: compare them, do not add them."""
    rows: list[list[Cell]] = [
        [channel.label, str(model.label), figure.number, figure.amount, figure.currency]
        for channel in page.compared.channels
        for model, figure, _address in channel.by_model
    ]
    return ExportedTable(
        name=f"{page.organization.name} credits",
        title=_("Credits"),
        columns=[_("Channel"), _("Model"), page.kind_said, _("Amount"), _("Currency")],
        rows=rows,
    )


def export_days(page: GoalsPage) -> ExportedTable:
    """What the goal counts on each day, its even pace, and the days the period is compared with in the same order."""
    return ExportedTable(
        name=f"{page.organization.name} goal by day",
        title=_("Days"),
        columns=[_("Day"), _counted(page), _("Pace of the goal"), _("Compared day"), _("Before")],
        rows=list(_days(page)),
    )


def export_channels(page: GoalsPage) -> ExportedTable:
    """How many each channel brought, by what customers said or by the link they followed."""
    return ExportedTable(
        name=f"{page.organization.name} channels",
        title=_("Channels"),
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
