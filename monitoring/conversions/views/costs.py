"""What social media took and what it earned; entering and changing what was spent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.cost_forms import AssumptionsForm, BoostForm, SpendForm
from monitoring.conversions.models import Spend
from monitoring.conversions.return_page import describe_return, describe_week
from monitoring.conversions.selectors.boosts import list_boosts
from monitoring.conversions.selectors.costs import find_running_timer, minutes_this_week, page_of_spend
from monitoring.conversions.selectors.idle_minutes import read_idle_minutes
from monitoring.conversions.selectors.returns import find_assumptions, read_return
from monitoring.conversions.services.costs import (
    Expense,
    SpendKeyReused,
    change_spend,
    delete_spend,
    record_spend,
    set_assumptions,
)
from monitoring.lib.periods import PRESETS, Period, local_day, read_period


@require_safe
@member()
def costs(request: MemberRequest) -> HttpResponseBase:
    """The return with every term, boosts, minutes, and what was spent."""
    organization, now = request.organization, timezone.now()
    period = period_of_costs(request)
    assumptions = find_assumptions(organization=organization)
    found = read_return(organization=organization, period=period, now=now, assumptions=assumptions)
    worked = minutes_this_week(organization=organization, now=now)
    page = {
        "period": period,
        "periods": [
            {"preset": preset, "days": days, "is_current": days == period.days}
            for preset, days in PRESETS.items()
        ],
        "earned": describe_return(found),
        "return_query": f"?of=return&period={period.days}d",
        "boosts": list_boosts(organization=organization, now=now),
        "running": find_running_timer(organization=organization, user=request.user),
        "week": describe_week(worked, assumptions.minutes_a_week),
        "idle": read_idle_minutes(organization=organization, period=period),
        **_spend(request),
    }
    return render(request, "conversions/costs.html", page)


def period_of_costs(request: MemberRequest) -> Period:
    """The page has no days of its own, only so many until today."""
    organization = request.organization
    return read_period(
        request.GET.get("period", ""),
        "",
        "",
        now=timezone.now(),
        zone=ZoneInfo(organization.time_zone),
        week_start=organization.week_start,
    )


def _spend(request: MemberRequest) -> dict[str, Any]:
    found = page_of_spend(
        organization=request.organization,
        before=request.GET.get("before", ""),
        after=request.GET.get("after", ""),
    )
    here = reverse("conversions:costs", args=[request.organization.slug])
    return {
        "spend": found.entries,
        "older": found.older and f"{here}?before={found.older}#spend",
        "newer": found.newer and f"{here}?after={found.newer}#spend",
    }


@member(Act.EDIT_COSTS)
def new_spend(request: MemberRequest) -> HttpResponseBase:
    """Enter an expense."""
    initial = {
        "currency": request.organization.currency,
        "first_day": _today(request),
        "idempotency_key": uuid4().hex,
    }
    form = SpendForm(request.POST or None, organization=request.organization, initial=initial)
    if form.is_valid() and _record(request, form, form.expense()):
        return redirect("conversions:costs", request.organization.slug)
    return render_form(request, "conversions/new_spend.html", form)


@member(Act.EDIT_COSTS)
def new_boost(request: MemberRequest) -> HttpResponseBase:
    """ "Boosted this post, €5 a day for 7 days"."""
    post_id = _number(request.POST.get("post") or request.GET.get("post", ""))
    initial = {
        "post": post_id,
        "currency": request.organization.currency,
        "first_day": _today(request),
        "idempotency_key": uuid4().hex,
    }
    form = BoostForm(
        request.POST or None, organization=request.organization, post_id=post_id, initial=initial
    )
    if form.is_valid() and _record(request, form, form.expense()):
        return redirect("conversions:costs", request.organization.slug)
    return render_form(request, "conversions/new_boost.html", form)


def _record(request: MemberRequest, form: SpendForm | BoostForm, expense: Expense) -> bool:
    try:
        recorded = record_spend(
            organization=request.organization,
            expense=expense,
            idempotency_key=form.cleaned_data["idempotency_key"] or uuid4().hex,
            by=request.user,
        )
    except SpendKeyReused:
        form.add_error(None, _("This form was sent before and saved. Open it anew for another expense."))
        return False
    messages.success(request, _("Saved.") if recorded.is_new else _("Saved already."))
    return True


@member(Act.EDIT_COSTS)
def edit_spend(request: MemberRequest, spend_id: int) -> HttpResponseBase:
    spend = get_object_or_404(Spend, organization=request.organization, pk=spend_id)
    form = SpendForm(
        request.POST or None,
        organization=request.organization,
        entry=spend,
        initial=SpendForm.facts_of(spend),
    )
    if form.is_valid():
        change_spend(spend=spend, expense=form.expense())
        messages.success(request, _("Saved."))
        return redirect("conversions:costs", request.organization.slug)
    return render_form(request, "conversions/edit_spend.html", form, {"spend": spend})


@require_POST
@member(Act.EDIT_COSTS)
def remove_spend(request: MemberRequest, spend_id: int) -> HttpResponseBase:
    delete_spend(spend=get_object_or_404(Spend, organization=request.organization, pk=spend_id))
    messages.success(request, _("Deleted. It is no longer counted."))
    return redirect("conversions:costs", request.organization.slug)


@member(to_change=Act.CHANGE_SETTINGS)
def assumptions(request: MemberRequest) -> HttpResponseBase:
    """What the return and the credits are computed with."""
    found = find_assumptions(organization=request.organization)
    currency = request.organization.currency
    form = AssumptionsForm(
        request.POST or None, currency=currency, initial=AssumptionsForm.facts_of(found, currency)
    )
    if form.is_valid():
        set_assumptions(organization=request.organization, **form.cleaned_data)
        messages.success(request, _("Saved. Credits that change are computed anew within a minute."))
        return redirect("conversions:costs", request.organization.slug)
    return render_form(request, "conversions/assumptions.html", form)


def _today(request: MemberRequest) -> str:
    return local_day(timezone.now(), ZoneInfo(request.organization.time_zone)).isoformat()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
