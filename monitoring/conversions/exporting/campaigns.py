"""Campaigns as tables to take away: all of them, and one day by day."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Organization
from monitoring.conversions.models import Campaign
from monitoring.conversions.selectors.campaigns import CampaignFigures, campaign_days, list_campaigns
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
            *sales_columns(currency),
        ],
        rows=[_row(each, currency) for each in list_campaigns(organization=organization)],
    )


def export_campaign_days(campaign: Campaign) -> ExportedTable:
    """Every day since it began on which anything came by its links, its codes or its tag."""
    currency = campaign.organization.currency
    return ExportedTable(
        name=f"{campaign.organization.name} {campaign.name}",
        columns=[
            _("Day"),
            _("Visits"),
            _("Orders"),
            *sales_columns(currency),
        ],
        rows=[
            [day.day, day.visits, day.orders, *sales_cells(day.amounts, currency)]
            for day in campaign_days(campaign=campaign)
        ],
    )


def sales_columns(currency: str) -> list[str]:
    return [_("Sales in %(currency)s") % {"currency": currency}, _("Sales in other currencies")]


def sales_cells(amounts: Mapping[str, Decimal], currency: str) -> list[Cell]:
    """Two cells: what is in the organization's currency, and the others beside each other, for they do not add up."""
    others = [f"{amount} {other}" for other, amount in sorted(amounts.items()) if other != currency]
    return [amounts.get(currency, Decimal(0)), ", ".join(others)]


def _row(each: CampaignFigures, currency: str) -> list[Cell]:
    campaign = each.campaign
    return [
        campaign.name,
        campaign.slug,
        campaign.starts_on,
        campaign.ends_on,
        ", ".join(each.coupons),
        each.links,
        each.visits,
        each.orders,
        *sales_cells(each.amounts, currency),
    ]
