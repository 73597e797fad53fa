"""`{% load past_periods %}`: the closed periods of a goal, drawn in Python: a page has a dozen for each."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from monitoring.conversions.goals_page.cards import PeriodInWords
from smedash.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def past_periods(past: Iterable[PeriodInWords]) -> SafeString:
    """Each as an <li>, with what it comes to by now where that is something else."""
    reached, missed = (
        f"<b>{icon(mark)}{escape(said)}</b>"
        for mark, said in (("check", _("Reached")), ("minus", _("Missed")))
    )
    since = escape(_("Refunds and late entries since it was closed"))
    drawn = (
        f'<li class="{"reached" if each.was_reached else "missed"}"><span class="muted xs">{escape(each.name)}</span>'
        f'{reached if each.was_reached else missed}<span class="small num">{escape(each.figures)}</span>'
        + (f'<span class="xs soft" title="{since}">{escape(each.now)}</span></li>' if each.now else "</li>")
        for each in past
    )
    return mark_safe("\n".join(drawn))  # noqa: S308 - each part is escaped
