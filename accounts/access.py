"""The only door to an organization: who may come in, and how far.

A person who is not a member gets the same 404 as for an organization that does not exist; a member whose role
is too small gets 403; somebody who is not signed in is sent to sign-in. Where an organization requires two-factor
sign-in, a member without it reaches nothing but the page to set it up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from accounts.models import Membership, Organization, User
from accounts.permissions import NEEDED_ROLE, Act, may
from accounts.second_factor import lacks_second_factor
from accounts.selectors import list_memberships

Parameters = ParamSpec("Parameters")


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


class MemberRequest(PersonRequest):
    """A request that passed the door: a signed-in person in one of their organizations."""

    organization: Organization
    membership: Membership
    memberships: list[Membership]  # all of this person's: every page offers the other organizations


View = Callable[Concatenate[MemberRequest, Parameters], HttpResponseBase]
OpenView = Callable[..., HttpResponseBase]


_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def _to_sign_in(request: PersonRequest) -> HttpResponseBase:
    """Sign-in, and afterwards back. A fragment has no place for it: there the whole page is loaded anew."""
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect_to_login(_page_of(request))


def _to_second_factor(request: PersonRequest) -> HttpResponseBase:
    """The person's own page, where they set it up; it says which organization asks for it."""
    return HttpResponseClientRefresh() if request.htmx else redirect("mfa_index")


def _page_of(request: HttpRequest) -> str:
    """The page that somebody has before them: what a form is sent to may show nothing by itself."""
    try:
        sender = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return request.get_full_path()
    if request.method in _READING or sender.netloc != request.get_host():
        return request.get_full_path()
    return urlunsplit(("", "", sender.path or "/", sender.query, ""))


def member(act: Act = Act.READ, *, to_change: Act | None = None) -> Callable[[View[Parameters]], OpenView]:
    """Guard a view under `/o/<slug>/` by what one does there: it receives a MemberRequest, and no slug.

    `to_change` is what sending something is, where looking is less. Within the view the clock
    is the reader's: their own time zone, or else the organization's.
    """
    to_look, to_send = act, to_change or act

    def guard(view: View[Parameters]) -> OpenView:
        @wraps(view)
        def guarded(request: MemberRequest, slug: str, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            request.memberships = list_memberships(user=request.user)
            request.membership = _membership_in(slug, request.memberships)
            request.organization = request.membership.organization
            if lacks_second_factor(user=request.user, organization=request.organization):
                return _to_second_factor(request)
            timezone.activate(request.user.time_zone or request.organization.time_zone)
            if not may(request.membership.role, to_look if request.method in _READING else to_send):
                raise PermissionDenied
            return view(request, **kwargs)  # type: ignore[call-arg, arg-type]  # from the URL pattern

        guarded.needed_act = to_look  # type: ignore[attr-defined]  # read by the test that walks every address
        guarded.act_to_change = to_send  # type: ignore[attr-defined]
        guarded.needed_role = NEEDED_ROLE[to_look]  # type: ignore[attr-defined]
        guarded.role_to_change = NEEDED_ROLE[to_send]  # type: ignore[attr-defined]
        return guarded

    return guard


def _membership_in(slug: str, memberships: list[Membership]) -> Membership:
    for membership in memberships:
        if membership.organization.slug == slug:
            return membership
    raise Http404


def signed_in(view: Callable[Concatenate[PersonRequest, Parameters], HttpResponseBase]) -> OpenView:
    """Guard a view that belongs to a person and to no organization."""

    @wraps(view)
    def guarded(
        request: PersonRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.needs_sign_in = True  # type: ignore[attr-defined]  # read by the test that walks every address
    return guarded
