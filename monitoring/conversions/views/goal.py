"""The goal page: what was brought, from where, and how that stands against the goal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.models import Organization, Role
from monitoring.conversions.charts import draw_days, draw_progress
from monitoring.conversions.goal_forms import GoalForm
from monitoring.conversions.models import Goal
from monitoring.conversions.models.channels import channel_label
from monitoring.conversions.models.conversions import kind_label
from monitoring.conversions.reachability import customers_can_reach
from monitoring.conversions.selectors.counting import (
    conversions_by_channel,
    conversions_per_day,
    what_counts,
)
from monitoring.conversions.selectors.entries import list_entries
from monitoring.conversions.selectors.goals import find_goal, read_progress
from monitoring.conversions.selectors.links import list_links
from monitoring.conversions.services.goals import set_goal
from monitoring.conversions.services.recording import restore_conversion, void_conversion
from monitoring.conversions.wording import name_standing, say_amount, say_goal, say_reached, say_standing
from monitoring.lib.periods import PRESETS, Period, read_period

_SHOWN, _LISTED = 6, 30


@member()
def goal(request: MemberRequest) -> HttpResponseBase:
    """Everything about the goal on one page."""
    organization, now = request.organization, timezone.now()
    zone = ZoneInfo(organization.time_zone)
    preset = request.GET.get("period", "")
    period = read_period(preset, "", "", now=now, zone=zone, week_start=organization.week_start)
    current = find_goal(organization=organization)
    page = {
        "goal": current,
        "period": period,
        "periods": _periods(period),
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
        "links": list_links(organization=organization),
        **_entries(organization),
        **_standing(organization, current),
        **_brought(organization, current, period),
    }
    return render(request, "conversions/goal.html", page)


def _periods(period: Period) -> list[dict[str, Any]]:
    return [
        {"preset": preset, "days": days, "is_current": days == period.days}
        for preset, days in PRESETS.items()
        if days <= 90
    ]


def _entries(organization: Organization) -> dict[str, Any]:
    entries = list(list_entries(organization=organization)[:_LISTED])
    return {"latest_entries": entries[:_SHOWN], "earlier_entries": entries[_SHOWN:]}


def _standing(organization: Organization, current: Goal | None) -> dict[str, Any]:
    if current is None:
        return {}
    progress = read_progress(organization=organization, goal=current, now=timezone.now())
    return {
        "progress": progress,
        "progress_chart": draw_progress(progress),
        "goal_said": say_goal(current),
        "reached_said": say_reached(progress.reached, current),
        "standing_title": name_standing(progress.standing),
        "standing_said": say_standing(progress),
        "to_go_said": say_amount(progress.to_go, current),
        "mark": f"{min(Decimal(1), progress.share_expected):.1%}",
    }


def _brought(organization: Organization, current: Goal | None, period: Period) -> dict[str, Any]:
    counted = what_counts(current)
    per_day = conversions_per_day(organization=organization, period=period, counted=counted)
    shares = conversions_by_channel(organization=organization, period=period, kind=counted.kind)
    most = max((share.number for share in shares), default=0)
    return {
        "days_chart": draw_days(current, period, per_day),
        "has_brought": any(per_day.values()),
        "kind_said": kind_label(counted.kind),
        "by_channel": [
            {
                "label": channel_label(share.channel),
                "number": share.number,
                "share": share.share,
                "bar": share.number / most,
            }
            for share in shares
        ],
    }


@member(Role.MARKETER)
def change_goal(request: MemberRequest) -> HttpResponseBase:
    """Set the goal or change it."""
    organization = request.organization
    current = find_goal(organization=organization)
    form = GoalForm(request.POST or None, initial=GoalForm.facts_of(current, organization.currency))
    if not form.is_valid():
        return render_form(request, "conversions/change_goal.html", form, {"goal": current})
    saved = set_goal(organization=organization, aim=form.aim())
    messages.success(request, _("Your goal: %(goal)s.") % {"goal": say_goal(saved)})
    return redirect("conversions:goal", organization.slug)


@require_POST
@member(Role.MARKETER)
def void_entry(request: MemberRequest, entry_id: int) -> HttpResponseBase:
    """Take an entry out of the counts, or put it back where it was taken out."""
    entry = get_object_or_404(list_entries(organization=request.organization), pk=entry_id)
    if "restore" in request.POST:
        restore_conversion(conversion=entry)
        messages.success(request, _("Counted again."))
    else:
        void_conversion(conversion=entry)
        messages.success(request, _("Taken out of the counts. You can put it back in the list."))
    return redirect("conversions:goal", request.organization.slug)
