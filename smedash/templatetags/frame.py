"""`{% load frame %}`: links to other places. Drawn in Python, because every page has some twenty of them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from smedash.navigation import Link
from smedash.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def nav_links(links: Iterable[Link]) -> SafeString:
    return mark_safe("\n".join(map(_link, links)))  # noqa: S308 - each part is escaped


def _link(link: Link) -> str:
    here = ' aria-current="page"' if link.is_current else ""
    return (
        f'<a href="{escape(link.address)}"{here}>{icon(link.place.icon)}{escape(str(link.place.label))}</a>'
    )
