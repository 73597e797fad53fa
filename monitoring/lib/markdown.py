"""Markdown that a member wrote, as safe HTML."""

from __future__ import annotations

from typing import Any, Final

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_ALLOWED: Final = ("https://", "http://", "mailto:")


def _open_link(self: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    tokens[index].attrSet("rel", "noopener nofollow")
    tokens[index].attrSet("class", "link")
    return self.renderToken(tokens, index, options, env)


def _make_reader() -> MarkdownIt:
    """HTML stays text, pictures are none of ours, and links lead to the web or to a mailbox."""
    reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
    reader.validateLink = lambda url: url.lower().startswith(_ALLOWED)  # type: ignore[method-assign]
    reader.add_render_rule("link_open", _open_link)
    return reader


_READER: Final = _make_reader()


def render_markdown(text: str) -> SafeString:
    """Headings of the text come below that of the page."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return SafeString(_READER.renderer.render(tokens, _READER.options, {}))  # HTML in it is off
