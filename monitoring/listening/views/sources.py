"""Sources: what is polled for us, and how it is doing. (The button that polls now is the dashboard's.)"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.listening.selectors.coverage import platform_health, recent_runs, sources_of
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
