"""The pages of the first minutes."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, PersonRequest, member, signed_in
from accounts.form_pages import render_form
from accounts.forms.organizations import BusinessForm
from accounts.founding import may_found
from accounts.models import SetupStep
from accounts.permissions import Act
from accounts.places import zones_by_currency
from accounts.selectors import list_memberships
from accounts.services.organizations import create_organization
from monitoring.audience.tasks import dispatch_due_profiles
from monitoring.conversions.goal_forms import GoalForm
from monitoring.conversions.selectors.goals import find_goal
from monitoring.conversions.services.goals import set_goal
from monitoring.dashboard.forms import OthersForm, ProfilesForm, SuggestionsForm
from monitoring.dashboard.setting_up import (
    ORDER,
    add_brands,
    add_keywords,
    add_profiles,
    finish_step,
    open_suggestions,
    own_brand,
)
from monitoring.listening.models import BrandKind
from monitoring.listening.tasks import dispatch_due_searches

asks = require_http_methods(["GET", "POST"])


@asks
@signed_in
def start(request: PersonRequest) -> HttpResponse:
    """Name the business, if one may begin another."""
    memberships = list_memberships(user=request.user)
    if not may_found(user=request.user, memberships=memberships):
        return redirect("accounts:home") if memberships else render(request, "accounts/no_business.html")
    begun = {"language": request.user.language or "en", "name": request.GET.get("name", "")[:120]}
    form = BusinessForm(request.POST or None, initial=begun)
    if not form.is_valid():
        return render_form(request, "dashboard/start.html", form, {"zones_by_currency": zones_by_currency()})
    organization = create_organization(owner=request.user, **form.cleaned_data)
    own_brand(organization=organization)
    return redirect("dashboard:resume", organization.slug)


@require_GET
@member()
def resume(request: MemberRequest) -> HttpResponse:
    """The first question that is not answered yet, or the overview."""
    step = SetupStep(request.organization.setup_step)
    if step == SetupStep.DONE:
        own_brand(organization=request.organization)
        return redirect("dashboard:overview", request.organization.slug)
    return redirect(f"dashboard:setup_{step.value}", request.organization.slug)


@require_POST
@member(Act.EDIT_KEYWORDS)
def skip(request: MemberRequest, step: str) -> HttpResponse:
    finish_step(organization=request.organization, step=SetupStep(step))
    return redirect("dashboard:resume", request.organization.slug)


@asks
@member(Act.EDIT_KEYWORDS)
def profiles(request: MemberRequest) -> HttpResponse:
    form = ProfilesForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, SetupStep.PROFILES, "dashboard/setup.html", form)
    add_profiles(organization=request.organization, links=form.cleaned_data["links"])
    dispatch_due_profiles.apply_async(queue="interactive")
    return _go_on(request, SetupStep.PROFILES)


@asks
@member(Act.EDIT_KEYWORDS)
def others(request: MemberRequest) -> HttpResponse:
    form = OthersForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, SetupStep.OTHERS, "dashboard/setup.html", form)
    names: dict[BrandKind, list[str]] = {kind: form.cleaned_data[name] for name, kind in form.KINDS.items()}
    add_brands(organization=request.organization, names=names)
    return _go_on(request, SetupStep.OTHERS)


@asks
@member(Act.EDIT_KEYWORDS)
def keywords(request: MemberRequest) -> HttpResponse:
    suggestions = open_suggestions(organization=request.organization)
    form = SuggestionsForm(request.POST or None, suggestions=suggestions)
    if request.method == "POST" and form.is_valid():
        add_keywords(suggestions=form.cleaned_data["chosen"], by=request.user)
        dispatch_due_searches.apply_async(queue="interactive")
        return _go_on(request, SetupStep.KEYWORDS)
    return _ask(
        request,
        SetupStep.KEYWORDS,
        "dashboard/setup_keywords.html",
        form,
        {"suggestions": suggestions},
    )


@asks
@member(Act.EDIT_GOALS)
def goal(request: MemberRequest) -> HttpResponse:
    active = find_goal(organization=request.organization)
    form = GoalForm(request.POST or None, initial=GoalForm.facts_of(active, request.organization.currency))
    if not form.is_valid():
        return _ask(request, SetupStep.GOAL, "dashboard/setup.html", form)
    set_goal(organization=request.organization, aim=form.aim())
    return _go_on(request, SetupStep.GOAL)


def _ask(
    request: MemberRequest,
    step: SetupStep,
    template: str,
    form: BaseForm,
    context: Mapping[str, object] | None = None,
) -> HttpResponse:
    title, lead = _words(step)
    number = ORDER.index(step) + 2  # naming the business was the first
    skip = reverse("dashboard:skip", args=[request.organization.slug, step.value])
    frame = {"title": title, "lead": lead, "number": number, "all": len(ORDER), "skip": skip}
    return render_form(request, template, form, {**frame, **(context or {})})


def _words(step: SetupStep) -> tuple[str, str]:
    return {
        SetupStep.PROFILES: (
            _("Where can people follow you?"),
            _("We count your followers from now on, and what your posts bring. No password is needed."),
        ),
        SetupStep.OTHERS: (
            _("Who or what else matters to you?"),
            _("We listen for them too, and put them beside you."),
        ),
        SetupStep.KEYWORDS: (
            _("Shall we look for these?"),
            _("You see real posts as we find them. Take out what does not fit; you can change it any time."),
        ),
        SetupStep.GOAL: (
            _("What should social media bring you?"),
            _("One goal is enough. Every chart shows whether you are on pace."),
        ),
    }[step]


def _go_on(request: MemberRequest, step: SetupStep) -> HttpResponse:
    finish_step(organization=request.organization, step=step)
    return redirect("dashboard:resume", request.organization.slug)
