"""Poll everything of ours now: searches and profiles, which belong to two slices."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.audience.tasks import dispatch_due_profiles
from monitoring.listening.services.collecting_now import collect_now
from monitoring.listening.tasks import dispatch_due_searches


@require_POST
@member(Act.COLLECT)
def collect(request: MemberRequest) -> HttpResponse:
    """Poll now, as far as the platforms' limits allow."""
    due = collect_now(organization=request.organization)
    dispatch_due_searches.apply_async(queue="interactive")
    dispatch_due_profiles.apply_async(queue="interactive")
    if due:
        messages.success(request, _("Collecting now. This page shows how far it is."))
    else:
        messages.info(request, _("Everything was collected a moment ago."))
    return redirect("listening:sources", request.organization.slug)
