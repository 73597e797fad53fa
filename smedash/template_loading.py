"""Templates whose unchanging parts are drawn once for each language, not for each page.

Much of what a template holds is the same for everybody who reads it in that language: words to translate, icons, the
addresses of style sheets. A page of mentions has some five hundred such pieces. They become plain text when a template
is loaded, and neighboring texts become one. A part with a template of its own stands where it is included, instead of
being looked for on every page, and an address that was found once is kept. What depends on anything else is left as it
is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.template import Context, Node, NodeList, Origin, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, CycleNode, IfChangedNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from smedash.templatetags.ui import icon

# Tags of ours that draw the same wherever they are given the same.
_CONSTANT_TAGS: Final = frozenset({icon})
_SILENT: Final = (CommentNode, LoadNode)
# What remembers something while its template is drawn, or is told apart by its name in it.
_NEED_A_TEMPLATE: Final = (BlockNode, CycleNode, ExtendsNode, IfChangedNode)
# The templates that are being folded now, each included by the one before: one that includes itself has no end.
_folding: ContextVar[tuple[str, ...]] = ContextVar("folding", default=())


class _FoldingLoader(base.Loader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        fold(template)
        return template


class Loader(cached.Loader, _FoldingLoader):
    """Django's own loader that keeps what it has read, but one of each for each language."""

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"


class _Included(Node):
    """A part that is known already: what a page would look for each time."""

    child_nodelists = ()  # they are folded, and no block is among them

    def __init__(self, nodes: NodeList, given: Mapping[str, FilterExpression]) -> None:
        self.nodes, self.given = nodes, given

    def render(self, context: Context) -> str:
        with context.push(**{name: value.resolve(context) for name, value in self.given.items()}):
            return self.nodes.render(context)


class _Address(Node):
    """One of our pages, for the same things the same."""

    child_nodelists = ()

    def __init__(self, name: FilterExpression, arguments: Sequence[FilterExpression]) -> None:
        self.name, self.arguments = name.var, arguments

    def render(self, context: Context) -> str:
        given = [argument.resolve(context) for argument in self.arguments]
        addresses = get_urlconf() or settings.ROOT_URLCONF
        found = _find_address(addresses, get_script_prefix(), self.name, *given)
        return conditional_escape(found) if context.autoescape else found


@lru_cache(maxsize=10_000, typed=True)
def _find_address(addresses: str, _prefix: str, name: str, *arguments: object) -> str:
    return reverse(name, urlconf=addresses, args=arguments)


def fold(template: Template) -> None:
    """Draw what never changes in the language that is active now."""
    context = Context()
    with context.bind_template(template), _while_folding(template.name):
        _fold(template.nodelist, context)


@contextmanager
def _while_folding(name: str | None) -> Iterator[None]:
    token = _folding.set((*_folding.get(), name or ""))
    try:
        yield
    finally:
        _folding.reset(token)


def _fold(nodes: NodeList, context: Context) -> None:
    """In place, for others hold on to the list."""
    folded: list[Node] = []
    for node in (_shortcut(node, context) for node in nodes):
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


def _shortcut(node: Node, context: Context) -> Node:
    """Another one that draws the same with less ado, or the same one."""
    shorter: Node | None = None
    if isinstance(node, IncludeNode) and not node.isolated_context and _is_literal(node.template):
        nodes = _nodes_of(node.template.var, context)
        shorter = None if nodes is None else _Included(nodes, node.extra_context)
    elif isinstance(node, URLNode) and not (node.kwargs or node.asvar) and _is_literal(node.view_name):
        shorter = _Address(node.view_name, node.args)
    if shorter is None:
        return node
    shorter.token, shorter.origin = node.token, node.origin
    return shorter


def _nodes_of(name: str, context: Context) -> NodeList | None:
    """Of another template; None where it must stay one, as where an error is to be shown with its lines."""
    engine = context.template.engine if context.template else None
    if engine is None or engine.debug or name.startswith(".") or name in _folding.get():
        return None
    try:
        template = engine.get_template(name)
    except TemplateDoesNotExist:
        return None  # the page that gets there says so
    nodes = template.nodelist
    return None if any(map(nodes.get_nodes_by_type, _NEED_A_TEMPLATE)) else nodes


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
    if isinstance(node, _Included) and all(isinstance(inner, TextNode) for inner in node.nodes):
        return node.nodes.render(context)
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
