"""What a shop sent last, as a table to take away."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from monitoring.conversions.models import Delivery, ShopConnection
from monitoring.lib.exporting import ExportedTable


def export_deliveries(connection: ShopConnection) -> ExportedTable:
    """All that are kept, newest first, without what was said. Times are in the organization's zone."""
    zone = ZoneInfo(connection.organization.time_zone)
    kept = Delivery.objects.filter(connection=connection).defer("body").order_by("-received_at", "-pk")
    labels = {value: str(label) for value, label in Delivery.Outcome.choices}
    return ExportedTable(
        name=f"{connection.name} deliveries",
        columns=[_("When (%(zone)s)") % {"zone": zone.key}, _("About"), _("What became of it"), _("Reason")],
        rows=(
            [each.received_at.astimezone(zone), each.topic, labels[each.outcome], each.reason]
            for each in kept.iterator(chunk_size=1_000)
        ),
    )
