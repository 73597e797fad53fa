"""Mentions that show what a suggestion is about."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from monitoring.listening.keywords.overlooked_words import Suggestion
from monitoring.listening.models import Brand, Mention, SuggestionKind

SHOWN: Final = 2
_LOOKED_AT: Final = 1_000  # of the newest: most suggestions stand in some of them


def examples_of(*, brand: Brand, suggestions: Iterable[Suggestion]) -> dict[Suggestion, list[Mention]]:
    """The newest mentions of the brand with each word, at most two."""
    suggestions = list(suggestions)
    if not suggestions:
        return {}
    newest = Mention.objects.filter(
        organization_id=brand.organization_id, brand=brand, is_counted=True
    ).order_by("-published_at", "-id")
    words = list(newest.values_list("pk", "terms", "hashtags")[:_LOOKED_AT])
    chosen: dict[Suggestion, list[int]] = {}
    for each in suggestions:
        is_hashtag = each.kind == SuggestionKind.HASHTAG
        having = (key for key, terms, hashtags in words if each.word in (hashtags if is_hashtag else terms))
        chosen[each] = list(islice(having, SHOWN))
    wanted = [key for keys in chosen.values() for key in keys]
    found = Mention.objects.defer("search").in_bulk(wanted)
    return {each: [found[key] for key in keys if key in found] for each, keys in chosen.items()}
