"""Keywords: what is listened for, tried out before it is saved."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import WRONG, render_form
from accounts.permissions import Act
from monitoring.analysis.queries import QueryError, explain, parse
from monitoring.listening.forms import KeywordForm
from monitoring.listening.models import Keyword, KeywordVersion
from monitoring.listening.rehearsing import plan_rehearsal, read_rehearsal
from monitoring.listening.services.keywords import (
    change_keyword,
    create_keyword,
    delete_keyword,
    pause_keyword,
    resume_keyword,
)
from monitoring.listening.tasks import rehearse


@require_GET
@member()
def keywords(request: MemberRequest) -> HttpResponse:
    current = KeywordVersion.objects.filter(replaced_at=None)
    found = (
        Keyword.objects.filter(organization=request.organization)
        .select_related("brand")
        .prefetch_related(Prefetch("versions", queryset=current, to_attr="current"))
        .annotate(sources=Count("subscriptions"))
        .order_by("brand__kind", "brand__name", "pk")
    )
    return render(request, "listening/keywords.html", {"keywords": found})


@require_http_methods(["GET", "POST"])
@member(to_change=Act.EDIT_KEYWORDS)
def new_keyword(request: MemberRequest) -> HttpResponse:
    form = KeywordForm(
        request.POST or None, organization=request.organization, initial={"query": request.GET.get("q", "")}
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
    initial = {"brand": found.brand_id, "query": current.query, "platforms": found.platforms}
    form = KeywordForm(request.POST or None, organization=request.organization, initial=initial)
    form.fields["brand"].disabled = True  # its mentions stay with the brand
    if form.is_valid():
        change_keyword(
            keyword=found,
            query=form.cleaned_data["query"],
            by=request.user,
            platforms=form.cleaned_data["platforms"],
        )
        messages.success(request, _("Saved. What was found before stays."))
        return redirect("listening:keywords", request.organization.slug)
    return _keyword_page(request, form, found)


def _keyword_page(request: MemberRequest, form: KeywordForm, found: Keyword | None = None) -> HttpResponse:
    return render_form(request, "listening/keyword.html", form, {"keyword": found})


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


@require_GET
@member()
def check(request: MemberRequest) -> HttpResponse:
    """What a query means, or what is wrong with it, while somebody types."""
    text = request.GET.get("query", "")[:2000]
    try:
        return render(request, "listening/_check.html", {"explanation": explain(parse(text)), "text": text})
    except QueryError as error:
        return render(request, "listening/_check.html", _pointed_at(text, error))


def _pointed_at(text: str, error: QueryError) -> dict[str, str]:
    """What is wrong, and the character where."""
    position = error.position
    return {
        "error": error.message,
        "before": text[:position],
        "at": text[position : position + 1],
        "after": text[position + 1 :],
    }


@require_POST
@member(Act.EDIT_KEYWORDS)
def start_rehearsal(request: MemberRequest) -> HttpResponse:
    """Ask the platforms for live examples. Nothing is stored."""
    text = request.POST.get("query", "")[:2000]
    try:
        query = parse(text)
    except QueryError as error:
        return render(request, "listening/_check.html", _pointed_at(text, error), status=WRONG)
    rehearsal, begun = plan_rehearsal(organization=request.organization, query=query)
    for needs in begun:
        rehearse.delay(rehearsal.key, query.text, [asdict(need) for need in needs])
    return render(request, "listening/_rehearsal.html", {"rehearsal": rehearsal})


@require_GET
@member()
def rehearsal(request: MemberRequest, key: str) -> HttpResponse:
    found = read_rehearsal(organization=request.organization, key=key)
    if found is None:
        raise Http404
    return render(request, "listening/_rehearsal.html", {"rehearsal": found})


def _keyword(request: MemberRequest, keyword_id: int) -> Keyword:
    return get_object_or_404(
        Keyword.objects.select_related("brand"), organization=request.organization, pk=keyword_id
    )
