"""Whether customers can reach this instance, and what to do if not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.conversions.reachability import ask_own_address, customers_can_reach


@member(to_change=Act.EDIT_CAMPAIGNS)
def reach(request: MemberRequest) -> HttpResponseBase:
    """What the address tells by itself; when it is sent, what came of asking it."""
    context = {
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
        "outcome": ask_own_address(settings.PUBLIC_URL) if request.method == "POST" else None,
    }
    return render(request, "conversions/reach.html", context)
