"""All businesses of one person as a table: a row each, in its own currency, and never a sum of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from monitoring.dashboard.businesses import Business
from monitoring.lib.exporting import Cell, ExportedTable


def export_businesses(businesses: Sequence[Business]) -> ExportedTable:
    """What their page says of each. One that is not set up has empty cells."""
    return ExportedTable(
        name=_("Your businesses"),
        columns=[
            _("Business"),
            _("Your role"),
            _("What social media brought"),
            _("From social media"),
            _("Amount"),
            _("Currency"),
            _("Goal"),
            _("Reached"),
            _("What waits"),
        ],
        rows=[_row(business) for business in businesses],
    )


def _row(business: Business) -> list[Cell]:
    overview = business.overview
    brought: list[Cell] = [None, None, ""]
    if overview:
        answer = overview.answer
        brought = [answer.now.social_number, answer.now.social_amount, answer.currency]
    share = overview.progress.share if overview and overview.progress else None
    return [
        business.organization.name,
        business.membership.get_role_display(),
        strip_tags(str(business.answer)),
        *brought,
        business.goal_said,
        None if share is None else round(float(share), 4),
        tuple(item.text for item in business.waiting),
    ]
