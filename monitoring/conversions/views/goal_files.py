"""The goals page as files."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.conversions.goals_page.exporting import tables_of_goals
from monitoring.conversions.goals_page.page import GoalsPage
from monitoring.conversions.views.goal import read_grouping, read_model
from monitoring.lib.exporting import choose_table, read_format
from monitoring.listening.showing.choosing import Choice


@require_safe
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """What was counted day by day, or with `of=` by channel, by source, under each model, or from people reached on."""
    wanted_format = read_format(file_format)
    choice = Choice(request.organization, request.GET)
    page = GoalsPage(choice, timezone.now(), read_model(request), read_grouping(request))
    table = choose_table(tables_of_goals(page), request.GET.get("of", ""), wanted_format)
    return send_table(request, table, wanted_format)
