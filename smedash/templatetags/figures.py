"""Every figure explains itself: what it means, of which time, out of what, and how fresh. `{% load figures %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from monitoring.dashboard.definitions import DEFINITIONS
from monitoring.dashboard.explaining import Explaining
from smedash.templatetags.ui import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def explain(context: dict[str, Any], name: str, sample: str = "", address: str = "") -> SafeString:
    """A question mark that opens the definition. It is a <details>: it needs no JavaScript.

    `sample`: how many there are; `address`: the rows behind it. The page gives `explaining`: its time and freshness.
    """
    definition = DEFINITIONS[name]
    explaining: Explaining = context["explaining"]
    rows = format_html('<a href="{}">{}</a>', address, _("See these rows")) if address else ""
    return format_html(
        '<details class="menu explain"><summary>{}<span class="sr">{}</span></summary><div class="menu-panel">'
        "<p>{}</p><dl><dt>{}</dt><dd>{}</dd><dt>{}</dt><dd>{}{}</dd><dt>{}</dt><dd>{}</dd></dl>{}</div></details>",
        icon("circle-question-mark", 14),
        _("What “%(figure)s” means") % {"figure": definition.name},
        definition.what,
        _("Time"),
        explaining.window,
        _("Out of"),
        format_html("{}. ", sample) if sample else "",
        definition.sample,
        _("Fresh"),
        explaining.freshness[definition.fresh],
        rows,
    )
