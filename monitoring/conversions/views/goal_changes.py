"""Setting goals, changing them, choosing the main one, ending them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.conversions.goal_forms import FullGoalForm
from monitoring.conversions.models import Goal
from monitoring.conversions.selectors.goals import find_goal, kinds_seen
from monitoring.conversions.services.goals import (
    MOST_GOALS,
    TooManyGoals,
    add_goal,
    change_goal,
    end_goal,
    make_main,
    set_goal,
)
from monitoring.conversions.wording import say_goal


@member(Act.EDIT_GOALS)
def main(request: MemberRequest) -> HttpResponseBase:
    """Set the main goal, or change it."""
    current = find_goal(organization=request.organization)
    form = _form(request, current)
    if not form.is_valid():
        return render_form(request, "conversions/change_goal.html", form, {"goal": current})
    return _done(request, set_goal(organization=request.organization, aim=form.aim()))


@member(Act.EDIT_GOALS)
def new(request: MemberRequest) -> HttpResponseBase:
    """One goal more."""
    form = _form(request, None, may_be_main=find_goal(organization=request.organization) is not None)
    if form.is_valid():
        wants_main = form.cleaned_data.get("is_main", False)
        try:
            goal = add_goal(organization=request.organization, aim=form.aim(), is_main=wants_main)
        except TooManyGoals:
            told = _("You have %(goals)s goals. End one before you set another.") % {"goals": MOST_GOALS}
            form.add_error(None, told)
        else:
            return _done(request, goal)
    return render_form(request, "conversions/change_goal.html", form)


@member(Act.EDIT_GOALS)
def change(request: MemberRequest, goal_id: int) -> HttpResponseBase:
    current = _find(request, goal_id)
    form = _form(request, current)
    if not form.is_valid():
        return render_form(request, "conversions/change_goal.html", form, {"goal": current})
    return _done(request, change_goal(goal=current, aim=form.aim()))


@require_POST
@member(Act.EDIT_GOALS)
def choose_main(request: MemberRequest, goal_id: int) -> HttpResponseBase:
    goal = _find(request, goal_id)
    make_main(goal=goal)
    messages.success(request, _("The overview now shows this goal: %(goal)s.") % {"goal": say_goal(goal)})
    return redirect("conversions:goal", request.organization.slug)


@require_POST
@member(Act.EDIT_GOALS)
def end(request: MemberRequest, goal_id: int) -> HttpResponseBase:
    goal = _find(request, goal_id)
    end_goal(goal=goal)
    messages.success(request, _("Ended: %(goal)s.") % {"goal": say_goal(goal)})
    return redirect("conversions:goal", request.organization.slug)


def _find(request: MemberRequest, goal_id: int) -> Goal:
    goals = Goal.objects.filter(organization=request.organization, ended_at=None)
    return get_object_or_404(goals.select_related("organization"), pk=goal_id)


def _form(request: MemberRequest, goal: Goal | None, *, may_be_main: bool = False) -> FullGoalForm:
    kinds = kinds_seen(organization=request.organization, now=timezone.now())
    return FullGoalForm(
        request.POST or None,
        initial=FullGoalForm.facts_of(goal, request.organization.currency),
        kinds=[*kinds, *([goal.counts] if goal and goal.counts not in kinds else [])],
        may_be_main=may_be_main,
    )


def _done(request: MemberRequest, goal: Goal) -> HttpResponseBase:
    messages.success(request, _("Your goal: %(goal)s.") % {"goal": say_goal(goal)})
    return redirect("conversions:goal", request.organization.slug)
