"""Costs and campaigns as files."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.conversions.exporting.campaigns import export_campaign_days, export_campaigns
from monitoring.conversions.exporting.costs import export_boosts, export_spend, export_time
from monitoring.conversions.exporting.returns import export_return
from monitoring.conversions.models import Campaign
from monitoring.conversions.selectors.returns import read_return
from monitoring.conversions.views.costs import period_of_costs
from monitoring.lib.exporting import ExportedTable, read_format


@require_safe
@member()
def costs(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """What was spent, or with `of=` the minutes, what each boost brought, or the return with every term."""
    return send_table(request, _table(request), read_format(file_format))


@require_safe
@member()
def campaigns(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """Every campaign that is not archived, with what it brought."""
    return send_table(request, export_campaigns(request.organization), read_format(file_format))


@require_safe
@member()
def campaign(request: MemberRequest, campaign_id: int, file_format: str) -> HttpResponseBase:
    """One campaign, day by day."""
    found = get_object_or_404(Campaign, organization=request.organization, pk=campaign_id)
    return send_table(request, export_campaign_days(found), read_format(file_format))


def _table(request: MemberRequest) -> ExportedTable:
    wanted = request.GET.get("of")
    if wanted == "return":
        period = period_of_costs(request)
        return export_return(read_return(organization=request.organization, period=period))
    if wanted == "boosts":
        return export_boosts(request.organization, timezone.now())
    return export_time(request.organization) if wanted == "time" else export_spend(request.organization)
