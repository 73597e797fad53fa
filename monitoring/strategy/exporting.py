"""The plan's steps as a table to take away: each with its evidence, and whether it helped."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.lib.exporting import Cell, ExportedTable
from monitoring.strategy.models import Step
from monitoring.strategy.selectors import every_step
from monitoring.strategy.wording import put_in_words


def export_steps(organization: Organization) -> ExportedTable:
    """Open, taken and put aside, the latest first. Before and after are the rule's figure, two weeks each."""
    zone = ZoneInfo(organization.time_zone)
    return ExportedTable(
        name=f"{organization.name} steps",
        columns=[
            _("Step"),
            _("Why"),
            _("State"),
            _("Found (%(zone)s)") % {"zone": zone.key},
            _("Changed (%(zone)s)") % {"zone": zone.key},
            _("By"),
            _("Before"),
            _("After"),
            _("Did it help?"),
            _("Judged (%(zone)s)") % {"zone": zone.key},
        ],
        rows=[_row(step, zone) for step in every_step(organization=organization)],
    )


def _row(step: Step, zone: ZoneInfo) -> list[Cell]:
    words = put_in_words(step)
    return [
        words.finding,
        words.reason,
        str(step.get_state_display()),
        step.found_at.astimezone(zone),
        step.changed_at.astimezone(zone),
        str(step.changed_by) if step.changed_by else "",
        step.before,
        step.after,
        str(step.get_verdict_display()) if step.verdict else "",
        step.judged_at.astimezone(zone) if step.judged_at else None,
    ]
