"""The logo of an organization: shown to whoever has its address, changed in the settings."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.forms.organizations import LogoForm
from accounts.middleware import for_anybody
from accounts.models import OrganizationLogo
from accounts.permissions import Act
from accounts.services.logos import remove_logo, set_logo

_A_YEAR: Final = 365 * 24 * 60 * 60


@for_anybody
@require_safe
def logo(request: HttpRequest, organization_id: int, digest: str) -> HttpResponse:
    """A picture behind this address never changes; another one has another address, which nobody can guess."""
    found = get_object_or_404(OrganizationLogo, organization=organization_id, digest=digest)
    response = HttpResponse(bytes(found.image), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@member(Act.CHANGE_SETTINGS)
def change_logo(request: MemberRequest) -> HttpResponseBase:
    """Store the uploaded picture; without one, take the logo away."""
    if "remove" in request.POST:
        remove_logo(organization=request.organization)
        messages.success(request, _("The logo is gone."))
        return redirect("dashboard:settings", request.organization.slug)
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        set_logo(organization=request.organization, image=form.cleaned_data["logo"])
        messages.success(request, _("This is your logo now."))
    else:
        messages.error(request, str(form.errors["logo"][0]))
    return redirect("dashboard:settings", request.organization.slug)
