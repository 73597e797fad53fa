"""The goals page as files."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.conversions.goals_page.exporting import export_channels, export_days
from monitoring.conversions.goals_page.page import GoalsPage
from monitoring.lib.exporting import read_format
from monitoring.listening.showing.choosing import Choice


@require_safe
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """What was counted day by day, or with `of=channels` by channel."""
    wanted_format = read_format(file_format)
    page = GoalsPage(Choice(request.organization, request.GET), timezone.now())
    table = export_channels(page) if request.GET.get("of") == "channels" else export_days(page)
    return send_table(request, table, wanted_format)
