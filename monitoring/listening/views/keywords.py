"""Keywords: what is listened for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.listening.forms import ALSO_STORED, FROM_NOW_ON, KeywordForm
from monitoring.listening.keywords.completing import SIGNS
from monitoring.listening.keywords.query_faces import offered_filters, read_narrowed, read_query
from monitoring.listening.models import Keyword
from monitoring.listening.selectors.keywords import list_keywords
from monitoring.listening.services.keywords import (
    change_keyword,
    create_keyword,
    delete_keyword,
    pause_keyword,
    resume_keyword,
)
from monitoring.listening.views.replays import look_at_the_past


@require_GET
@member()
def keywords(request: MemberRequest) -> HttpResponse:
    found = list_keywords(organization=request.organization)
    return render(request, "listening/keywords.html", {"keywords": found})


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def new_keyword(request: MemberRequest) -> HttpResponse:
    form = KeywordForm(
        request.POST or None,
        organization=request.organization,
        is_new=True,
        initial={"query": _asked_for(request.GET), "brand": request.GET.get("brand")},
    )
    if form.is_valid():
        create_keyword(by=request.user, **form.cleaned_data)
        messages.success(request, _("We are listening. The first mentions usually arrive within a minute."))
        return redirect("listening:keywords", request.organization.slug)
    return _keyword_page(request, form)


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def keyword(request: MemberRequest, keyword_id: int) -> HttpResponse:
    found = _keyword(request, keyword_id)
    current = found.versions.get(replaced_at=None)
    initial = {
        "brand": found.brand_id,
        "query": _asked_for(request.GET, current.query),
        "platforms": found.platforms,
        "past": request.GET.get("past", FROM_NOW_ON),
    }
    form = KeywordForm(request.POST or None, organization=request.organization, initial=initial)
    form.fields["brand"].disabled = True  # its mentions stay with the brand
    if form.is_valid():
        change_keyword(
            keyword=found,
            query=form.cleaned_data["query"],
            by=request.user,
            platforms=form.cleaned_data["platforms"],
        )
        if form.cleaned_data["past"] == ALSO_STORED:
            return look_at_the_past(request, found)
        messages.success(request, _("Saved. What was found before stays."))
        return redirect("listening:keywords", request.organization.slug)
    return _keyword_page(request, form, found)


def _keyword_page(request: MemberRequest, form: KeywordForm, found: Keyword | None = None) -> HttpResponse:
    context = {
        "keyword": found,
        "reading": read_query(str(form["query"].value() or "")),
        "offered_filters": offered_filters(),
        "signs": SIGNS,
    }
    return render_form(request, "listening/keyword.html", form, context)


def _asked_for(sent: QueryDict, current: str = "") -> str:
    """The query in the address, and without JavaScript what it shall leave out."""
    query = sent.get("q", current)
    word = sent.get("without", "")[:100]
    return read_narrowed(query, without=word).text if word else query


@require_POST
@member(Act.EDIT_KEYWORDS)
def change_state(request: MemberRequest, keyword_id: int, act: str) -> HttpResponse:
    found = _keyword(request, keyword_id)
    services = {"pause": pause_keyword, "resume": resume_keyword, "delete": delete_keyword}
    said = {
        "pause": _("Paused. What was found stays."),
        "resume": _("We are listening again."),
        "delete": _("Deleted. What was found stays."),
    }
    services[act](keyword=found)
    messages.success(request, said[act])
    return redirect("listening:keywords", request.organization.slug)


def _keyword(request: MemberRequest, keyword_id: int) -> Keyword:
    return get_object_or_404(
        Keyword.objects.select_related("brand"), organization=request.organization, pk=keyword_id
    )
