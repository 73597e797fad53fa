"""What somebody who types a query may mean to write next: operators, fields and their values, handles, known words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.analysis.language import LANGUAGE_OF_SCRIPT, LANGUAGES_OF_SCRIPT
from monitoring.lib.periods import last_days
from monitoring.listening.models import Brand, TermKind, TrackedProfile
from monitoring.listening.selectors.counts import top_terms
from monitoring.platforms.registry import platforms
from monitoring.platforms.types import Capability

MOST_OFFERED: Final = 8
KNOWN_WORDS: Final = 300
_DAYS: Final = 90
_KEPT_FOR: Final = timedelta(minutes=10)
_FEWEST_LETTERS: Final = 2  # of a word, before words are offered
# What is being typed: all after the last blank, bracket or exclusion. Not within quotation marks.
_TYPED = re.compile(r"(?:^|[\s()（）])[-−–]?([^\s()（）\"“”„＂-][^\s()（）\"“”„＂]*)$")
_QUOTES = re.compile('["“”„＂]')

_OPERATORS: Final = (
    ("OR", _("either of them")),
    ("AND", _("both of them")),
    ("NOT", _("without it")),
    ("NEAR/5", _("at most five words between them")),
)
_FIELDS: Final = (
    ("lang:", _("in a language")),
    ("platform:", _("on a platform")),
    ("from:@", _("by an author")),
    ("min_followers:", _("by authors with so many followers")),
)
SIGNS: Final = (*_OPERATORS, *_FIELDS)  # what there is, for who cannot be offered it while typing
_FOLLOWERS: Final = ("100", "1k", "10k", "100k")
Text = str | Promise


@dataclass(frozen=True)
class Option:
    """What would be written, and what it is: in words, a language by its code, or in how many mentions it stands."""

    text: str
    meaning: Text = ""
    language: str = ""
    mentions: int = 0


@dataclass(frozen=True)
class Completions:
    """The options, and which part of the text they would take the place of."""

    start: int
    end: int
    options: tuple[Option, ...]


def complete(text: str, at: int, *, brand: Brand | None) -> Completions:
    """What may stand at a place of the text, the likeliest first."""
    before = text[: max(at, 0)]
    typed = _TYPED.search(before)
    if typed is None or len(_QUOTES.findall(before)) % 2:
        return Completions(at, at, ())
    start = typed.start(1)
    found = (option for option in _options(typed[1], brand) if option.text != typed[1])
    unique = {option.text: option for option in found}
    return Completions(start, start + len(typed[1]), tuple(unique.values())[:MOST_OFFERED])


def frequent_words(brand: Brand) -> list[tuple[str, int]]:
    """Words and hashtags of the brand's mentions in 90 days, and in how many they are; the commonest first."""
    place = f"frequent-words:{brand.pk}"
    known: list[tuple[str, int]] | None = cache.get(place)
    if known is None:
        known = sorted(_counted(brand), key=lambda counted: (-counted[1], counted[0]))
        cache.set(place, known, _KEPT_FOR.total_seconds())
    return known


def offered_languages() -> list[str]:
    """The codes of languages that are told apart."""
    several = (code for codes in LANGUAGES_OF_SCRIPT.values() for code in codes)
    return sorted(code for code in {*LANGUAGE_OF_SCRIPT.values(), *several} if code.isalpha())


def _options(typed: str, brand: Brand | None) -> Iterator[Option]:
    field, colon, value = typed.lower().partition(":")
    if colon:
        yield from _values(field, value, brand)
    elif typed.startswith("@"):
        yield from (Option(f"@{handle}", _("your profile")) for handle in _handles(brand, typed[1:]))
    elif typed not in dict(_OPERATORS):
        yield from (Option(name, meaning) for name, meaning in _OPERATORS if name.startswith(typed))
        yield from (Option(name, meaning) for name, meaning in _FIELDS if name.startswith(typed.lower()))
        if len(typed) >= _FEWEST_LETTERS and brand:
            yield from _words(typed.casefold(), frequent_words(brand))


def _values(field: str, value: str, brand: Brand | None) -> Iterator[Option]:
    """A field may list several values with commas: the last of them is being typed."""
    done, comma, last = value.rpartition(",")
    begun = f"{field}:{done}{comma}"
    if field == "lang":
        codes = (code for code in offered_languages() if code.startswith(last))
        yield from (Option(begun + code, language=code) for code in codes)
    elif field == "platform":
        searched = (item for item in platforms() if Capability.SEARCH_POSTS in item.capabilities)
        yield from (Option(begun + item.slug, item.name) for item in searched if item.slug.startswith(last))
    elif field == "from":
        names = _handles(brand, value.removeprefix("@"))
        yield from (Option(f"from:@{handle}", _("your profile")) for handle in names)
    elif field == "min_followers":
        yield from (Option(f"{field}:{number}") for number in _FOLLOWERS if number.startswith(value))


def _handles(brand: Brand | None, begun: str) -> list[str]:
    if brand is None:
        return []
    known = TrackedProfile.objects.filter(
        organization_id=brand.organization_id, handle__istartswith=begun.replace("\0", "")
    )
    ordered = known.order_by("brand__kind", "handle").values_list("handle", flat=True)
    return list(dict.fromkeys(handle.lstrip("@") for handle in ordered if " " not in handle))[:MOST_OFFERED]


def _words(begun: str, known: Iterable[tuple[str, int]]) -> Iterator[Option]:
    for word, mentions in known:
        if word.startswith(begun):
            yield Option(word, mentions=mentions)


def _counted(brand: Brand) -> Iterator[tuple[str, int]]:
    period = last_days(_DAYS, now=timezone.now(), zone=ZoneInfo(brand.organization.time_zone))
    for kind, sign in ((TermKind.HASHTAG, "#"), (TermKind.TERM, "")):
        for share in top_terms(kind=kind, brand=brand, period=period, limit=KNOWN_WORDS):
            yield f"{sign}{share.name}", share.mentions
