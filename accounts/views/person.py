"""What belongs to a person."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.forms.people import PersonForm
from accounts.services.people import update_person

THEME_COOKIE_AGE = 60 * 60 * 24 * 365


@member()
def you(request: MemberRequest) -> HttpResponseBase:
    """A person's own settings."""
    user = request.user
    facts = {name: getattr(user, name) for name in PersonForm.base_fields}
    if request.COOKIES.get("theme"):
        facts["theme"] = request.COOKIES["theme"]  # what this browser shows
    form = PersonForm(request.POST or None, initial=facts)
    if not form.is_valid():
        return render_form(request, "accounts/you.html", form)
    update_person(user=user, **form.cleaned_data)
    messages.success(request, _("Saved."))
    response = redirect("accounts:you", request.organization.slug)
    return _with_theme(response, form.cleaned_data["theme"])


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    if theme:
        response.set_cookie("theme", theme, THEME_COOKIE_AGE, samesite="Lax", secure=settings.SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
