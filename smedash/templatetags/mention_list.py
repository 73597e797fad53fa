"""`{% load mention_list %}`: the rows of a list of mentions.

Drawn in Python, because a page has twenty of them and is read often: as a template, these rows were half of what the
page of mentions cost. All that comes from outside goes through `escape`, `highlight` or another tag of `ui`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.permissions import Act
from accounts.permissions import may as role_may
from monitoring.listening.models import MentionStatus
from monitoring.listening.selectors.rows import MentionRow
from monitoring.listening.templatetags.sorting_out import row_acts
from smedash.templatetags.ui import (
    ago,
    avatar,
    highlight,
    icon,
    language_name,
    platform_chip,
    platform_name,
    sentiment,
)

register = template.Library()


@register.simple_tag(takes_context=True)
def mention_list(context: RequestContext, rows: Iterable[MentionRow], selectable: bool = False) -> SafeString:
    """Each row as an <li>. Beside the list stands listening/_judging.html, and where rows can be selected
    (`selectable`) listening/_bulk.html."""
    may_judge = role_may(context["membership"].role, Act.JUDGE_MENTIONS)
    drawing = _Drawing(context["organization"].slug, may_judge=may_judge, selectable=selectable and may_judge)
    return mark_safe("\n".join(map(drawing.row, rows)))  # noqa: S308 - each part is escaped


@dataclass(frozen=True)
class _Drawing:
    """What all rows of a page have in common, said once."""

    slug: str
    may_judge: bool
    selectable: bool

    def row(self, row: MentionRow) -> str:
        mention, author = row.mention, escape(row.author)
        return (
            f'<li class="mention{" aside" if row.is_aside else ""}" id="{row.name}" tabindex="-1">'
            f"{self._picking(row, author)}"
            f'<article aria-label="{author}, {escape(platform_name(mention.platform))}">\n'
            f"{self._head(row, author)}\n{_said(row)}{self._tags(row)}{self._meta(row, author)}\n</article></li>"
        )

    def _picking(self, row: MentionRow, author: str) -> str:
        picture = avatar(row.author)
        if not self.selectable:
            return picture
        label = self._select % {"author": author}
        return (
            f'<span class="m-pick"><input class="check" type="checkbox" form="bulk" name="chosen" '
            f'value="{row.mention.pk}" aria-label="{label}">{picture}</span>'
        )

    def _head(self, row: MentionRow, author: str) -> str:
        mention = row.mention
        handle = f'<span class="muted small hide-sm">{escape(row.handle)}</span>' if row.handle else ""
        return (
            f'<div class="m-head">{platform_chip(mention.platform)}'
            f'<a class="who" href="{row.address}author/">{author}</a>{handle}'
            f"{self._badges(row)}{ago(mention.published_at)}</div>"
        )

    def _badges(self, row: MentionRow) -> str:
        mention, badges = row.mention, ""
        if row.is_aside:
            status = escape(str(MentionStatus(mention.status).label))
            badges += f'<span class="badge">{icon(row.status_icon)}{status}</span>'
        if mention.is_question:
            badges += self._question
        if mention.no_longer_matches:
            badges += self._edited
        return badges

    def _tags(self, row: MentionRow) -> str:
        if not row.tags:
            return ""
        address, sign = f"{self._mentions}?brand={row.mention.brand_id}&amp;tag=", icon("tag", 12)
        tags = (
            f'<li><a class="tag" href="{address}{tag.pk}">{sign}{escape(tag.name)}</a></li>'
            for tag in row.tags
        )
        return f'<ul class="m-tags" aria-label="{self._word_tags}">{"".join(tags)}</ul>\n'

    def _meta(self, row: MentionRow, author: str) -> str:
        return (
            f'<div class="m-meta">{_measured(row)}<div class="acts">{self._way_out(row)}'
            f'<a class="btn btn-ghost btn-sm" href="{row.address}" data-key="o">{self._details}</a>'
            f"{self._menu(row, author) if self.may_judge else ''}</div></div>"
        )

    def _way_out(self, row: MentionRow) -> str:
        link = row.link
        if not link:
            return ""
        return (
            f'<a class="btn btn-ghost btn-sm" href="{escape(link)}" rel="noopener nofollow" target="_blank">'
            f"{self._open}</a>"
        )

    def _menu(self, row: MentionRow, author: str) -> str:
        return (
            f'<details class="menu"><summary class="btn btn-ghost btn-sm btn-icon">{self._ellipsis}'
            f'<span class="sr">{self._more % {"author": author}}</span></summary>'
            f'<div class="menu-panel">{row_acts(row)}'
            f'<a href="{row.address}#sorting">{self._tag_sign}{self._word_tags}</a></div></details>'
        )

    @cached_property
    def _mentions(self) -> str:
        return reverse("listening:mentions", args=[self.slug])

    @cached_property
    def _select(self) -> str:
        return _("Select the mention by %(author)s")

    @cached_property
    def _more(self) -> str:
        return _("More for the mention by %(author)s")

    @cached_property
    def _question(self) -> str:
        return f'<span class="badge">{icon("circle-question-mark")}{escape(_("Question"))}</span>'

    @cached_property
    def _edited(self) -> str:
        return f'<span class="badge warn">{escape(_("Edited, no longer matches"))}</span>'

    @cached_property
    def _open(self) -> str:
        sign, word, where = icon("external-link"), _("Open"), _("on the platform, in a new tab")
        return f'{sign}<span class="hide-sm">{escape(word)}</span><span class="sr">{escape(where)}</span>'

    @cached_property
    def _details(self) -> str:
        return escape(_("Details"))

    @cached_property
    def _word_tags(self) -> str:
        return escape(_("Tags"))

    @cached_property
    def _ellipsis(self) -> str:
        return icon("ellipsis")

    @cached_property
    def _tag_sign(self) -> str:
        return icon("tag")


def _said(row: MentionRow) -> str:
    mention = row.mention
    text = f'<p class="m-text" dir="auto">{highlight(mention.text, row.text_spans)}</p>\n'
    if not mention.title:
        return text
    return f'<p class="strong m-title">{highlight(mention.title, row.title_spans)}</p>\n{text}'


def _measured(row: MentionRow) -> str:
    mention, followers, reactions = row.mention, row.followers, row.reactions
    return (
        f"{sentiment(mention.tone, row.is_corrected)}<span>{escape(language_name(mention.language))}</span>"
        + (f'<span class="hide-sm">{escape(followers)}</span>' if followers else "")
        + (f"<span>{escape(reactions)}</span>" if reactions else "")
    )
