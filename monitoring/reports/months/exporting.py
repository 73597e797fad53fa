"""The months that are shared, as a table to take away."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.lib.exporting import ExportedTable
from monitoring.reports.months.sharing import list_shared_months


def export_shared_months(organization: Organization, now: datetime) -> ExportedTable:
    """Those whose links still work, the latest first. Times are in the organization's zone."""
    zone = ZoneInfo(organization.time_zone)
    return ExportedTable(
        name=f"{organization.name} months",
        columns=[
            _("Month"),
            _("Money"),
            _("Made by"),
            _("Made (%(zone)s)") % {"zone": zone.key},
            _("Ends (%(zone)s)") % {"zone": zone.key},
        ],
        rows=[
            [
                f"{each.first_day:%Y-%m}",
                _("shown") if each.shows_money else _("left out"),
                str(each.created_by or ""),
                each.created_at.astimezone(zone),
                each.expires_at.astimezone(zone),
            ]
            for each in list_shared_months(organization=organization, now=now)
        ],
    )
