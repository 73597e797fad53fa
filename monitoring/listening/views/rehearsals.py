"""A query before it is saved: what it means, in text and in words, and what it would find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.form_pages import WRONG
from accounts.permissions import Act
from monitoring.analysis.queries import parse
from monitoring.listening.forms import RehearsedForm
from monitoring.listening.keywords.completing import complete
from monitoring.listening.keywords.looking_back import look_back
from monitoring.listening.keywords.query_faces import MOST_CHARACTERS, read_narrowed, read_query, read_words
from monitoring.listening.models import Brand, Keyword
from monitoring.listening.rehearsing.asking import Rehearsal, plan_rehearsal, read_rehearsal
from monitoring.listening.rehearsing.estimates import estimate
from monitoring.listening.rehearsing.noise import examples_to_judge, measure_noise, strange_words
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
        context["completions"] = complete(text, int(sent["at"][:6]), brand=_whose(request, sent).brand)
    return render(request, "listening/_check.html", context)


@require_POST
@member(Act.EDIT_KEYWORDS)
def start_rehearsal(request: MemberRequest) -> HttpResponse:
    """Ask the platforms for live examples. Nothing is stored. Without JavaScript the answers have a page."""
    reading = read_query(request.POST.get("query", ""))
    if reading.error:
        template = "listening/_check.html" if request.htmx else "listening/rehearsal.html"
        return render(request, template, {"reading": reading, "query_text": reading.text}, status=WRONG)
    query = parse(reading.text)
    rehearsal, begun = plan_rehearsal(organization=request.organization, query=query)
    for needs in begun:
        rehearse.delay(rehearsal.key, query.text, [asdict(need) for need in needs])
    whose = _whose(request, request.POST)
    if request.htmx:
        return _answers(request, rehearsal, whose, with_past=True)
    address = reverse("listening:rehearsal", args=[request.organization.slug, rehearsal.key])
    return redirect(f"{address}?{urlencode(whose.named)}")


@require_GET
@member()
def rehearsal(request: MemberRequest, key: str) -> HttpResponse:
    whose = _whose(request, request.GET)
    return _answers(request, _rehearsal(request, key), whose, with_past=not request.htmx)


@require_POST
@member(Act.EDIT_KEYWORDS)
def judge_rehearsal(request: MemberRequest, key: str) -> HttpResponse:
    """How much noise a query brings, by what a person says of examples. Their answers are not stored."""
    found, said = _rehearsal(request, key), request.POST.dict()
    noise = measure_noise(found, query=parse(found.query_text), said=said)
    if request.htmx:
        return render(request, "listening/_noise.html", {"noise": noise, "exclusions": noise.exclusions})
    judged = {"noise": noise, "exclusions": noise.exclusions, "said": said}
    return _answers(request, found, _whose(request, request.POST), judged)


@dataclass(frozen=True)
class _Whose:
    """For which brand a keyword is tried, and which one is edited, if that is known."""

    brand: Brand | None = None
    keyword: Keyword | None = None

    @property
    def named(self) -> dict[str, int]:
        parts = (("brand", self.brand), ("keyword", self.keyword))
        return {name: part.pk for name, part in parts if part}


def _whose(request: MemberRequest, sent: QueryDict) -> _Whose:
    form = RehearsedForm(sent, organization=request.organization)
    return _Whose(form.cleaned_data["brand"], form.cleaned_data["keyword"]) if form.is_valid() else _Whose()


def _answers(
    request: MemberRequest,
    found: Rehearsal,
    whose: _Whose,
    judged: Mapping[str, object] | None = None,
    *,
    with_past: bool = False,
) -> HttpResponse:
    """The answers so far; once all are there, and it is known whose keyword it is, what they tell."""
    query, brand = parse(found.query_text), whose.brand
    context: dict[str, object] = {
        "rehearsal": found,
        "query_text": found.query_text,
        "brand": brand,
        "keyword": whose.keyword,
    }
    if brand and with_past:
        context["past"] = look_back(brand=brand, query=query, keyword=whose.keyword)
    if brand and found.is_complete:
        strange = strange_words(found, query=query, brand=brand)
        now, words = timezone.now(), [exclusion.word for exclusion in strange]
        context |= {
            "estimate": estimate(found, organization=request.organization, query=query, now=now),
            "exclusions": strange,
            "shown": examples_to_judge(found, words, said=request.POST),
        }
    template = "listening/_rehearsal.html" if request.htmx else "listening/rehearsal.html"
    return render(request, template, context | dict(judged or {}))


def _rehearsal(request: MemberRequest, key: str) -> Rehearsal:
    found = read_rehearsal(organization=request.organization, key=key)
    if found is None:
        raise Http404
    return found
