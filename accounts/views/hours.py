"""When somebody is there: the hours of the week, and holidays."""

from __future__ import annotations

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.forms.hours import HolidayForm, WeekForm
from accounts.models import Holiday
from accounts.permissions import Act
from accounts.services.hours import add_holiday, read_week, remove_holiday, set_week


@member(to_change=Act.CHANGE_SETTINGS)
def hours(request: MemberRequest) -> HttpResponseBase:
    form = _week_form(request, bound=request.method == "POST")
    if not form.is_valid():
        return _show(request, week=form)
    set_week(organization=request.organization, week=form.week())
    messages.success(request, _("Saved."))
    return redirect("accounts:hours", request.organization.slug)


@require_POST
@member(Act.CHANGE_SETTINGS)
def new_holiday(request: MemberRequest) -> HttpResponseBase:
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _show(request, holiday=form)
    add_holiday(organization=request.organization, **form.cleaned_data)
    messages.success(request, _("Added."))
    return redirect("accounts:hours", request.organization.slug)


@require_POST
@member(Act.CHANGE_SETTINGS)
def drop_holiday(request: MemberRequest, holiday_id: int) -> HttpResponseBase:
    holiday = get_object_or_404(Holiday, organization=request.organization, pk=holiday_id)
    remove_holiday(holiday=holiday)
    messages.success(request, _("“%(name)s” is taken out.") % {"name": holiday.name})
    return redirect("accounts:hours", request.organization.slug)


def _week_form(request: MemberRequest, *, bound: bool) -> WeekForm:
    organization = request.organization
    return WeekForm(
        request.POST if bound else None, organization=organization, week=read_week(organization=organization)
    )


def _show(
    request: MemberRequest, *, week: WeekForm | None = None, holiday: HolidayForm | None = None
) -> HttpResponse:
    sent: BaseForm = holiday or week or _week_form(request, bound=False)
    context = {
        "week": week or _week_form(request, bound=False),
        "holiday": holiday or HolidayForm(),
        "holidays": Holiday.objects.filter(organization=request.organization).order_by("first_day", "pk"),
    }
    return render_form(request, "accounts/hours.html", sent, context)
