"""Minutes: by hand, by timer, and putting right what a forgotten one counted."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.cost_forms import PlaceForm, TimeForm
from monitoring.conversions.models import TimeSpent
from monitoring.conversions.selectors.costs import find_running_timer, page_of_time
from monitoring.conversions.services.time_spent import (
    FORGOTTEN_AFTER,
    NOWHERE,
    Stopped,
    change_time,
    delete_time,
    record_time,
    start_timer,
    stop_timer,
)
from monitoring.lib.figures import reader_locale
from monitoring.lib.periods import local_day


@member(to_change=Act.EDIT_COSTS)
def time_spent(request: MemberRequest) -> HttpResponseBase:
    """Everything people entered, and a form for more."""
    organization = request.organization
    today = local_day(timezone.now(), ZoneInfo(organization.time_zone))
    form = TimeForm(request.POST or None, organization=organization, initial={"day": today})
    if form.is_valid():
        data = form.cleaned_data
        record_time(
            organization=organization,
            minutes=data["minutes"],
            day=data["day"],
            place=form.place(),
            by=request.user,
        )
        messages.success(request, _("Saved."))
        return redirect("conversions:time_spent", organization.slug)
    return render_form(request, "conversions/time_spent.html", form, _entries(request))


def _entries(request: MemberRequest) -> dict[str, object]:
    organization = request.organization
    found = page_of_time(
        organization=organization, before=request.GET.get("before", ""), after=request.GET.get("after", "")
    )
    here = reverse("conversions:time_spent", args=[organization.slug])
    running = find_running_timer(organization=organization, user=request.user)
    return {
        "running": running,
        "entries": found.entries,
        "older": found.older and f"{here}?before={found.older}#entries",
        "newer": found.newer and f"{here}?after={found.newer}#entries",
    }


@require_POST
@member(Act.EDIT_COSTS)
def begin_timer(request: MemberRequest) -> HttpResponseBase:
    form = PlaceForm(request.POST, organization=request.organization)
    place = form.place() if form.is_valid() else NOWHERE
    start_timer(organization=request.organization, by=request.user, place=place)
    messages.success(request, _("The timer runs. You may close this page."))
    return redirect("conversions:time_spent", request.organization.slug)


@require_POST
@member(Act.EDIT_COSTS)
def end_timer(request: MemberRequest) -> HttpResponseBase:
    """Write the minutes down, and ask where they cannot be right."""
    slug = request.organization.slug
    stopped = stop_timer(organization=request.organization, by=request.user)
    if stopped is None:
        messages.info(request, _("No timer was running."))
    elif stopped.was_forgotten:
        messages.warning(request, _ask(stopped))
        return redirect("conversions:edit_time", slug, stopped.entry.pk)
    else:
        minutes = stopped.entry.minutes or 0
        said = ngettext("%(minutes)s minute saved.", "%(minutes)s minutes saved.", minutes)
        messages.success(request, said % {"minutes": minutes})
    return redirect("conversions:time_spent", slug)


def _ask(stopped: Stopped) -> str:
    return _("The timer ran for %(ran)s. We wrote down %(kept)s. How long was it really?") % {
        "ran": _say_hours(stopped.ran_for),
        "kept": _say_hours(FORGOTTEN_AFTER),
    }


def _say_hours(span: timedelta) -> str:
    return format_timedelta(span, granularity="hour", threshold=1000, locale=reader_locale())


@member(Act.EDIT_COSTS)
def edit_time(request: MemberRequest, time_id: int) -> HttpResponseBase:
    finished = TimeSpent.objects.exclude(minutes=None)
    entry = get_object_or_404(finished, organization=request.organization, pk=time_id)
    form = TimeForm(
        request.POST or None,
        organization=request.organization,
        entry=entry,
        initial=TimeForm.facts_of(entry),
    )
    if form.is_valid():
        data = form.cleaned_data
        change_time(entry=entry, minutes=data["minutes"], day=data["day"], place=form.place())
        messages.success(request, _("Saved."))
        return redirect("conversions:time_spent", request.organization.slug)
    return render_form(request, "conversions/edit_time.html", form, {"entry": entry})


@require_POST
@member(Act.EDIT_COSTS)
def remove_time(request: MemberRequest, time_id: int) -> HttpResponseBase:
    delete_time(entry=get_object_or_404(TimeSpent, organization=request.organization, pk=time_id))
    messages.success(request, _("Deleted. It is no longer counted."))
    return redirect("conversions:time_spent", request.organization.slug)
