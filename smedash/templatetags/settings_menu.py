"""`{% load settings_menu %}`: the navigation within the settings."""

from __future__ import annotations

from django import template
from django.template import RequestContext

from smedash.settings_navigation import SettingsNavigation, link_settings

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_navigation(context: RequestContext) -> SettingsNavigation:
    return link_settings(context["membership"], context["request"].path)
