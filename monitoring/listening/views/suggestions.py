"""What a brand's keywords might look for as well. Adding goes through the editor, with its rehearsal."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, member
from accounts.permissions import Act
from monitoring.listening.forms import SuggestionForm
from monitoring.listening.keywords.overlooked_words import (
    Suggestion,
    current_queries,
    phrase_of,
    suggest_for,
    widened,
)
from monitoring.listening.models import Brand, DismissedSuggestion, Mention
from monitoring.listening.selectors.suggestions import examples_of
from monitoring.listening.services.suggestions import dismiss_suggestion, restore_suggestions
from monitoring.listening.showing.choosing import Choice


@dataclass(frozen=True)
class Row:
    """A suggestion with its evidence, and where the editor opens with it."""

    suggestion: Suggestion
    examples: list[Mention]
    editor: str


@require_GET
@member()
def suggestions(request: MemberRequest) -> HttpResponse:
    choice = Choice(request.organization, request.GET)
    brand = choice.brand
    if brand is None:
        return render(request, "listening/no_brand.html")
    found = suggest_for(brand=brand, brands=choice.brands)
    examples = examples_of(brand=brand, suggestions=found.found)
    queries = current_queries(brand)
    rows = [
        Row(each, examples.get(each, []), _editor(request, brand, queries, phrase_of(each, queries.values())))
        for each in found.found
    ]
    context = {
        "choice": choice,
        "brand": brand,
        "found": found,
        "rows": rows,
        "dismissed": DismissedSuggestion.objects.filter(brand=brand).count(),
        "guesses": _new_keyword(request, brand, " OR ".join(found.guesses)) if found.guesses else "",
    }
    return render(request, "listening/suggestions.html", context)


@require_POST
@member(Act.EDIT_KEYWORDS)
def dismiss(request: MemberRequest) -> HttpResponse:
    """Without a word everything that was dismissed before may come back."""
    form = SuggestionForm(request.POST, organization=request.organization)
    address = reverse("listening:suggestions", args=[request.organization.slug])
    if not form.is_valid():
        return redirect(address)
    brand = form.cleaned_data["brand"]
    if form.cleaned_data["word"]:
        dismiss_suggestion(
            brand=brand, kind=form.cleaned_data["kind"], word=form.cleaned_data["word"], by=request.user
        )
    else:
        restore_suggestions(brand=brand)
    return redirect(f"{address}?brand={brand.pk}")


def _editor(request: MemberRequest, brand: Brand, queries: dict[int, str], suggestion: str) -> str:
    """The brand's first keyword, widened; a new one where it has none."""
    for keyword_id, query in queries.items():
        address = reverse("listening:keyword", args=[request.organization.slug, keyword_id])
        return f"{address}?{urlencode({'q': widened(query=query, suggestion=suggestion)})}"
    return _new_keyword(request, brand, suggestion)


def _new_keyword(request: MemberRequest, brand: Brand, query: str) -> str:
    address = reverse("listening:new_keyword", args=[request.organization.slug])
    return f"{address}?{urlencode({'brand': brand.pk, 'q': query})}"
