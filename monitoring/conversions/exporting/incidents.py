"""What happened, as a table to take away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.models import Incident
from monitoring.lib.exporting import ExportedTable


def export_incidents(organization: Organization) -> ExportedTable:
    """The latest first."""
    noted = Incident.objects.filter(organization=organization).select_related("noted_by")
    return ExportedTable(
        name=f"{organization.name} what happened",
        columns=[_("What happened"), _("First day"), _("Last day"), _("Noted by")],
        rows=[
            [each.name, each.first_day, each.last_day, str(each.noted_by) if each.noted_by else ""]
            for each in noted.order_by("-first_day", "-pk")
        ],
    )
