"""What happened, as people noted it: the list, a new one, and one that is changed or taken back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.exporting.incidents import export_incidents
from monitoring.conversions.incident_forms import IncidentForm
from monitoring.conversions.models import Incident
from monitoring.conversions.services.incidents import change_incident, delete_incident, note_incident
from monitoring.lib.exporting import read_format
from monitoring.lib.periods import local_day

SHOWN = 200  # the latest


@member(to_change=Act.EDIT_CAMPAIGNS)
def incidents(request: MemberRequest) -> HttpResponseBase:
    """All that was noted, the latest first; a new one is added here."""
    form = IncidentForm(request.POST or None, initial={"first_day": _day(request)})
    if form.is_valid():
        note_incident(organization=request.organization, by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted. The charts of these days name it."))
        return redirect("conversions:incidents", request.organization.slug)
    found = Incident.objects.filter(organization=request.organization).select_related("noted_by")
    noted = found.order_by("-first_day", "-pk")[:SHOWN]
    return render_form(request, "conversions/incidents.html", form, {"incidents": noted})


@member(Act.EDIT_CAMPAIGNS)
def incident(request: MemberRequest, incident_id: int) -> HttpResponseBase:
    noted = get_object_or_404(Incident, organization=request.organization, pk=incident_id)
    form = IncidentForm(request.POST or None, initial=IncidentForm.facts_of(noted))
    if form.is_valid():
        change_incident(incident=noted, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("conversions:incidents", request.organization.slug)
    return render_form(request, "conversions/incident.html", form, {"incident": noted})


@require_POST
@member(Act.EDIT_CAMPAIGNS)
def delete(request: MemberRequest, incident_id: int) -> HttpResponseBase:
    noted = get_object_or_404(Incident, organization=request.organization, pk=incident_id)
    delete_incident(incident=noted)
    messages.success(request, _("Deleted. The charts no longer name it."))
    return redirect("conversions:incidents", request.organization.slug)


@require_safe
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    return send_table(request, export_incidents(request.organization), read_format(file_format))


def _day(request: MemberRequest) -> str:
    """The day that a chart's mark named, or today."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    today = local_day(timezone.now(), ZoneInfo(request.organization.time_zone))
    return (asked or today).isoformat()
