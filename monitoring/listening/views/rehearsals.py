"""A query before it is saved: what it means, in text and in words, and what it would find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import WRONG
from accounts.permissions import Act
from monitoring.analysis.queries import parse
from monitoring.listening.completing import complete
from monitoring.listening.forms import RehearsedForm
from monitoring.listening.looking_back import look_back
from monitoring.listening.models import Brand
from monitoring.listening.query_faces import MOST_CHARACTERS, read_narrowed, read_query, read_words
from monitoring.listening.rehearsal_estimates import estimate
from monitoring.listening.rehearsal_noise import examples_to_judge, measure_noise, strange_words
from monitoring.listening.rehearsing import Rehearsal, plan_rehearsal, read_rehearsal
from monitoring.listening.tasks import rehearse


@require_GET
@member()
def check(request: MemberRequest) -> HttpResponse:
    """What a query means, or what is wrong with it, while somebody types in either of its faces.

    `face=words` sends the lists and gets the text; otherwise the text comes and the lists go back. `without`
    narrows the text by a word. `at` is where somebody types: what may stand there comes along.
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
    context: dict[str, object] = {
        "reading": reading,
        "is_written": reading.text != text or is_words,
        "with_words": not is_words,
    }
    if sent.get("at", "").isdecimal():
        context["completions"] = complete(text, int(sent["at"][:6]), brand=_brand(request))
    return render(request, "listening/_check.html", context)


def _brand(request: MemberRequest) -> Brand | None:
    """Whose keyword it is, if that is known."""
    whose = RehearsedForm(request.GET, organization=request.organization)
    return whose.cleaned_data["brand"] if whose.is_valid() else None


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
    whose = RehearsedForm(request.POST, organization=request.organization)
    if not whose.is_valid():
        return _answers(request, rehearsal, None)
    brand, keyword = whose.cleaned_data["brand"], whose.cleaned_data["keyword"]
    past = look_back(brand=brand, query=query, keyword=keyword)
    return _answers(request, rehearsal, brand, {"past": past, "keyword": keyword})


@require_GET
@member()
def rehearsal(request: MemberRequest, key: str) -> HttpResponse:
    return _answers(request, _rehearsal(request, key), _brand(request))


@require_POST
@member(Act.EDIT_KEYWORDS)
def judge_rehearsal(request: MemberRequest, key: str) -> HttpResponse:
    """How much noise a query brings, by what a person says of examples. Their answers are not stored."""
    found = _rehearsal(request, key)
    noise = measure_noise(found, query=parse(found.query_text), said=request.POST.dict())
    return render(request, "listening/_noise.html", {"noise": noise, "exclusions": noise.exclusions})


def _answers(
    request: MemberRequest, found: Rehearsal, brand: Brand | None, more: Mapping[str, object] | None = None
) -> HttpResponse:
    """The answers so far; once all are there, and it is known whose keyword it is, what they tell."""
    context: dict[str, object] = {"rehearsal": found, "brand": brand, **(more or {})}
    if brand and found.is_complete:
        query = parse(found.query_text)
        strange = strange_words(found, query=query, brand=brand)
        now = timezone.now()
        context |= {
            "estimate": estimate(found, organization=request.organization, query=query, now=now),
            "exclusions": strange,
            "shown": examples_to_judge(found, [exclusion.word for exclusion in strange]),
        }
    return render(request, "listening/_rehearsal.html", context)


def _rehearsal(request: MemberRequest, key: str) -> Rehearsal:
    found = read_rehearsal(organization=request.organization, key=key)
    if found is None:
        raise Http404
    return found
