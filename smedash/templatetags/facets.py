"""`{% load facets %}`: what mentions can be filtered by, as boxes of a form and as lines that lead to a part.

Drawn in Python like the rows of mentions: a page has a hundred of these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from monitoring.lib.figures import format_number
from monitoring.listening.showing.rail import FacetLine
from smedash.templatetags.ui import language_name, platform_name

register = template.Library()


@register.simple_tag
def check_boxes(name: str, options: Iterable[tuple[object, str]], chosen: Collection[object]) -> SafeString:
    """A labeled box for each value; `chosen` are the values of those that are checked."""
    begin = f'<label><input class="check" type="checkbox" name="{escape(name)}" value="'
    drawn = (
        f'{begin}{escape(str(value))}"{" checked" if value in chosen else ""}>{escape(str(label))}</label>'
        for value, label in options
    )
    return mark_safe("".join(drawn))  # noqa: S308 - each part is escaped


@register.filter
def named_languages(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in codes]


@register.simple_tag
def facet_lines(lines: Iterable[FacetLine]) -> SafeString:
    """Each as an <li>: a link to those it counts, and their number."""
    off = f'<span class="sr"> {escape(_("is on: take it off"))}</span>'
    return mark_safe("".join(_line(line, off) for line in lines))  # noqa: S308 - each part is escaped


def _line(line: FacetLine, off: str) -> str:
    here, note = (' aria-current="true"', off) if line.is_on else ("", "")
    return (
        f'<li><a href="{escape(line.address)}"{here}>{escape(_label(line))}{note}</a>'
        f"<b>{escape(format_number(line.mentions))}</b></li>"
    )


def _label(line: FacetLine) -> str:
    names = {"platform": platform_name, "language": language_name}
    return names[line.parameter](line.value) if line.parameter in names else line.label
