"""The conversions behind a figure of credit, each with the part that the figure counts."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from monitoring.conversions.parts_choice import PartsChoice
from monitoring.conversions.parts_page import export_parts, show_parts, show_sum
from monitoring.conversions.selectors.credited_parts import is_credited_anew, page_of_shares, sum_credited
from monitoring.lib.exporting import read_format


@require_safe
@member()
def shares(request: MemberRequest) -> HttpResponseBase:
    """Exactly those in which it has a part, newest first, and their sum."""
    choice = PartsChoice(request.organization, request.GET)
    page = page_of_shares(
        organization=request.organization,
        part=choice.part,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
        assumptions=choice.assumptions,
    )
    credited = sum_credited(organization=request.organization, part=choice.part)
    context = {
        "choice": choice,
        "target": choice.target_said,
        "sum": show_sum(credited),
        "rows": show_parts(page.shares, choice.model),
        "waits": is_credited_anew(organization=request.organization, period=choice.period),
        "older": page.older and choice.address(before=page.older),
        "newer": page.newer and choice.address(after=page.newer),
        **choice.files("conversions:export_shares"),
    }
    return render(request, "conversions/shares.html", context)


@require_safe
@member()
def export_shares(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """The whole list that the address asks for, as a file."""
    wanted_format = read_format(file_format)
    return send_table(request, export_parts(PartsChoice(request.organization, request.GET)), wanted_format)
