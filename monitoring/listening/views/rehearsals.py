"""A query before it is saved: what it means, in text and in words, and what it would find."""

from __future__ import annotations

from dataclasses import asdict

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import WRONG
from accounts.permissions import Act
from monitoring.analysis.queries import parse
from monitoring.listening.query_faces import MOST_CHARACTERS, read_narrowed, read_query, read_words
from monitoring.listening.rehearsing import plan_rehearsal, read_rehearsal
from monitoring.listening.tasks import rehearse


@require_GET
@member()
def check(request: MemberRequest) -> HttpResponse:
    """What a query means, or what is wrong with it, while somebody types in either of its faces.

    `face=words` sends the lists and gets the text; otherwise the text comes and the lists go back. `without`
    narrows the text by a word.
    """
    sent = request.GET
    text = sent.get("query", "")[:MOST_CHARACTERS]
    is_words = sent.get("face") == "words"
    if is_words:
        lists = {name: sent.getlist(name) for name in ("any_of", "one_of", "none_of", "filters")}
        reading = read_words(**lists)
    elif sent.get("without"):
        reading = read_narrowed(text, without=sent["without"][:100])
    else:
        reading = read_query(text)
    context = {"reading": reading, "is_written": reading.text != text or is_words, "with_words": not is_words}
    return render(request, "listening/_check.html", context)


@require_POST
@member(Act.EDIT_KEYWORDS)
def start_rehearsal(request: MemberRequest) -> HttpResponse:
    """Ask the platforms for live examples. Nothing is stored."""
    reading = read_query(request.POST.get("query", ""))
    if reading.error:
        return render(request, "listening/_check.html", {"reading": reading}, status=WRONG)
    query = parse(reading.text)
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
