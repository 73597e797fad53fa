"""The second face of a query: three lists of words and one of filters, as most people think of what they look for.

A query that says more than such lists can (NEAR, three conditions at once, alternatives of several words each) has
text only. Each way of the translation goes through the parser, so both faces always mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitoring.analysis.queries.errors import QueryError
from monitoring.analysis.queries.parsing import Query, parse
from monitoring.analysis.queries.terms import bare_term
from monitoring.analysis.queries.tree import And, Filter, Literal, LiteralKind, Node, Not, Or
from monitoring.analysis.queries.writing import write

_SIGNS = {LiteralKind.HASHTAG: "#{}", LiteralKind.HANDLE: "@{}", LiteralKind.PREFIX: "{}*"}
_QUOTES = re.compile('["\u201c-\u201f\uff02]')
# What bare text would mean something else by: an operator, an exclusion, a filter, a bracket, a second word.
_NEEDS_QUOTES = re.compile(
    r"AND|OR|NOT|NEAR(?:/.*)?|[-\u2212\u2013,;].*|.*[\s()\uff08\uff09].*|.*[,;]", re.DOTALL
)


@dataclass(frozen=True)
class WordLists:
    """A post has one of `any_of`, one of `one_of` if there are any, none of `none_of`, and passes all filters."""

    any_of: tuple[str, ...]
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()


def word_lists(query: Query) -> WordLists | None:
    """The query as lists, as people would type them; None where lists cannot say it."""
    parts = query.root.children if isinstance(query.root, And) else (query.root,)
    filters = [part for part in parts if isinstance(_bare(part), Filter)]
    unwanted = [part.child for part in parts if isinstance(part, Not) and part not in filters]
    groups = [_literals(part) for part in parts if not isinstance(part, Not) and part not in filters]
    excluded = [_literals(part) for part in unwanted]
    if not 1 <= len(groups) <= 2 or not all(groups) or not all(excluded):
        return None
    return WordLists(
        any_of=_typed(groups[0]),
        one_of=_typed(groups[1]) if len(groups) > 1 else (),
        none_of=_typed(literal for literals in excluded for literal in literals),
        filters=tuple(dict.fromkeys(map(write, filters))),
    )


def query_text(lists: WordLists) -> str:
    """The lists as text. Whether it can be understood is for `parse` to say."""
    wanted = [words for words in map(_pieces, (lists.any_of, lists.one_of)) if words]
    excluded, filters = _pieces(lists.none_of), [text.strip() for text in lists.filters if text.strip()]
    is_alone = len(wanted) == 1 and not excluded and not filters
    groups = [
        " OR ".join(words) if is_alone or len(words) == 1 else f"({' OR '.join(words)})" for words in wanted
    ]
    return " ".join([*groups, *(f"-{piece}" for piece in excluded), *filters])


def excluding(query: Query, word: str) -> str:
    """The query's text without posts that contain the word."""
    text = f"({query.text})" if isinstance(query.root, Or) else query.text
    return f"{text} -{_piece(word)}"


def including(query: Query, word: str) -> str:
    """The query's text, satisfied by the word as well: among the words of which any will do, where lists can say it."""
    lists = word_lists(query)
    if lists is None:
        return f"({query.text}) OR {_piece(word)}"
    return query_text(replace(lists, any_of=(*lists.any_of, word)))


def _bare(node: Node) -> Node:
    return node.child if isinstance(node, Not) else node


def _literals(node: Node) -> tuple[Literal, ...]:
    """Empty where the node is more than a literal or several joined by OR."""
    children = node.children if isinstance(node, Or) else (node,)
    literals = tuple(child for child in children if isinstance(child, Literal))
    return literals if len(literals) == len(children) else ()


def _typed(literals: Iterable[Literal]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_token, literals)))


def _token(literal: Literal) -> str:
    """Without quotation marks where it means the same without."""
    plain = _SIGNS.get(literal.kind, "{}").format(literal.text)
    return plain if _reads_as(_piece(plain), literal) else write(literal)


def _reads_as(text: str, literal: Literal) -> bool:
    try:
        return parse(text).root == literal
    except QueryError:
        return False


def _pieces(tokens: Sequence[str]) -> list[str]:
    return [_piece(token) for token in dict.fromkeys(token.strip() for token in tokens) if token]


def _piece(token: str) -> str:
    """The token as it stands in a query's text."""
    token = token.strip()
    if (
        len(token) > 2
        and _QUOTES.match(token)
        and _QUOTES.fullmatch(token[-1])
        and not _QUOTES.search(token[1:-1])
    ):
        return token
    text = _QUOTES.sub(" ", token)
    return (
        f'"{text.strip()}"' if text != token or _NEEDS_QUOTES.fullmatch(token) or _is_filter(token) else token
    )


def _is_filter(token: str) -> bool:
    """In a list of words, what looks like a filter is text to look for: an address, a time of day."""
    if ":" not in token or token[0] in "#@":
        return False
    try:
        return not isinstance(bare_term(token, 0), Literal)
    except QueryError:
        return True
