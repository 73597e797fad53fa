"""One conversion as tables to take away: every step of its chain, and what part each touch has in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.chain import Chain, name_touch
from monitoring.lib.exporting import Cell, ExportedTable


def tables_of_chain(organization: Organization, chain: Chain) -> dict[str, Callable[[], ExportedTable]]:
    """By the name that an address calls them. Times are in the organization's zone."""
    zone = ZoneInfo(organization.time_zone)
    return {"steps": partial(_steps, chain, zone), "shares": partial(_shares, chain, zone)}


def _steps(chain: Chain, zone: ZoneInfo) -> ExportedTable:
    return ExportedTable(
        name=f"{_('Conversion')} {chain.conversion.pk}",
        title=_("How it came about"),
        columns=[_("When (%(zone)s)") % {"zone": zone.key}, _("Step"), _("Details"), _("Void")],
        rows=[
            [step.at.astimezone(zone), step.title, step.text, _("yes") if step.is_void else ""]
            for step in chain.steps
        ],
    )


def _shares(chain: Chain, zone: ZoneInfo) -> ExportedTable:
    """A touch before the window has no part."""
    rows: list[list[Cell]] = [
        [
            name_touch(each.touch),
            each.touch.occurred_at.astimezone(zone),
            *(
                round(part, 6) if each.counts else None
                for part in (each.first, each.last, each.linear, each.decay)
            ),
        ]
        for each in chain.shares
    ]
    return ExportedTable(
        name=f"{_('Conversion')} {chain.conversion.pk} {_('Credits')}",
        title=_("Who is credited with it"),
        columns=[
            _("Touch"),
            _("When (%(zone)s)") % {"zone": zone.key},
            _("First touch"),
            _("Last touch"),
            _("Equal parts"),
            _("Time decay"),
        ],
        rows=rows,
    )
