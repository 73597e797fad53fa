"""The organization's settings: here, because a new time zone concerns the slices that count by local day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.forms.organizations import OrganizationForm
from accounts.permissions import Act, may
from accounts.services.organizations import update_organization
from monitoring.conversions.services.site import tell_currency
from monitoring.dashboard.tasks import recount_days


@member(to_change=Act.CHANGE_SETTINGS)
def settings(request: MemberRequest) -> HttpResponseBase:
    """Everybody sees them, admins change them."""
    form = OrganizationForm(request.POST or None, initial=OrganizationForm.facts_of(request.organization))
    if not may(request.membership.role, Act.CHANGE_SETTINGS):
        form.freeze()
    if not form.is_valid():
        return render_form(request, "dashboard/settings.html", form)
    changed = update_organization(organization=request.organization, changes=form.cleaned_data)
    if "currency" in changed:
        tell_currency(organization=request.organization)
    if "time_zone" in changed:
        recount_days.delay(request.organization.pk)
        messages.info(
            request, _("Days begin at another hour now: the charts are counted anew, which takes a moment.")
        )
    messages.success(request, _("Saved."))
    return redirect("dashboard:settings", request.organization.slug)
