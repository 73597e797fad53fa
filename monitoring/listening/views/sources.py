"""Sources: what is polled for us, how it is doing, and a button to poll it now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.models import Role
from monitoring.listening.selectors.coverage import platform_health, recent_runs, sources_of
from monitoring.listening.services.collecting_now import collect_now
from monitoring.listening.tasks import dispatch_due_searches
from monitoring.platforms.registry import platforms


@require_GET
@member()
def sources(request: MemberRequest) -> HttpResponse:
    health = platform_health(organization=request.organization)
    context = {
        "health": health,
        "working": sum(platform.is_working for platform in health),
        "sources": sources_of(request.organization).order_by("platform", "kind", "query")[:200],
        "runs": recent_runs(organization=request.organization),
        "platforms": platforms(),
        "now": timezone.now(),
    }
    template = "listening/_sources.html" if request.htmx else "listening/sources.html"
    return render(request, template, context)


@require_POST
@member(Role.MARKETER)
def collect(request: MemberRequest) -> HttpResponse:
    """Poll everything of ours now, as far as the platforms' limits allow."""
    due = collect_now(organization=request.organization)
    dispatch_due_searches.apply_async(queue="interactive")
    if due:
        messages.success(request, _("Collecting now. This page shows how far it is."))
    else:
        messages.info(request, _("Everything was collected a moment ago."))
    return redirect("listening:sources", request.organization.slug)
