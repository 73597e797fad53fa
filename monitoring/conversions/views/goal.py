"""The goals page: what social media brought and earned, from where, and how that stands against the goals."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import MemberRequest, member
from monitoring.conversions.goals_page.page import GoalsPage
from monitoring.conversions.goals_page.sources import GROUPINGS
from monitoring.conversions.models import CreditModel
from monitoring.conversions.planning import PlanForm, say_plan
from monitoring.conversions.reachability import customers_can_reach
from monitoring.listening.showing.choosing import Choice


@require_safe
@member()
def goal(request: MemberRequest) -> HttpResponseBase:
    """The answer and how it came about. The rest follows by itself, or by `?more=yes` without JavaScript."""
    page = _page(request)
    plan = page.plan_form.plan()
    whole = request.GET.get("more") == "yes"
    context = {
        "choice": page.choice,
        "page": page,
        "main": page.main,
        "others": [card for card in page.cards if not card.goal.is_main],
        "funnel": page.funnel,
        "plan": plan,
        "plan_said": say_plan(plan, request.organization.currency),
        "plan_kept": [
            (name, value) for name, value in request.GET.items() if name not in PlanForm.base_fields
        ],
        "plan_real_address": page.choice.address(**dict.fromkeys(PlanForm.base_fields)),
        "reachable": customers_can_reach(settings.PUBLIC_URL),
        "public_url": settings.PUBLIC_URL,
        "whole": whole,
        "address": page.choice.address(),
        **(_rest(page) if whole else {}),
    }
    return render(request, "conversions/goal.html", context)


@require_safe
@member()
def more(request: MemberRequest) -> HttpResponseBase:
    """Where it came from, and how it went over time."""
    page = _page(request)
    return render(request, "conversions/_goals_more.html", {"page": page, "main": page.main, **_rest(page)})


def _page(request: MemberRequest) -> GoalsPage:
    choice = Choice(request.organization, request.GET)
    return GoalsPage(choice, timezone.now(), read_model(request), read_grouping(request))


def _rest(page: GoalsPage) -> dict[str, Any]:
    sources = page.sources.rows
    return {
        "sources": sources,
        "sources_total": page.sources.total(sources),
        **_switches(page.choice, page),
    }


def read_model(request: MemberRequest) -> CreditModel:
    named = request.GET.get("model", "")
    return CreditModel(named) if named in CreditModel.values else CreditModel.LAST


def read_grouping(request: MemberRequest) -> str:
    named = request.GET.get("by", "")
    return named if named in GROUPINGS else "platform"


def _switches(choice: Choice, page: GoalsPage) -> dict[str, Any]:
    """Where the table's models and groupings lead."""
    names = {"platform": _("Platform"), "campaign": _("Campaign"), "post": _("Post")}
    return {
        "models": [
            {
                "label": model.label,
                "address": choice.address(model=model, more="yes"),
                "is_current": model == page.model,
            }
            for model in CreditModel
        ],
        "groupings": [
            {
                "label": label,
                "address": choice.address(by=name, more="yes"),
                "is_current": name == page.grouping,
            }
            for name, label in names.items()
        ],
        "grouping_said": names[page.grouping],
    }
