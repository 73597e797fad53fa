"""What a mention or a post brought, as tables to take away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.exporting.campaigns import sales_cells, sales_columns
from monitoring.dashboard.brought import Brought
from monitoring.lib.exporting import Cell, ExportedTable


def tables_of_brought(
    organization: Organization, brought: Brought, name: str
) -> dict[str, Callable[[], ExportedTable]]:
    """By the name that an address calls them: what its links are credited with, and the links."""
    return {
        "credits": partial(_credits, organization.currency, brought, name),
        "links": partial(_links, organization, brought, name),
    }


def _credits(currency: str, brought: Brought, name: str) -> ExportedTable:
    """By each model that knows links; their figures are never added together."""
    rows: list[list[Cell]] = [
        [credited.label, str(model.label), row.number, *sales_cells(row.amounts, currency)]
        for credited in brought.credited
        for model, row in credited.rows.items()
    ]
    return ExportedTable(
        name=f"{name} {_('Credits')}",
        title=_("Credits"),
        columns=[_("What"), _("Model"), _("Number"), *sales_columns(currency)],
        rows=rows,
    )


def _links(organization: Organization, brought: Brought, name: str) -> ExportedTable:
    zone = ZoneInfo(organization.time_zone)
    return ExportedTable(
        name=f"{name} {_('Links')}",
        title=_("Links"),
        columns=[_("Link"), _("Address"), _("Made (%(zone)s)") % {"zone": zone.key}, _("Visits")],
        rows=[
            [each.link.label, each.address, each.link.created_at.astimezone(zone), each.visits]
            for each in brought.links
        ],
    )
