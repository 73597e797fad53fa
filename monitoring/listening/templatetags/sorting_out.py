"""`{% load sorting_out %}`: what can be done with a mention, and the tags that it may be given."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from monitoring.listening.models import Tag
from monitoring.listening.selectors.naming import list_tags
from monitoring.listening.selectors.rows import ACTS, MentionRow

register = template.Library()
ADDRESS = "WHERE-IT-IS-SENT"


@register.simple_tag(takes_context=True)
def every_tag(context: RequestContext) -> list[Tag]:
    return list_tags(organization=context["organization"])


@register.simple_tag
def row_acts(row: MentionRow) -> SafeString:
    """The buttons of a row's menu. All rows of a status have the same but for the address: they are drawn once."""
    buttons = _row_acts(row.mention.status, get_language() or "")
    return mark_safe(buttons.replace(ADDRESS, escape(row.changing)))  # noqa: S308 - drawn by our own template


@lru_cache(maxsize=256)
def _row_acts(status: int, _language: str) -> str:
    return render_to_string("listening/_row_acts.html", {"acts": ACTS[status], "changing": ADDRESS}).strip()
