"""The page of those who look after several businesses."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from accounts.access import PersonRequest, signed_in
from accounts.audit import Action, record
from accounts.founding import may_found
from accounts.selectors import list_memberships
from monitoring.dashboard.businesses import read_businesses
from monitoring.dashboard.businesses_exporting import export_businesses
from monitoring.lib.exporting import export_table, read_format

A_PAGE = 20


@require_safe
@signed_in
def export(request: PersonRequest, file_format: str) -> HttpResponseBase:
    """All of them as a file, which the log of each that stands in it names."""
    wanted_format = read_format(file_format)
    memberships = list_memberships(user=request.user)
    found = read_businesses(user=request.user, memberships=memberships, now=timezone.now())
    shown = [business for business in found if not business.is_closed]
    table = export_businesses(shown)
    if request.method == "GET":
        facts = {"format": str(wanted_format), "rows": 1}
        for business in shown:
            record(
                Action.EXPORTED, organization=business.organization, kind="file", name=table.name, after=facts
            )
    return export_table(table, wanted_format)


@require_GET
@signed_in
def businesses(request: PersonRequest) -> HttpResponse:
    """All businesses of this person: what each of them got, how its goal stands, what waits."""
    memberships = list_memberships(user=request.user)
    pages = Paginator(memberships, A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    shown = read_businesses(user=request.user, memberships=list(page), now=timezone.now())
    context = {
        "businesses": shown,
        "page": page,
        "may_found": may_found(user=request.user, memberships=memberships),
    }
    return render(request, "dashboard/businesses.html", context)
