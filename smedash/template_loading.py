"""Templates whose unchanging parts are drawn once for each language, not for each page.

Much of what a template holds is the same for everybody who reads it in that language: words to translate, icons, the
addresses of style sheets. A page of mentions has some five hundred such pieces. They become plain text when a template
is loaded, and neighboring texts become one. What depends on anything else is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.template import Context, Node, NodeList, Origin, Template
from django.template.base import FilterExpression, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

from smedash.templatetags.ui import icon

# Tags of ours that draw the same wherever they are given the same.
_CONSTANT_TAGS: Final = frozenset({icon})
_SILENT: Final = (CommentNode, LoadNode)


class _FoldingLoader(base.Loader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        fold(template)
        return template


class Loader(cached.Loader, _FoldingLoader):
    """Django's own loader that keeps what it has read, but one of each for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"


def fold(template: Template) -> None:
    """Draw what never changes in the language that is active now."""
    context = Context()
    with context.bind_template(template):
        _fold(template.nodelist, context)


def _fold(nodes: NodeList, context: Context) -> None:
    """In place, for others hold on to the list."""
    folded: list[Node] = []
    for node in nodes:
        for inner in _lists_within(node):
            _fold(inner, context)
        text = _text_of(node, context)
        if text is None:
            folded.append(node)
        elif folded and isinstance(folded[-1], TextNode):
            folded[-1] = _text_node(folded[-1].s + text, folded[-1])
        elif text:
            folded.append(_text_node(text, node))
    nodes[:] = folded


def _text_node(text: str, instead_of: Node) -> TextNode:
    """It stands where the other stood, which is what an error would name."""
    node = TextNode(text)
    node.token, node.origin = instead_of.token, instead_of.origin
    return node


def _lists_within(node: Node) -> Iterable[NodeList]:
    if isinstance(node, LanguageNode):
        return []  # it is in another language than the page
    if isinstance(node, IfNode):
        return [nodes for _condition, nodes in node.conditions_nodelists]
    return [getattr(node, name) for name in node.child_nodelists if hasattr(node, name)]


def _text_of(node: Node, context: Context) -> str | None:
    """What it draws on every page; None where that depends on the page."""
    if isinstance(node, _SILENT):
        return ""
    if isinstance(node, TextNode):
        return node.s
    return str(node.render(context)) if _is_constant(node) else None


def _is_constant(node: Node) -> bool:
    match node:
        case TranslateNode():
            return not node.asvar and not node.message_context and _is_literal(node.filter_expression)
        case BlockTranslateNode():
            depends = node.extra_context or node.plural or node.asvar or node.message_context
            return not depends and all(token.token_type == TokenType.TEXT for token in node.singular)
        case StaticNode():
            return not node.varname and _is_literal(node.path)
        case SimpleNode():
            given = [*node.args, *node.kwargs.values()]
            return node.func in _CONSTANT_TAGS and not node.target_var and all(map(_is_literal, given))
        case _:
            return False


def _is_literal(expression: FilterExpression) -> bool:
    """A text or a number in the template itself."""
    variable = expression.var
    return not expression.filters and (not isinstance(variable, Variable) or variable.literal is not None)
