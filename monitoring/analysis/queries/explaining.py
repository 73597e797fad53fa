"""Says in one sentence what a query finds."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from monitoring.analysis.queries.parsing import Query
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
)


def explain(query: Query) -> str:
    """One sentence in the reader's language: "Posts that contain “coffee”, but not “job”; in English."."""
    root = query.root
    parts = root.children if isinstance(root, And) else (root,)
    filters = [part for part in parts if _is_filter(part)]
    excluded = [part.child for part in parts if isinstance(part, Not) and part not in filters]
    wanted = [part for part in parts if part not in filters and not isinstance(part, Not)]
    sentence = _("Posts that contain %(wanted)s") % {"wanted": _all(wanted)}
    if excluded:
        sentence = _("%(sentence)s, but not %(excluded)s") % {
            "sentence": sentence,
            "excluded": _any(excluded),
        }
    for part in filters:
        sentence = _("%(sentence)s; %(filter)s") % {"sentence": sentence, "filter": _describe(part)}
    return _("%(sentence)s.") % {"sentence": sentence}


def _is_filter(node: Node) -> bool:
    return isinstance(node.child if isinstance(node, Not) else node, Filter)


def _describe(node: Node) -> str:
    match node:
        case Literal():
            return _literal(node)
        case Near():
            return _near(node)
        case And():
            return _("(%(parts)s)") % {"parts": _all(node.children)}
        case Or():
            return _("(%(parts)s)") % {"parts": _any(node.children)}
        case Not():
            return (
                _unwanted_filter(node.child)
                if _is_filter(node)
                else _("not %(part)s") % {"part": _describe(node.child)}
            )
        case _:
            return _filter(node)


def _all(nodes: Iterable[Node]) -> str:
    return _(" and ").join(_describe(node) for node in nodes)


def _any(nodes: Iterable[Node]) -> str:
    return _(" or ").join(_describe(node) for node in nodes)


def _literal(literal: Literal) -> str:
    match literal.kind:
        case LiteralKind.PREFIX:
            return _("a word that begins with “%(text)s”") % {"text": literal.text}
        case LiteralKind.HASHTAG:
            return _("the hashtag #%(text)s") % {"text": literal.text}
        case LiteralKind.HANDLE:
            return _("the handle @%(text)s") % {"text": literal.text}
        case _:
            return _("“%(text)s”") % {"text": literal.text}


def _near(near: Near) -> str:
    sentence = ngettext(
        "%(left)s with at most %(count)d word between it and %(right)s",
        "%(left)s with at most %(count)d words between it and %(right)s",
        near.distance,
    )
    return sentence % {"left": _side(near.left), "right": _side(near.right), "count": near.distance}


def _side(side: tuple[Literal, ...]) -> str:
    return _any(side) if len(side) == 1 else _("(%(parts)s)") % {"parts": _any(side)}


def _filter(node: Node) -> str:
    match node:
        case LanguageFilter():
            return _("in %(languages)s") % {"languages": _listed(map(_language, node.codes))}
        case PlatformFilter():
            return _("on %(platforms)s") % {"platforms": _listed(node.slugs)}
        case AuthorFilter():
            return _("by @%(handle)s") % {"handle": node.handle}
        case FollowersFilter():
            return _("by authors with at least %(count)s followers") % {"count": number_format(node.minimum)}
        case _:
            raise TypeError(node)


def _unwanted_filter(node: Node) -> str:
    match node:
        case FollowersFilter():
            text = _("not by authors known to have at least %(count)s followers")
            return text % {"count": number_format(node.minimum)}
        case _:
            return _("not %(part)s") % {"part": _filter(node)}


def _listed(items: Iterable[str]) -> str:
    return _(" or ").join(items)


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
