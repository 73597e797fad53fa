"""The page of those who look after several businesses."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, signed_in
from accounts.founding import may_found
from accounts.selectors import list_memberships
from monitoring.dashboard.businesses import read_businesses

A_PAGE = 20


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
