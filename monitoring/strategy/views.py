"""The plan on one page, and the steps that follow from it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, member
from accounts.downloads import send_table
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.selectors.goals import find_goal
from monitoring.conversions.wording import say_goal
from monitoring.lib.exporting import read_format
from monitoring.strategy.exporting import export_steps
from monitoring.strategy.forms import PlanForm
from monitoring.strategy.models import Step
from monitoring.strategy.selectors import open_steps, read_answers, taken_steps
from monitoring.strategy.services import dismiss_step, save_plan, take_step
from monitoring.strategy.wording import put_in_words

_ALL = 20


@member(to_change=Act.EDIT_PLAN)
def plan(request: MemberRequest) -> HttpResponseBase:
    """Five questions, and everything that is to be done."""
    organization = request.organization
    form = PlanForm(request.POST or None, initial=PlanForm.showing(read_answers(organization=organization)))
    if form.is_valid():
        save_plan(organization=organization, answers=form.answers(), by=request.user)
        messages.success(request, _("Your plan is saved."))
        return redirect("strategy:plan", organization.slug)
    goal = find_goal(organization=organization)
    steps = open_steps(organization=organization, now=timezone.now(), limit=_ALL)
    context = {
        "goal_said": say_goal(goal) if goal else "",
        "steps": [(step, put_in_words(step)) for step in steps],
        "taken": [(step, put_in_words(step)) for step in taken_steps(organization=organization)],
    }
    return render_form(request, "strategy/plan.html", form, context)


@require_safe
@member()
def export(request: MemberRequest, file_format: str) -> HttpResponseBase:
    """Every step there ever was, with its evidence and its verdict."""
    return send_table(request, export_steps(request.organization), read_format(file_format))


@require_POST
@member(Act.EDIT_PLAN)
def take(request: MemberRequest, step_id: int) -> HttpResponseBase:
    """Go where the step is done, and remember that somebody went."""
    step = get_object_or_404(Step, organization=request.organization, pk=step_id)
    take_step(step=step, by=request.user, now=timezone.now())
    return redirect(put_in_words(step).address)


@require_POST
@member(Act.EDIT_PLAN)
def dismiss(request: MemberRequest, step_id: int) -> HttpResponseBase:
    step = get_object_or_404(Step, organization=request.organization, pk=step_id)
    dismiss_step(step=step, by=request.user, now=timezone.now())
    messages.success(request, _("Put aside. It is not brought up again for two months."))
    return redirect(
        "dashboard:overview" if "overview" in request.POST else "strategy:plan", request.organization.slug
    )
