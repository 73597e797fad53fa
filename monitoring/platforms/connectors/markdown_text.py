"""Markdown of posts to the text a person would read, and the links in it."""

from __future__ import annotations

from markdown_it import MarkdownIt

from monitoring.platforms.html_text import html_to_text, links_in

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def read_markdown(markdown: str) -> tuple[str, tuple[str, ...]]:
    html = _MARKDOWN.render(markdown)
    return html_to_text(html), links_in(html)
