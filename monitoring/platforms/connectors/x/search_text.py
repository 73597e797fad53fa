"""A query in X's search language. Every post costs money, so the search says as much of the query as X can."""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitoring.analysis.queries import Conjunction, Query
from monitoring.platforms.connectors.native_search import allowed_alternatives, fitting, quoted

LONGEST = 512
_NO_REPOSTS = " -is:retweet"
_BARE = re.compile(r"[a-z0-9]+")
_OPERATORS = frozenset({"and", "or", "not"})
_HANDLE = re.compile(r"[a-z0-9_]{1,15}")
_X_NAMES = {"id": "in", "he": "iw"}  # X writes these languages by their old codes


def search_texts(query: Query, slug: str) -> tuple[str, ...]:
    """The whole query if it fits into one search, otherwise its alternatives in as few searches as they fit."""
    found = sorted({text for text in map(_alternative, allowed_alternatives(query, slug)) if text})
    return tuple(_with_reposts_excluded(group) for group in _groups(found))


def _groups(texts: Iterable[str]) -> Iterable[list[str]]:
    group: list[str] = []
    for text in texts:
        if group and len(_with_reposts_excluded([*group, text])) > LONGEST:
            yield group
            group = []
        group.append(text)
    if group:
        yield group


def _with_reposts_excluded(group: list[str]) -> str:
    if len(group) == 1:
        return group[0] + _NO_REPOSTS
    return f"({' OR '.join(f'({text})' for text in group)}){_NO_REPOSTS}"


def _alternative(item: Conjunction) -> str:
    """Empty if X cannot look for it: it knows no prefixes, and no author whose name could not be one of X's."""
    wanted = [
        *map(_term, item.words),
        *map(quoted, item.phrases),
        *(f"#{tag}" for tag in item.hashtags),
        *(_handle(handle) for handle in item.handles),
    ]
    if not wanted or not all(map(_HANDLE.fullmatch, item.authors)):
        return ""
    wanted += [f"from:{author}" for author in item.authors]
    if item.languages:
        wanted.append(_any([f"lang:{_X_NAMES.get(code, code)}" for code in item.languages]))
    found = fitting([*wanted, *_exclusions(item)], longest=LONGEST - len(_NO_REPOSTS))
    return "" if found.startswith("-") else found


def _exclusions(item: Conjunction) -> list[str]:
    """X folds accents away, so `-cafe` would also hide what says café: only words that no accent changes."""
    return [
        *(f"-{_term(word)}" for word in item.excluded_words if word.isascii()),
        *(f"-{quoted(phrase)}" for phrase in item.excluded_phrases if phrase.isascii()),
        *(f"-#{tag}" for tag in item.excluded_hashtags if tag.isascii()),
        *(f"-from:{author}" for author in item.excluded_authors if _HANDLE.fullmatch(author)),
        *(f"-lang:{_X_NAMES.get(code, code)}" for code in item.excluded_languages),
    ]


def _term(word: str) -> str:
    return word if _BARE.fullmatch(word) and word not in _OPERATORS else quoted(word)


def _handle(handle: str) -> str:
    return f"@{handle}" if _HANDLE.fullmatch(handle) else quoted(handle)


def _any(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({' OR '.join(texts)})"
