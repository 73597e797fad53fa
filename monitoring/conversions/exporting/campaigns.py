"""Campaigns as a table to take away."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.selectors.campaigns import CampaignFigures, list_campaigns
from monitoring.lib.exporting import Cell, ExportedTable


def export_campaigns(organization: Organization) -> ExportedTable:
    """All that are not archived, the latest first, since each began. Orders and sales are those of the last touch."""
    currency = organization.currency
    return ExportedTable(
        name=f"{organization.name} campaigns",
        columns=[
            _("Name"),
            _("Tag"),
            _("Begins"),
            _("Ends"),
            _("Coupon codes"),
            _("Links"),
            _("Visits"),
            _("Orders"),
            _("Sales in %(currency)s") % {"currency": currency},
            _("Sales in other currencies"),
        ],
        rows=[_row(each, currency) for each in list_campaigns(organization=organization)],
    )


def _row(each: CampaignFigures, currency: str) -> list[Cell]:
    campaign = each.campaign
    others = [f"{amount} {other}" for other, amount in sorted(each.amounts.items()) if other != currency]
    return [
        campaign.name,
        campaign.slug,
        campaign.starts_on,
        campaign.ends_on,
        ", ".join(each.coupons),
        each.links,
        each.visits,
        each.orders,
        each.amounts.get(currency, Decimal(0)),
        ", ".join(others),
    ]
