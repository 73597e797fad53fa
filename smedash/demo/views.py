"""The link into the demo."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from smedash.demo.entrance import let_in


@never_cache
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the link sees the demo as its owner, and nothing else of this instance."""
    admitted = let_in(token)
    if admitted is None:
        return render(request, "demo/link_used_up.html", status=404)
    person, organization = admitted
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(organization)
