"""A simple search: everything in it must hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from monitoring.analysis.queries.tree import (
    AuthorFilter,
    FollowersFilter,
    LanguageFilter,
    Literal,
    LiteralKind,
    Node,
    Not,
    PlatformFilter,
)

Alternative: TypeAlias = frozenset[Node]  # literals and filters, each wanted or, in a Not, excluded


@dataclass(frozen=True, kw_only=True)
class Conjunction:
    """All of this must hold. Every post that the query matches satisfies one of its conjunctions.

    Everything is folded, sorted and without repetition; hashtags and handles come without # and @.
    A connector may leave out any part that its platform cannot express, since what comes back is matched
    exactly here. It must leave out an exclusion or a language that the platform takes more broadly than
    we do (stemming, guessing): that would lose posts. At least one of words, phrases, prefixes, hashtags
    and handles is never empty. A word also matches its hashtag, so a platform that keeps hashtags apart
    must be asked for both.
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


def conjunction_of(alternative: Alternative) -> Conjunction | None:
    """None where the parts contradict each other, so that no post can satisfy them."""
    excluded = [node.child for node in alternative if isinstance(node, Not)]
    wanted = [node for node in alternative if not isinstance(node, Not)]
    languages = _choice(_codes(wanted), _codes(excluded))
    platforms = _choice(_slugs(wanted), _slugs(excluded))
    authors = _authors(wanted)
    if languages is None or platforms is None or len(authors) > 1 or not alternative.isdisjoint(excluded):
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
        languages=languages.allowed,
        excluded_languages=languages.refused,
        platforms=platforms.allowed,
        excluded_platforms=platforms.refused,
        authors=authors,
        excluded_authors=_authors(excluded),
        min_followers=max((node.minimum for node in wanted if isinstance(node, FollowersFilter)), default=0),
    )


@dataclass(frozen=True)
class _Choice:
    allowed: tuple[str, ...]  # empty: any
    refused: tuple[str, ...]


def _choice(allowed: list[set[str]], refused: list[set[str]]) -> _Choice | None:
    """What several filters leave; None if nothing."""
    taken_out = set[str]().union(*refused)
    if not allowed:
        return _Choice((), tuple(sorted(taken_out)))
    left = set.intersection(*allowed) - taken_out
    return _Choice(tuple(sorted(left)), ()) if left else None


def _codes(nodes: Iterable[Node]) -> list[set[str]]:
    return [set(node.codes) for node in nodes if isinstance(node, LanguageFilter)]


def _slugs(nodes: Iterable[Node]) -> list[set[str]]:
    return [set(node.slugs) for node in nodes if isinstance(node, PlatformFilter)]


def _texts(nodes: Iterable[Node], kind: LiteralKind) -> tuple[str, ...]:
    return tuple(sorted({node.text for node in nodes if isinstance(node, Literal) and node.kind is kind}))


def _authors(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(sorted({node.handle for node in nodes if isinstance(node, AuthorFilter)}))
