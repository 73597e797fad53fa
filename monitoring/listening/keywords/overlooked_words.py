"""Words that a brand's keywords might look for as well: what people say beside it, hashtags, misspellings.

All from counted terms of the last 90 days. A word stands out where the brand's mentions have it more often than those
of the organization's other brands; where there are no others, more often than a word is said at all (1 post in 100).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from monitoring.analysis.matching.compiling import literals_of, wanted_literals
from monitoring.analysis.misspelling import likely_misspellings, misspellings_among
from monitoring.analysis.queries import Query, QueryError, including, parse
from monitoring.analysis.queries.folding import fold
from monitoring.analysis.standing_out import Sample, words_standing_out
from monitoring.lib.periods import Period, last_days
from monitoring.listening.models import (
    Brand,
    DismissedSuggestion,
    KeywordVersion,
    SuggestionKind,
    TermKind,
)
from monitoring.listening.selectors.counts import mentions_by_brand

DAYS: Final = 90
FEWEST_MENTIONS: Final = 5
MOST_OF_A_KIND: Final = 8
STANDS_OUT: Final = 3.0  # thousands of words are compared: few reach this by chance
RARER: Final = 5  # a misspelling is at least so many times rarer than the word
SAID_AT_ALL: Final = 0.01  # the share of posts that a word is in, where nothing is known to compare with
_SHOWN_FIRST: Final = (SuggestionKind.HASHTAG, SuggestionKind.MISSPELLING, SuggestionKind.WORD)
_MOST_TERMS: Final = 50_000
_KEPT_FOR: Final = timedelta(minutes=30)

_TERMS = """
    select kind, term, coalesce(sum(mentions) filter (where brand_id = %(brand)s), 0)::bigint, sum(mentions)::bigint
    from listening_termday
    where brand_id = any(%(brands)s) and kind = any(%(kinds)s) and day between %(first)s and %(last)s
    group by kind, term having sum(mentions) > 0 order by 4 desc limit %(most)s
"""


@dataclass(frozen=True)
class Suggestion:
    """A word as a query writes it, with how many of the brand's mentions have it; `of` is what it misspells.

    `other` is in how many mentions of other brands it is.
    """

    kind: SuggestionKind
    word: str
    mentions: int
    other: int
    of: str = ""

    @property
    def typed(self) -> str:
        return f"#{self.word}" if self.kind == SuggestionKind.HASHTAG else self.word


@dataclass(frozen=True)
class Suggestions:
    found: tuple[Suggestion, ...]
    mentions: int  # of the brand, that were looked at
    has_others: bool
    guesses: tuple[
        str, ...
    ]  # misspellings of its name that nobody was heard to write, for the platforms to say


@dataclass(frozen=True)
class _Terms:
    """How many mentions have each term: the brand's own, and all of the organization's."""

    own: dict[str, dict[str, int]]  # by kind
    all: dict[str, dict[str, int]]
    own_mentions: int
    all_mentions: int


@dataclass(frozen=True)
class _Words:
    """What the brand is called and looked for by, and everything that is looked for, left out or a name anywhere."""

    own: frozenset[str]
    known: frozenset[str]


def suggest_for(*, brand: Brand, brands: Sequence[Brand]) -> Suggestions:
    """`brands` are all of the organization's. What was dismissed is left out."""
    terms, words = _terms(brand, brands), _words(brand, brands)
    dismissed = set(DismissedSuggestion.objects.filter(brand=brand).values_list("kind", "word"))
    found = [
        each
        for each in (*_misspelled(terms, words), *_standing_out(terms, words))
        if (each.kind.value, each.word) not in dismissed
    ]
    # A plain word finds its hashtag too, and a misspelling is told as such.
    told = {each.word for each in found if each.kind != SuggestionKind.WORD}
    kept = [each for each in found if each.kind != SuggestionKind.WORD or each.word not in told]
    shown = [each for kind in _SHOWN_FIRST for each in _of(kind, kept)[:MOST_OF_A_KIND]]
    guesses = (guess for name in fold(brand.name).split() for guess in likely_misspellings(name))
    new = [guess for guess in guesses if guess not in words.known and guess not in terms.all[TermKind.TERM]]
    return Suggestions(tuple(shown), terms.own_mentions, len(brands) > 1, tuple(new[:MOST_OF_A_KIND]))


def widened(*, query: str, suggestion: str) -> str:
    """What a query would be with a suggestion; as it is where it cannot be widened."""
    try:
        text = including(parse(query), suggestion)
        parse(text)
    except QueryError:
        return query
    return text


def phrase_of(suggestion: Suggestion, queries: Iterable[str]) -> str:
    """A misspelled word of a phrase stands in the phrase: "hadlen coffee"."""
    for text in queries:
        for literal in _literals([text], only_wanted=True):
            if suggestion.of and suggestion.of in literal.split() and " " in literal:
                return " ".join(
                    suggestion.word if word == suggestion.of else word for word in literal.split()
                )
    return suggestion.typed


def current_queries(brand: Brand) -> dict[int, str]:
    """By keyword, those that pause last."""
    versions = KeywordVersion.objects.filter(keyword__brand=brand, replaced_at=None)
    ordered = versions.order_by("keyword_id")
    listed = ordered.values_list("keyword_id", "query", "keyword__paused_at")
    return {key: query for key, query, _paused_at in sorted(listed, key=lambda row: row[2] is not None)}


def _of(kind: SuggestionKind, found: Iterable[Suggestion]) -> list[Suggestion]:
    return [each for each in found if each.kind == kind]


def _standing_out(terms: _Terms, words: _Words) -> list[Suggestion]:
    found = []
    for kind, terms_of in ((SuggestionKind.WORD, TermKind.TERM), (SuggestionKind.HASHTAG, TermKind.HASHTAG)):
        own, everywhere = terms.own[terms_of], terms.all[terms_of]
        others = {word: everywhere[word] - count for word, count in own.items()}
        new = Sample(terms.own_mentions, {word: own[word] for word in own if word not in words.known})
        those, background = Sample(terms.all_mentions - terms.own_mentions, others), None
        if not those.posts:
            those = background = Sample(1_000, dict.fromkeys(own, int(1_000 * SAID_AT_ALL)))
        telling = words_standing_out(
            new, those, background=background, fewest=FEWEST_MENTIONS, at_least=STANDS_OUT
        )
        found += [Suggestion(kind, each.word, each.posts, others[each.word]) for each in telling]
    return found


def _misspelled(terms: _Terms, words: _Words) -> list[Suggestion]:
    own, everywhere = terms.own[TermKind.TERM], terms.all[TermKind.TERM]
    met = {word: count for word, count in everywhere.items() if word not in words.known}
    return [
        Suggestion(
            SuggestionKind.MISSPELLING,
            each.word,
            own.get(each.word, 0),
            each.met - own.get(each.word, 0),
            each.of,
        )
        for each in misspellings_among(met, of=words.own)
        if each.met * RARER <= everywhere.get(each.of, 0) or each.of not in everywhere
    ]


def _words(brand: Brand, brands: Iterable[Brand]) -> _Words:
    current = KeywordVersion.objects.filter(
        keyword__organization_id=brand.organization_id, replaced_at=None
    ).values_list("keyword__brand_id", "query")
    queries = list(current)
    phrases = [*_literals(query for _brand, query in queries), *(fold(each.name) for each in brands)]
    wanted = _literals((query for brand_id, query in queries if brand_id == brand.pk), only_wanted=True)
    own = [*wanted, fold(brand.name)]
    return _Words(
        own=frozenset(word for phrase in own for word in phrase.split()),
        known=frozenset(
            form for phrase in phrases for form in (phrase, phrase.replace(" ", ""), *phrase.split())
        ),
    )


def _literals(queries: Iterable[str], *, only_wanted: bool = False) -> list[str]:
    parsed: list[Query] = []
    for text in queries:
        try:
            parsed.append(parse(text))
        except QueryError:  # the language became stricter since this was saved
            continue
    found = wanted_literals if only_wanted else literals_of
    return [literal.text for query in parsed for literal in found(query.canonical_root)]


def _terms(brand: Brand, brands: Sequence[Brand]) -> _Terms:
    place = f"suggestions:{brand.pk}:{len(brands)}"
    known: _Terms | None = cache.get(place)
    if known is None:
        known = _read_terms(brand, brands)
        cache.set(place, known, _KEPT_FOR.total_seconds())
    return known


def _read_terms(brand: Brand, brands: Sequence[Brand]) -> _Terms:
    period = _period(brand)
    kinds = [TermKind.TERM.value, TermKind.HASHTAG.value]
    own: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    everywhere: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    asked: dict[str, Any] = {
        "brand": brand.pk, "brands": [each.pk for each in brands], "kinds": kinds,
        "first": period.first, "last": period.last, "most": _MOST_TERMS,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, asked)
        for kind, term, mine, total in cursor.fetchall():
            everywhere[kind][term] = total
            if mine:
                own[kind][term] = mine
    counted = mentions_by_brand(brands=brands, period=period)
    return _Terms(own, everywhere, counted.get(brand.pk, 0), sum(counted.values()))


def _period(brand: Brand) -> Period:
    return last_days(DAYS, now=timezone.now(), zone=ZoneInfo(brand.organization.time_zone))
