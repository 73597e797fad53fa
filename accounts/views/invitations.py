"""What somebody sees who follows the link of an invitation. Looking changes nothing: mail servers follow links, too."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.form_pages import render_form
from accounts.forms.people import NewPersonForm
from accounts.invitation_links import find_invitation
from accounts.models import Invitation, User
from accounts.services.invitations import (
    AccountExists,
    LinkStopped,
    WrongPerson,
    accept_as_new_person,
    accept_invitation,
)
from accounts.signing_in import sign_in


@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Join: with one click, after signing in, or with a new account. Otherwise say what is in the way."""
    found = find_invitation(token=token)
    if found is None:
        return _stopped(request)
    try:
        if isinstance(request.user, User):
            return _as_somebody(request, token, found, request.user)
        return _as_nobody(request, token, found)
    except LinkStopped:
        return _stopped(request)


def _as_somebody(request: HttpRequest, token: str, found: Invitation, user: User) -> HttpResponseBase:
    try:
        if request.method == "POST":
            return redirect(accept_invitation(token=token, user=user).organization)
    except WrongPerson:
        return render(request, "accounts/invitation_for_another.html", status=403)
    if user.email != found.email or user.is_demo:
        return render(request, "accounts/invitation_for_another.html")
    return render(request, "accounts/invitation.html", {"invitation": found})


def _as_nobody(request: HttpRequest, token: str, found: Invitation) -> HttpResponseBase:
    has_account = User.objects.filter(email=found.email).exists()
    if has_account or settings.SIGN_UP == "closed":
        template = "accounts/invitation_sign_in.html" if has_account else "accounts/invitation_closed.html"
        return render(request, template, {"invitation": found})
    form = NewPersonForm(request.POST or None, initial={"email": found.email})
    if not form.is_valid():
        return render_form(request, "accounts/invitation_new.html", form, {"invitation": found})
    try:
        joined = accept_as_new_person(token=token, **form.cleaned_data)
    except AccountExists:
        return redirect(request.path)
    return sign_in(request, user=joined.user, to=joined.organization.get_absolute_url())


def _stopped(request: HttpRequest) -> HttpResponseBase:
    return render(request, "accounts/invitation_stopped.html", status=404)
