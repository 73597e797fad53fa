"""The public page: a text to begin with, in the organization's language, and Markdown as safe HTML."""

from __future__ import annotations

from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from accounts.models import Organization
from monitoring.platforms.registry import connector_class

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


def render_text(text: str) -> SafeString:
    """Headings of the text come below that of the page."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
    return SafeString(_READER.renderer.render(tokens, _READER.options, {}))  # HTML in it is off


def suggest_text(*, organization: Organization, platforms: list[str]) -> str:
    """A first version, made of what holds for every organization and the platforms it listens on."""
    names = ", ".join(connector_class(slug).platform.name for slug in platforms) or "–"
    with override(organization.language):
        paragraphs = (
            _(
                "%(name)s reads public posts that name it or its subjects, to learn what people say about it. "
                "This page says what is stored about those who write them."
            ),
            _("## What is stored"),
            _(
                "Posts that match our search words, on these platforms: %(platforms)s. With each post: its text, "
                "its address, when it was written, how many people reacted, and the public name, handle and "
                "number of followers of its author. Nothing is matched across platforms, nothing is bought, "
                "and there are no profiles of persons."
            ),
            _("## Why, and on what ground"),
            _(
                "We want to answer questions, help where something went wrong, and know whether our work reaches "
                "people. That is our legitimate interest (Article 6(1)(f) of the GDPR, where it applies)."
            ),
            _("## How long"),
            _(
                "As long as the post is public and the platform allows. We ask the platforms again and again: "
                "what you delete there is deleted here."
            ),
            _("## Your rights"),
            _(
                "You can ask to see what is stored about you, have it corrected or erased, and object. Use the "
                "form below. Once you are erased, we do not collect your posts again. You may also complain to a "
                "supervisory authority."
            ),
            _("## Who we are"),
            _("%(name)s. Add your address and how to reach you here."),
        )
    facts = {"name": organization.name, "platforms": names}
    return "\n\n".join(paragraph % facts for paragraph in paragraphs)
