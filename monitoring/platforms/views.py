"""The list of platforms. What changes it also changes what is listened to: see `listening.views.accounts`."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, member
from monitoring.platforms.selectors import list_connections, list_offers


@require_GET
@member()
def platforms(request: MemberRequest) -> HttpResponse:
    """Everybody sees what there is and how it stands; no secret is on the page."""
    connections = list_connections(organization=request.organization)
    return render(request, "platforms/platforms.html", {"connections": connections, "offers": list_offers()})
