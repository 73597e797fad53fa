"""The return as a table to take away: every term of all of it, and of each platform, campaign and post."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from monitoring.conversions.selectors.returns import Return, Terms
from monitoring.lib.exporting import Cell, ExportedTable

_FINEST: Final = Decimal("0.0001")


def export_return(found: Return) -> ExportedTable:
    """Money is in the organization's currency. The rows of each list add up to the first."""
    currency = {"currency": found.currency}
    lists = (
        (_("Platform"), found.by_platform),
        (_("Campaign"), found.by_campaign),
        (_("Post"), found.by_post),
    )
    return ExportedTable(
        name=f"{found.organization.name} return",
        columns=[
            _("By"),
            _("Of"),
            _("Orders"),
            _("Sales by last touch in %(currency)s") % currency,
            _("Sales by what customers said in %(currency)s") % currency,
            _("Ads in %(currency)s") % currency,
            _("Minutes"),
            _("Cost of the minutes in %(currency)s") % currency,
            _("Paid platforms in %(currency)s") % currency,
            _("Cost in %(currency)s") % currency,
            _("Margin"),
            _("Return, at least"),
            _("Return, at most"),
        ],
        rows=[
            [_("All"), "", *_terms(found.total)],
            *([by, row.label, *_terms(row.terms)] for by, rows in lists for row in rows),
        ],
    )


def _terms(terms: Terms) -> list[Cell]:
    """What nobody knows, or claims, is an empty cell."""
    values = (
        terms.orders,
        terms.sales,
        terms.sales_said,
        terms.ad_spend,
        terms.minutes,
        terms.staff,
        terms.api_cost,
        terms.cost,
        terms.margin,
        terms.return_low,
        terms.return_high,
    )
    return [value.quantize(_FINEST) if isinstance(value, Decimal) else value for value in values]
