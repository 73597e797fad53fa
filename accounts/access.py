"""The only door to an organization: who may come in, and how far.

A person who is not a member gets the same 404 as for an organization that does not exist; a member whose role
is too small gets 403; somebody who is not signed in is sent to sign-in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Organization, Role, User

Parameters = ParamSpec("Parameters")

_RANK = {Role.VIEWER: 1, Role.MARKETER: 2, Role.ADMIN: 3, Role.OWNER: 4}


class MemberRequest(HttpRequest):
    """A request that passed the door: a signed-in person in one of their organizations."""

    user: User
    organization: Organization
    membership: Membership
    htmx: HtmxDetails


View = Callable[Concatenate[MemberRequest, Parameters], HttpResponseBase]
OpenView = Callable[..., HttpResponseBase]


def role_reaches(role: str, needed: Role) -> bool:
    return _RANK[Role(role)] >= _RANK[needed]


def member(needed: Role = Role.VIEWER) -> Callable[[View[Parameters]], OpenView]:
    """Guard a view under `/o/<slug>/`: it receives a MemberRequest, and no slug."""

    def guard(view: View[Parameters]) -> OpenView:
        @wraps(view)
        def guarded(request: MemberRequest, slug: str, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            memberships = Membership.objects.select_related("organization")
            request.membership = get_object_or_404(memberships, organization__slug=slug, user=request.user)
            request.organization = request.membership.organization
            if not role_reaches(request.membership.role, needed):
                raise PermissionDenied
            return view(request, **kwargs)  # type: ignore[call-arg]

        guarded.needed_role = needed  # type: ignore[attr-defined]  # read by the test that walks every address
        return guarded

    return guard
