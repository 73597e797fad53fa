"""Coming in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.form_pages import render_form
from accounts.forms.people import FirstOwnerForm
from accounts.middleware import LAST_ORGANIZATION
from accounts.selectors import find_home, has_several_businesses
from accounts.setup import LinkIsUsedUp, create_first_owner, instance_is_fresh, setup_link_is_valid
from accounts.signing_in import sign_in


@never_cache
def home(request: HttpRequest) -> HttpResponseBase:
    """The front door: to the person's organization, to all of them, to a new one, to sign-in, to the setup link."""
    if request.user.is_authenticated:
        last_used = request.session.get(LAST_ORGANIZATION)
        if last_used is None and has_several_businesses(user=request.user):
            return redirect("dashboard:businesses")
        return redirect(find_home(user=request.user, last_used=last_used) or "dashboard:start")
    if instance_is_fresh():
        return render(request, "accounts/fresh.html")
    return redirect("account_login")


@never_cache
@sensitive_post_parameters("password")
def start(request: HttpRequest, token: str) -> HttpResponseBase:
    """The one-time link: whoever holds it becomes the first owner."""
    if not setup_link_is_valid(token):
        return render(request, "accounts/link_used_up.html", status=404)
    form = FirstOwnerForm(request.POST or None)
    if not form.is_valid():
        return render_form(request, "accounts/first_owner.html", form)
    try:
        user = create_first_owner(token=token, **form.cleaned_data)
    except LinkIsUsedUp:
        return render(request, "accounts/link_used_up.html", status=404)
    return sign_in(request, user=user, to=reverse("dashboard:start"))
