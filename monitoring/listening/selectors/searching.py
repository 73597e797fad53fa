"""What is typed into the search box, as conditions of the database. docs/finding.md tells how to search.

The query language of keywords, but less strict: exclusions may stand alone, and what uses none of the language's
signs is a list of words, whatever else it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import assert_never

import regex
from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, F, Func, Q

from monitoring.analysis.queries import Query, QueryError, parse_search
from monitoring.analysis.queries.tree import (
    And,
    AuthorFilter,
    Filter,
    FollowersFilter,
    LanguageFilter,
    Literal,
    LiteralKind,
    Near,
    Node,
    Not,
    Or,
    PlatformFilter,
    positive_form,
)
from monitoring.analysis.words import UNSPACED, WORD_CHARACTER, search_phrase, search_query

USES_THE_LANGUAGE = regex.compile(r'[()（）"“”„«»]|(?<!\S)(?:AND|OR|NOT|NEAR)\b|(?<!\S)-?[a-z_]+:(?!/)\S')
ENDS_IN_TWO_LETTERS = regex.compile(rf"(?V1)(?:[[{UNSPACED}]&&[{WORD_CHARACTER}]]\p{{M}}*+){{2}}$")
NOTHING = Q(pk__in=())


class OurWords(SearchQuery):
    """A literal of our own words, as it is: to_tsquery would tear "#coffee" apart, and find coffee without its sign."""

    template = "%(expressions)s::tsquery"


class HoldsWords(Func):
    """What the operator @@ does, by a name that no index knows."""

    function = "ts_match_vq"
    output_field = BooleanField()


def search_error(typed: str) -> QueryError | None:
    """What is wrong with a search, and at which character."""
    understood = _understood(typed)
    return understood if isinstance(understood, QueryError) else None


def search_conditions(typed: str) -> list[Q]:
    """All of these must hold. A search that cannot be understood finds nothing."""
    if not typed.strip():
        return []
    understood = _understood(typed)
    if isinstance(understood, QueryError):
        return [NOTHING]
    if understood is None:
        literal = search_query(typed)
        return [contains_words(literal)] if literal else [NOTHING]
    root = positive_form(understood.root)
    literal, covering = _literal(root), _covering(root)
    if literal and not _is_far_fetched(root):
        return [contains_words(literal)]
    return [*([contains_words(covering)] if covering else []), _condition(root, by_index=not covering)]


def as_query(typed: str) -> str:
    """What was typed, so that more may be asked beside it: plain words lose the signs that a query cannot read."""
    if _understood(typed) is not None:
        return typed
    return " ".join(filter(None, map(_readable, typed.split())))


def _readable(word: str) -> str:
    for written in (word, f'"{word}"'):
        try:
            parse_search(written)
        except QueryError:
            continue
        return written
    return ""


def covering_words(typed: str) -> str:
    """A tsquery that every hit satisfies and that an index can answer; empty where there is none."""
    understood = _understood(typed) if typed.strip() else None
    if isinstance(understood, QueryError):
        return ""
    return _covering(positive_form(understood.root)) if understood else search_query(typed)


def _understood(typed: str) -> Query | QueryError | None:
    """None where it is plain words."""
    try:
        return parse_search(typed)
    except QueryError as error:
        return error if USES_THE_LANGUAGE.search(typed) else None


def contains_words(literal: str) -> Q:
    """`literal` is a tsquery; the empty one finds nothing."""
    return Q(search=OurWords(literal, search_type="raw"))


def _holds_words(literal: str) -> Q:
    """As `contains_words`, of rows that are at hand: said so that no index is asked."""
    return Q(HoldsWords(F("search"), OurWords(literal, search_type="raw")))


def _is_far_fetched(node: Node) -> bool:
    """Whether it holds a NEAR: of every row that has the words an index would be asked for each distance."""
    match node:
        case Near():
            return True
        case And() | Or():
            return any(map(_is_far_fetched, node.children))
        case Not():
            return _is_far_fetched(node.child)
        case _:
            return False


def _literal(node: Node) -> str:
    """The same as a tsquery; empty where a tsquery cannot say it."""
    match node:
        case Literal():
            return _phrase(node)
        case Near():
            return _nearness(node)
        case Not():
            inner = _literal(node.child)
            return f"!({inner})" if inner else ""
        case And() | Or():
            parts = _once(map(_literal, node.children))
            sign = " & " if isinstance(node, And) else " | "
            return f"({sign.join(parts)})" if all(parts) else ""
        case _:
            return ""


def _covering(node: Node) -> str:
    """A tsquery without exclusions that holds wherever the node does; empty where there is none."""
    match node:
        case Literal():
            return _phrase(node)
        case Near():
            return _covering(And((Or(node.left), Or(node.right))))
        case And():
            parts = [covering for covering in _once(map(_covering, node.children)) if covering]
            return f"({' & '.join(parts)})" if parts else ""
        case Or():
            parts = _once(map(_covering, node.children))
            return f"({' | '.join(parts)})" if all(parts) else ""
        case _:
            return ""


def _once(parts: Iterable[str]) -> list[str]:
    """Each part once: a word that is typed a hundred times is looked up once."""
    return list(dict.fromkeys(parts))


def _phrase(literal: Literal) -> str:
    sign = {LiteralKind.HASHTAG: "#", LiteralKind.HANDLE: "@"}.get(literal.kind, "")
    return search_phrase(sign + literal.text, is_beginning=literal.kind is LiteralKind.PREFIX)


def _nearness(near: Near) -> str:
    """Either side first, at every distance that is near enough."""
    if not all(map(_phrase, near.left + near.right)):
        return ""
    pairs = [*product(near.left, near.right), *product(near.right, near.left)]
    return " | ".join(
        f"({_phrase(first)} <{_hidden(first) + distance}> {_phrase(second)})"
        for first, second in pairs
        for distance in range(1, near.distance + 2)
    ).join("()")


def _hidden(literal: Literal) -> int:
    """Of a script without spaces the last two letters are one word, which stands where the first of them does."""
    return 1 if ENDS_IN_TWO_LETTERS.search(literal.text) else 0


def _condition(node: Node, *, by_index: bool) -> Q:
    if literal := _literal(node):
        return contains_words(literal) if by_index else _holds_words(literal)
    match node:
        case And() | Or():
            parts = (_condition(child, by_index=by_index) for child in node.children)
            return reduce(and_ if isinstance(node, And) else or_, parts)
        case Not():
            return ~_condition(node.child, by_index=by_index)
        case Literal():  # signs that are no words, such as emoji
            return Q(text__contains=node.text) | Q(title__contains=node.text)
        case Near():
            return _condition(And((Or(node.left), Or(node.right))), by_index=by_index)
        case _:
            return _filter(node)


def _filter(node: Filter) -> Q:
    match node:
        case LanguageFilter():
            return reduce(or_, (Q(language=code) | Q(language__startswith=f"{code}-") for code in node.codes))
        case PlatformFilter():
            return Q(platform__in=node.slugs)
        case AuthorFilter():
            return Q(author_handle__iexact=node.handle) | Q(author_handle__iexact=f"@{node.handle}")
        case FollowersFilter():
            return Q(author_followers__gte=node.minimum)
        case _:
            assert_never(node)
