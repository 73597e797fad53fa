"""Keywords to begin with, guessed from what a business says about itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import regex

from monitoring.analysis.queries import QueryError, parse
from monitoring.listening.models import Brand, BrandKind

_NOT_IN_A_HASHTAG = regex.compile(r"[^\p{L}\p{N}\p{M}_]+")
_SHORTEST_TAG = 3
_LARGE_SITES = ("facebook.com", "instagram.com", "linktr.ee", "etsy.com", "google.com", "x.com", "tiktok.com")


@dataclass(frozen=True)
class Suggestion:
    brand: Brand
    query: str
    reason: str


def suggest_keywords(*, brands: Iterable[Brand], website: str, handles: Iterable[str]) -> list[Suggestion]:
    """One query for each brand's name; for our own also its website and handles. All of them can be read."""
    found = []
    for brand in brands:
        parts = [*_name_and_tag(brand.name)]
        if brand.kind == BrandKind.OWN:
            parts += [*_domain(website), *(f"@{handle.lstrip('@')}" for handle in handles)]
        query = " OR ".join(dict.fromkeys(part for part in parts if _is_readable(part)))
        if query:
            found.append(Suggestion(brand, query, brand.get_kind_display()))
    return found


def name_query(name: str) -> str:
    """The query for a name alone; empty where nothing of it can be searched for."""
    return " OR ".join(part for part in _name_and_tag(name) if _is_readable(part))


def _name_and_tag(name: str) -> Iterable[str]:
    """`"Halden Coffee"` and `#haldencoffee`: a phrase does not match the words written together."""
    words = name.replace('"', " ").split()
    yield f'"{" ".join(words)}"'
    tag = _NOT_IN_A_HASHTAG.sub("", name)
    if len(words) > 1 and len(tag) >= _SHORTEST_TAG:
        yield f"#{tag.lower()}"


def _domain(website: str) -> Iterable[str]:
    """The site's own name, unless it is a page on somebody else's site."""
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    if host and "." in host and not host.endswith(_LARGE_SITES):
        yield f'"{host}"'


def _is_readable(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True
