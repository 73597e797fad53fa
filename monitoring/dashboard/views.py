"""The pages that show several slices together."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from accounts.access import PersonRequest, signed_in
from accounts.forms import BusinessForm
from accounts.services import create_organization


@signed_in
def start(request: PersonRequest) -> HttpResponseBase:
    """Name the business: the first step of setting up."""
    form = BusinessForm(request.POST or None, initial={"language": request.user.language or "en"})
    if not form.is_valid():
        return render(request, "dashboard/start.html", {"form": form})
    return redirect(create_organization(owner=request.user, **form.cleaned_data))
