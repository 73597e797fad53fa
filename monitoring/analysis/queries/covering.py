"""What to ask a platform for: simple conjunctions that together cover everything a query can match."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from monitoring.analysis.queries.parsing import Query, finds_something
from monitoring.analysis.queries.tree import (
    And,
    AuthorFilter,
    FollowersFilter,
    LanguageFilter,
    Literal,
    LiteralKind,
    Near,
    Node,
    Not,
    Or,
    PlatformFilter,
    all_of,
    any_of,
    positive_form,
)

MAX_ALTERNATIVES = 32

_Alternative: TypeAlias = frozenset[Node]


@dataclass(frozen=True, kw_only=True)
class Conjunction:
    """All of this must hold. Every post that the query matches satisfies one of its conjunctions.

    Everything is folded, sorted and without repetition; hashtags and handles come without # and @. A connector may
    leave out any part that its platform cannot express, since what comes back is matched exactly here. It must
    leave out an exclusion or a language that the platform takes more broadly than we do (stemming, guessing): that
    would lose posts. At least one of words, phrases, prefixes, hashtags and handles is never empty. A word also
    matches its hashtag, so a platform that keeps hashtags apart must be asked for both.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    excluded_words: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()
    excluded_prefixes: tuple[str, ...] = ()
    excluded_hashtags: tuple[str, ...] = ()
    excluded_handles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # one of these; empty: any
    excluded_languages: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()  # one of these; empty: any
    excluded_platforms: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # all of these, so in practice one
    excluded_authors: tuple[str, ...] = ()
    min_followers: int = 0


def allows_platform(conjunction: Conjunction, slug: str) -> bool:
    """Whether a post on this platform could satisfy the conjunction."""
    if conjunction.platforms and slug not in conjunction.platforms:
        return False
    return slug not in conjunction.excluded_platforms


def alternatives(query: Query) -> tuple[Conjunction, ...]:
    """A cover of the query: at most 32 conjunctions, or as many as its longest lists joined by OR need.

    Where multiplying out would give more, conditions are left out, never alternatives: the cover then asks for
    more than the query matches. Empty if nothing can match (`platform:x -platform:x nike`).
    """
    root = positive_form(query.canonical_root)
    found = _absorbed(_cover(root, MAX_ALTERNATIVES))
    conjunctions = {conjunction for conjunction in map(_conjunction, found) if conjunction is not None}
    return tuple(sorted(conjunctions, key=repr))


def _cover(node: Node, most: int) -> list[_Alternative]:
    if isinstance(node, Or):
        covers = [_cover(child, most) for child in node.children]
        if sum(map(len, covers)) > most > 1:
            covers = [_cover(child, 1) for child in node.children]
        return [alternative for cover in covers for alternative in cover]
    if isinstance(node, And):
        return _product(node, most)
    if isinstance(node, Near):
        return _cover(all_of([any_of(node.left), any_of(node.right)]), most)
    if isinstance(node, Not) and isinstance(node.child, Near):
        return [frozenset()]  # no search can say this
    return [frozenset([node])]


def _product(node: And, most: int) -> list[_Alternative]:
    """Multiply out as far as it goes, beginning with the shortest part that a search can start from."""
    parts = [(not finds_something(child), _cover(child, most)) for child in node.children]
    parts.sort(key=lambda part: (part[0], len(part[1])))
    found = parts[0][1]
    for _unfindable, cover in parts[1:]:
        if len(found) * len(cover) <= max(most, len(found)):
            found = [left | right for left, right in product(found, cover)]
    return found


def _absorbed(found: Iterable[_Alternative]) -> list[_Alternative]:
    """Without those that a less demanding one covers anyway."""
    kept: list[_Alternative] = []
    for alternative in sorted(set(found), key=len):
        if not any(other <= alternative for other in kept):
            kept.append(alternative)
    return kept


def _conjunction(alternative: _Alternative) -> Conjunction | None:
    """None where the parts contradict each other."""
    excluded = [node.child for node in alternative if isinstance(node, Not)]
    if any(node in alternative for node in excluded):
        return None
    wanted = [node for node in alternative if not isinstance(node, Not)]
    refused_languages = {code for node in excluded if isinstance(node, LanguageFilter) for code in node.codes}
    refused_platforms = {slug for node in excluded if isinstance(node, PlatformFilter) for slug in node.slugs}
    languages = _common(
        [node.codes for node in wanted if isinstance(node, LanguageFilter)], refused_languages
    )
    platforms = _common(
        [node.slugs for node in wanted if isinstance(node, PlatformFilter)], refused_platforms
    )
    authors = _handles(wanted)
    if languages == () or platforms == () or len(authors) > 1:
        return None
    return Conjunction(
        words=_texts(wanted, LiteralKind.WORD),
        phrases=_texts(wanted, LiteralKind.PHRASE),
        prefixes=_texts(wanted, LiteralKind.PREFIX),
        hashtags=_texts(wanted, LiteralKind.HASHTAG),
        handles=_texts(wanted, LiteralKind.HANDLE),
        excluded_words=_texts(excluded, LiteralKind.WORD),
        excluded_phrases=_texts(excluded, LiteralKind.PHRASE),
        excluded_prefixes=_texts(excluded, LiteralKind.PREFIX),
        excluded_hashtags=_texts(excluded, LiteralKind.HASHTAG),
        excluded_handles=_texts(excluded, LiteralKind.HANDLE),
        languages=languages or (),
        excluded_languages=() if languages else tuple(sorted(refused_languages)),
        platforms=platforms or (),
        excluded_platforms=() if platforms else tuple(sorted(refused_platforms)),
        authors=authors,
        excluded_authors=_handles(excluded),
        min_followers=max((node.minimum for node in wanted if isinstance(node, FollowersFilter)), default=0),
    )


def _texts(nodes: Iterable[Node], kind: LiteralKind) -> tuple[str, ...]:
    return tuple(sorted({node.text for node in nodes if isinstance(node, Literal) and node.kind is kind}))


def _handles(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(sorted({node.handle for node in nodes if isinstance(node, AuthorFilter)}))


def _common(lists: list[tuple[str, ...]], refused: set[str]) -> tuple[str, ...] | None:
    """What all the lists allow; None if there is no list, so that all is allowed."""
    if not lists:
        return None
    return tuple(sorted(set.intersection(*map(set, lists)) - refused))
