"""Saved views: make one, its page, its name, place and sharing, and the counts on the tabs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act, may
from monitoring.alerts.forms import AlertForm, NameForm, NewViewForm
from monitoring.alerts.mails.choosing import choose_rhythm
from monitoring.alerts.sharing import begin_sharing, end_sharing, remove_view
from monitoring.alerts.views.page import find_view, go_to_page, render_page
from monitoring.listening.selectors.naming import queries_of_brand
from monitoring.listening.selectors.saved_views import address_of, canonical_query, list_tabs
from monitoring.listening.selectors.tab_counts import count_tabs
from monitoring.listening.services.saved_views import (
    ViewRefused,
    move_view,
    rename_view,
    save_view,
)
from monitoring.listening.showing.active_filters import active_filters
from monitoring.listening.showing.choosing import Choice

_PLACES = {"earlier": -1, "later": 1}


@require_GET
@member()
def counts(request: MemberRequest) -> HttpResponse:
    """The tabs with their counts, for the page that showed them without."""
    choice = Choice(request.organization, request.GET)
    if choice.brand is None:
        return HttpResponse(status=204)
    tabs = count_tabs(list_tabs(choice=choice, membership=request.membership))
    context = {"choice": choice, "shown_tabs": tabs}
    return render(request, "listening/_view_tabs.html", context)


@require_http_methods(["GET", "POST"])
@member()
def new_view(request: MemberRequest) -> HttpResponseBase:
    """Keep what the address holds under a name."""
    choice = Choice(request.organization, request.GET)
    may_share = may(request.membership.role, Act.JUDGE_MENTIONS)
    form = NewViewForm(request.POST or None, may_share=may_share)
    if choice.brand is None:
        return render(request, "listening/no_brand.html")
    if form.is_valid():
        try:
            view = save_view(
                membership=request.membership,
                brand=choice.brand,
                query=canonical_query(request.GET),
                **form.cleaned_data,
            )
        except ViewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("“%(name)s” is a tab from now on.") % {"name": view.name})
            return redirect(_mentions(request) + address_of(view))
    context = {
        "choice": choice,
        "brand": choice.brand,
        "filters": active_filters(choice, queries_of_brand(brand=choice.brand)),
        "back": _mentions(request) + choice.address(),
    }
    return render_form(request, "alerts/new_view.html", form, context)


@require_GET
@member()
def view(request: MemberRequest, view_id: int) -> HttpResponseBase:
    return render_page(request, find_view(request, view_id))


@require_POST
@member()
def rename(request: MemberRequest, view_id: int) -> HttpResponseBase:
    found, form = find_view(request, view_id), NameForm(request.POST)
    if form.is_valid():
        try:
            rename_view(view=found, name=form.cleaned_data["name"], by=request.membership)
        except ViewRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The view is called “%(name)s” now.") % {"name": found.name})
            return go_to_page(request, found)
    return render_page(request, find_view(request, view_id), name_form=form)


@require_POST
@member()
def move(request: MemberRequest, view_id: int, place: str) -> HttpResponseBase:
    found = find_view(request, view_id)
    try:
        move_view(view=found, by=request.membership, places=_PLACES[place])
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
    return go_to_page(request, found)


@require_POST
@member(Act.JUDGE_MENTIONS)
def share(request: MemberRequest, view_id: int) -> HttpResponseBase:
    found = find_view(request, view_id)
    try:
        begin_sharing(view=found, by=request.membership, now=timezone.now())
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your team sees this view now."))
    return go_to_page(request, found)


@require_POST
@member(Act.JUDGE_MENTIONS)
def unshare(request: MemberRequest, view_id: int) -> HttpResponseBase:
    found = find_view(request, view_id)
    try:
        end_sharing(view=found, by=request.membership)
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("This view is yours alone again."))
    return go_to_page(request, found)


@require_POST
@member()
def delete(request: MemberRequest, view_id: int) -> HttpResponseBase:
    found = find_view(request, view_id)
    try:
        remove_view(view=found, by=request.membership)
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
        return go_to_page(request, found)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": found.name})
    return redirect("listening:mentions", request.organization.slug)


@require_POST
@member()
def alert(request: MemberRequest, view_id: int) -> HttpResponseBase:
    """The reader's own mails about a view."""
    found, form = find_view(request, view_id), AlertForm(request.POST)
    if not form.is_valid():
        return render_page(request, found, alert_form=form)
    rhythm = form.chosen
    request.membership.user = request.user
    choose_rhythm(view=found, membership=request.membership, rhythm=rhythm, now=timezone.now())
    said = _("You get mails: %(rhythm)s.") % {"rhythm": rhythm.label} if rhythm else _("You get no mails.")
    messages.success(request, said)
    return go_to_page(request, found)


def _mentions(request: MemberRequest) -> str:
    return reverse("listening:mentions", args=[request.organization.slug])
