"""`{% load sorting_out %}`: the tags that a mention may be given."""

from __future__ import annotations

from django import template
from django.template import RequestContext

from monitoring.listening.models import Tag
from monitoring.listening.selectors.naming import list_tags

register = template.Library()


@register.simple_tag(takes_context=True)
def every_tag(context: RequestContext) -> list[Tag]:
    return list_tags(organization=context["organization"])
