"""The way out of the demo, to one's own business."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from accounts.setup import instance_is_fresh, renew_setup_link
from monitoring.dashboard.leaving_demo import leave_demo


@require_POST
@member(Act.DELETE_ORGANIZATION)
def leave(request: MemberRequest) -> HttpResponse:
    """Delete the demo. On an instance without an owner its visitor, who came by the operator's link, becomes it."""
    if not request.organization.is_demo:
        return redirect(request.organization)
    was_visitor = request.user.is_demo
    leave_demo(organization=request.organization)
    if not was_visitor:
        messages.success(request, _("The demo is gone."))
        return redirect("accounts:home")
    logout(request)
    return redirect(urlsplit(renew_setup_link()).path if instance_is_fresh() else "accounts:home")
