"""A select box for hundreds of choices, drawn once: Django would render a template for each of them each time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

Options = tuple[tuple[str, str], ...]
Choices = tuple[tuple[str, str | Options], ...]


class LongSelect(forms.Select):
    """Looks and behaves as forms.Select."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: object = None
    ) -> SafeString:
        options = _draw_choices(_freeze(self.choices))
        for chosen in self.format_value(value):
            opening = format_html('<option value="{}"', chosen)
            options = options.replace(f"{opening}>", f"{opening} selected>", 1)
        attributes = flatatt(self.build_attrs(self.attrs, dict(attrs or {})))
        return format_html('<select name="{}"{}>{}</select>', name, attributes, mark_safe(options))  # noqa: S308 - escaped below


def _freeze(choices: Any) -> Choices:
    """Choices as text in the reader's language, so that they can be remembered."""
    return tuple((str(key), _freeze_label(label)) for key, label in choices)


def _freeze_label(label: Any) -> str | Options:
    if isinstance(label, (list, tuple)):
        return tuple((str(value), str(name)) for value, name in label)
    return str(label)


@lru_cache(maxsize=16)
def _draw_choices(choices: Choices) -> str:
    return "".join(
        format_html('<option value="{}">{}</option>', key, label)
        if isinstance(label, str)
        else format_html('<optgroup label="{}">{}</optgroup>', key, _draw_options(label))
        for key, label in choices
    )


def _draw_options(options: Options) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', options)
