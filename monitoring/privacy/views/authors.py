"""Authors: find what is stored about one, hand it out, erase it, and answer what they asked for."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.downloads import record_download
from accounts.form_pages import render_form
from accounts.permissions import Act
from monitoring.listening.models import Mention
from monitoring.privacy.author_requests import close_request, list_requests
from monitoring.privacy.authors import Author, author_of, export_about, find_author, stored_about
from monitoring.privacy.erasing import begin_erasure
from monitoring.privacy.forms import AuthorForm
from monitoring.privacy.models import AuthorRequest, Erasure
from monitoring.privacy.tasks import erase_author, tell_author

_LATEST = 10
_REQUESTS = 50


@require_GET
@member(Act.GUARD_PRIVACY)
def authors(request: MemberRequest) -> HttpResponseBase:
    """What authors asked for, whom to look for, and who was erased."""
    form = AuthorForm(request.GET if "handle" in request.GET else None)
    if form.is_valid():
        author = _find(request, form)
        if not author.is_vague:
            return _show(request, author)
        form.add_error("handle", _("There are many servers. Type the whole handle, as in name@server."))
    context = {
        "requests": list_requests(organization=request.organization)[:_REQUESTS],
        "erasures": Erasure.objects.filter(organization=request.organization).order_by("-pk")[:_LATEST],
    }
    return render_form(request, "privacy/authors.html", form, context)


@require_GET
@member(Act.GUARD_PRIVACY)
def by_mention(request: MemberRequest, mention_id: int) -> HttpResponseBase:
    """The author of a mention."""
    mentions = Mention.objects.filter(organization=request.organization, deleted_at=None)
    return _show(request, author_of(get_object_or_404(mentions, pk=mention_id)), mention_id=mention_id)


@require_GET
@member(Act.GUARD_PRIVACY)
def asked(request: MemberRequest, request_id: int) -> HttpResponseBase:
    """What one author asked for, and what is stored about them."""
    found = get_object_or_404(_requests(request), pk=request_id)
    author = find_author(organization=request.organization, platform=found.platform, handle=found.handle)
    return _show(request, author, found)


@require_POST
@member(Act.GUARD_PRIVACY)
def erase(request: MemberRequest) -> HttpResponseBase:
    """Begin to erase. The page that is shown tells how far it is."""
    author = _chosen(request)
    if author is None:
        return redirect("privacy:authors", request.organization.slug)
    with transaction.atomic():
        erasure = begin_erasure(organization=request.organization, author=author, by=request.user)
        found = _request_of(request)
        if found is not None:
            close_request(request=found, outcome=AuthorRequest.Outcome.ERASED, by=request.user)
    erase_author.delay(erasure.pk)
    if found is not None:
        tell_author.delay(found.pk)
    return redirect("privacy:erasure", request.organization.slug, erasure.pk)


@require_GET
@never_cache
@member(Act.GUARD_PRIVACY)
def erasure(request: MemberRequest, erasure_id: int) -> HttpResponseBase:
    found = get_object_or_404(Erasure, organization=request.organization, pk=erasure_id)
    template = "privacy/_erasure_progress.html" if request.htmx else "privacy/erasure.html"
    return render(request, template, {"erasure": found})


@require_GET
@never_cache
@member(Act.GUARD_PRIVACY)
def hand_out(request: MemberRequest) -> HttpResponseBase:
    """What is stored about an author, to send to them."""
    form = AuthorForm(request.GET)
    if not form.is_valid():
        return redirect("privacy:authors", request.organization.slug)
    author = _find(request, form)
    record_download(request, name=author.hint, file_format="json")
    facts = export_about(organization=request.organization, author=author)
    response = JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="author.json"'
    return response


@require_POST
@member(Act.GUARD_PRIVACY)
def close(request: MemberRequest, request_id: int) -> HttpResponseBase:
    """Say what came of a request."""
    found = get_object_or_404(_requests(request), pk=request_id)
    refused = request.POST.get("outcome") == AuthorRequest.Outcome.REFUSED
    outcome = AuthorRequest.Outcome.REFUSED if refused else AuthorRequest.Outcome.ANSWERED
    close_request(request=found, outcome=outcome, by=request.user)
    messages.success(request, _("Noted. The request is forgotten in 90 days."))
    return redirect("privacy:authors", request.organization.slug)


def _show(
    request: MemberRequest,
    author: Author,
    found: AuthorRequest | None = None,
    mention_id: int | None = None,
) -> HttpResponseBase:
    stored = stored_about(organization=request.organization, author=author)
    context = {"stored": stored, "author": author, "asked": found, "mention_id": mention_id}
    return render(request, "privacy/author.html", context)


def _find(request: MemberRequest, form: AuthorForm) -> Author:
    return find_author(organization=request.organization, **form.cleaned_data)


def _chosen(request: MemberRequest) -> Author | None:
    """By the mention it was chosen from, which knows the id; else by handle."""
    mention_id = request.POST.get("mention", "")
    if mention_id.isdecimal() and len(mention_id) < 19:
        mentions = Mention.objects.filter(organization=request.organization, deleted_at=None)
        return author_of(get_object_or_404(mentions, pk=int(mention_id)))
    form = AuthorForm(request.POST)
    author = _find(request, form) if form.is_valid() else None
    return None if author is None or author.is_vague else author


def _request_of(request: MemberRequest) -> AuthorRequest | None:
    number = request.POST.get("request", "")
    if not (number.isdecimal() and len(number) < 19):
        return None
    return _requests(request).filter(pk=int(number)).first()


def _requests(request: MemberRequest) -> QuerySet[AuthorRequest]:
    return list_requests(organization=request.organization).select_related("organization")
