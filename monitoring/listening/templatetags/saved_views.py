"""`{% load saved_views %}`: the tabs above the mentions."""

from __future__ import annotations

from django import template
from django.template import RequestContext

from monitoring.listening.selectors.saved_views import ViewTabs, list_tabs

register = template.Library()


@register.simple_tag(takes_context=True)
def view_tabs(context: RequestContext) -> ViewTabs:
    """Those of the page's `choice`, without counts: these come after the page, which is there without waiting."""
    return list_tabs(choice=context["choice"], membership=context["membership"])
