"""How people sign in: their own ways, and what an organization asks of everybody."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.access import MemberRequest, PersonRequest, member, signed_in
from accounts.middleware import LAST_ORGANIZATION
from accounts.permissions import Act
from accounts.second_factor import (
    has_second_factor,
    lacks_second_factor,
    list_members_by_factor,
    read_ways_in,
)
from accounts.selectors import find_home
from accounts.services.two_factor import OwnFactorMissing, require_two_factor


@never_cache
@signed_in
def own_security(request: PersonRequest) -> HttpResponseBase:
    """A person's ways in. Within the settings where an organization is open to them, else on a page of its own."""
    home = find_home(user=request.user, last_used=request.session.get(LAST_ORGANIZATION))
    if home is not None and not lacks_second_factor(user=request.user, organization=home):
        return redirect("accounts:security", home.slug)
    return render(request, "mfa/index.html", _ways_in(request))


@never_cache
@member()
def security(request: MemberRequest) -> HttpResponseBase:
    return render(request, "accounts/security.html", _ways_in(request))


def _ways_in(request: PersonRequest) -> dict[str, object]:
    return {"ways": read_ways_in(user=request.user), "providers": settings.SIGN_IN_WITH}


@member(Act.REQUIRE_TWO_FACTOR)
def organization_security(request: MemberRequest) -> HttpResponseBase:
    """Who has a second factor, and the switch that asks it of everybody."""
    if request.method == "POST":
        return _switch(request, required=request.POST.get("required") == "yes")
    members = list_members_by_factor(organization=request.organization)
    page = {
        "members": members,
        "without": sum(not found.has_second_factor for found in members),
        "may_require": has_second_factor(user=request.user),
    }
    return render(request, "accounts/organization_security.html", page)


def _switch(request: MemberRequest, *, required: bool) -> HttpResponseBase:
    try:
        require_two_factor(organization=request.organization, required=required, by=request.user)
    except OwnFactorMissing:
        messages.error(request, _("Set up two-factor for yourself first. Otherwise you would be locked out."))
    else:
        messages.success(
            request, _("Everybody needs two-factor now.") if required else _("Two-factor is a choice again.")
        )
    return redirect("accounts:organization_security", request.organization.slug)


class OwnSessions(ListUserSessionsView):  # type: ignore[misc]  # allauth ships no types
    """Where somebody is signed in: allauth's page, which knows only sessions that began by its own form."""

    def get_context_data(self, **facts: Any) -> dict[str, Any]:
        if not self.request.user.is_demo:  # its visitors share one person, and are not shown each other
            UserSession.objects.create_from_request(self.request)
        context: dict[str, Any] = super().get_context_data(**facts)
        return context
