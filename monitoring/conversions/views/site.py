"""The organization's own site: its addresses, the snippet to copy, and whether it works."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.reachability import customers_can_reach
from monitoring.conversions.services.site import save_site
from monitoring.conversions.visits.describing import describe_site, find_site_of
from monitoring.conversions.visits.forms import SiteForm


@require_http_methods(["GET", "HEAD", "POST"])
@member(Act.CONNECT_ACCOUNTS)
def site(request: MemberRequest) -> HttpResponseBase:
    """Say which pages may report, and take the snippet along."""
    found = find_site_of(request.organization)
    form = SiteForm(request.POST or None, initial=SiteForm.facts_of(found))
    if form.is_valid():
        save_site(organization=request.organization, **form.cleaned_data)
        messages.success(request, _("Saved.") if found else _("Saved. Put the snippet into your pages now."))
        return redirect("conversions:site", request.organization.slug)
    context = {
        "state": describe_site(found) if found else None,
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
    }
    return render_form(request, "conversions/site.html", form, context)
